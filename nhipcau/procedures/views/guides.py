"""Find a guide in everyday words or in the list; read what it is about."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe

from nhipcau.catalogue import queries as catalogue
from nhipcau.core.documents import qr_svg
from nhipcau.core.doors import public
from nhipcau.procedures import guide as engine
from nhipcau.procedures import queries
from nhipcau.procedures.forms import in_language
from nhipcau.procedures.views.frame import KIOSK, namespace_of, show
from nhipcau.procedures.views.visit import open_address, read_visit

LONGEST_QUERY = 400
SHOWN, RECORDS_SHOWN = 6, 5


@public
def search_page(request: HttpRequest) -> HttpResponse:
    """All guides by life event; with `q`, those that fit the words, or an honest "none"."""
    query = request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST_QUERY]
    procedures = list(queries.library())
    hits = queries.find(query, limit=SHOWN + RECORDS_SHOWN) if query else []
    by_slug = {procedure.slug: procedure for procedure in procedures}
    found = [by_slug[hit.slug] for hit in hits if hit.slug in by_slug][:SHOWN]
    context = {
        "query": query,
        "found": found,
        "records": [hit for hit in hits if hit.kind == "record"][:RECORDS_SHOWN],
        "groups": [] if found else queries.by_life_event(procedures),
    }
    return show(request, "procedures/search.html", context)


@public
def guide_page(request: HttpRequest, name: str) -> HttpResponse:
    """What the procedure gives, its steps, and the way to the questions."""
    in_kiosk = namespace_of(request) == KIOSK
    try:
        visit = read_visit(request, name)
    except Http404:
        if not in_kiosk and catalogue.has_record(name):
            return redirect("catalogue:record", name)
        raise
    if name != visit.procedure.slug:
        return redirect(visit.url("guide"))
    version = visit.guide.versions[0]
    context = {
        "procedure": visit.procedure,
        "version": visit.version,
        "questions": len(engine.questions(visit.guide, {}, on=visit.on)),
        "start_url": visit.url("questions", visit.place),
        "list_url": visit.url("checklist", visit.place),
        "steps": [in_language(step) for step in version.steps],
        "warnings": [in_language(warning) for warning in version.warnings],
        "recordings": queries.recordings_of(visit.procedure),
        "see_also": queries.procedures_named(visit.procedure.see_also),
        "has_record": not in_kiosk and catalogue.has_record(visit.procedure.code),
        "replaced_code": name if name != visit.procedure.slug else "",
    }
    if visit.namespace == KIOSK:
        # Drawn by our own code from an address of ours.
        context["qr"] = mark_safe(qr_svg(open_address("guide", visit)))  # noqa: S308
    return show(request, "procedures/guide.html", context)
