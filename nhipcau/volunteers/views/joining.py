"""Asking to join, without an account: choose the commune, say who you are, see how far it is."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.core import clock, limits
from nhipcau.core.doors import public, unlisted
from nhipcau.core.errors import UnableTo
from nhipcau.places.models import Unit
from nhipcau.places.queries import communes_named, unit
from nhipcau.volunteers import queries, services
from nhipcau.volunteers.enums import ApplicationState
from nhipcau.volunteers.forms import ApplyForm

TRIES: Final = "volunteers.join"
MOST: Final = 10
SECONDS: Final = 3600


@public
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """First the commune, then the form."""
    code = request.GET.get("commune", "")
    commune = unit(code) if code else None
    if commune is None or commune.is_province:
        return _choose(request)
    province = commune.parent_id or ""
    form = ApplyForm(request.POST or None, offered=queries.offered({province}), province=province)
    if request.method != "POST" or not form.is_valid():
        return _form(request, commune, form, status=422 if form.errors else 200)
    now = clock.now()
    if not limits.take_try(TRIES, request, most=MOST, seconds=SECONDS, now=now):
        form.add_error(None, _("Too many requests came from here. Wait an hour, or come to the centre."))
        return _form(request, commune, form, status=429)
    values = {key: value for key, value in form.cleaned_data.items() if key != "agreed"}
    try:
        made = services.send_application(
            now=now, commune=commune.code, preferred_language=get_language() or "vi", **values
        )
    except UnableTo as error:
        form.add_error(None, str(error))
        return _form(request, commune, form, status=422)
    return redirect(f"{reverse('volunteers:application_state', args=[made.token])}?sent")


def _choose(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:80]
    found = communes_named(text, language=get_language() or "vi")
    return render(request, "volunteers/join_where.html", {"text": text, "found": found})


def _form(request: HttpRequest, commune: Unit, form: ApplyForm, *, status: int) -> HttpResponse:
    return render(request, "volunteers/join.html", {"form": form, "commune": commune}, status=status)


@public
@unlisted
@require_safe
def application_state(request: HttpRequest, token: str) -> HttpResponse:
    """How far the request is, for whoever holds the link. No name, no number."""
    found = queries.application_by_token(token)
    if found is None:
        raise Http404
    context = {
        "application": found,
        "states": ApplicationState,
        "sent": "sent" in request.GET,
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "volunteers/application_state.html", context)
