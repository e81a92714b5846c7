"""Between our guides and the records of the national catalogue: each leads to the other."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from nhipcau.catalogue.models import Record
from nhipcau.core import clock
from nhipcau.procedures import queries


def record_panel(request: HttpRequest, record: Record) -> str:
    """On the page of a national record: the way to our guide, or the plain word that there is none."""
    try:
        procedure = queries.get_procedure(record.code)
        queries.version_on(procedure, clock.local_date(clock.now()))
    except queries.UnableToFindProcedure:
        procedure = None
    return render_to_string("procedures/record_panel.html", {"procedure": procedure}, request)
