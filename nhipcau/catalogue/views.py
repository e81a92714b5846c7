"""The page of one procedure as the national catalogue describes it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from nhipcau.catalogue import queries
from nhipcau.core.doors import public


@public
def record_page(request: HttpRequest, code: str) -> HttpResponse:
    """What the catalogue said, when, how far that may be relied on, and the way to the official page."""
    try:
        said = queries.what_was_said(code)
    except queries.UnableToFindRecord as error:
        raise Http404(str(error)) from error
    return render(request, "catalogue/record.html", {"record": said.record, "said": said})
