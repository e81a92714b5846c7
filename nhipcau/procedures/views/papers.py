"""The check before setting out: tick what you have; ready, or what is missing and where to get it.

Ticks travel in the address like answers; nothing is stored, and no paper is named anywhere else.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from nhipcau.core.documents import qr_svg
from nhipcau.core.doors import public
from nhipcau.procedures import guide as engine
from nhipcau.procedures import queries
from nhipcau.procedures.views.checklist import list_content
from nhipcau.procedures.views.frame import KIOSK, show
from nhipcau.procedures.views.visit import Visit, open_address, read_visit


@public
def papers_page(request: HttpRequest, name: str) -> HttpResponse:
    """The list for these answers with a box at every paper; with `checked`, the result above it.

    `have` (repeated): ids of papers in hand; what the list does not know is left out.
    """
    visit = read_visit(request, name)
    content = list_content(visit)
    queries.mark_repeats(content["groups"])
    ticked = set(request.GET.getlist("have"))
    papers = {item["id"]: item for group in content["groups"] for way in group["ways"] for item in way}
    have = [paper for paper in papers if paper in ticked]
    checked = "checked" in request.GET
    context = content | {
        "procedure": visit.procedure,
        "version": visit.version,
        "have": have,
        "carried": [*visit.pairs(), *visit.marked("papers")],
        "list_url": visit.url("checklist"),
        "again_url": visit.url("papers"),
        "more_url": visit.url("questions"),
        "unreadable": visit.unreadable,
        "changed": visit.changed(),
        "checked": checked,
    }
    if checked:
        context |= _result(visit, content, papers, have)
    if checked and visit.namespace == KIOSK:
        carry = [*(("have", paper) for paper in have), ("checked", "1")]
        # Drawn by our own code from an address of ours.
        context["qr"] = mark_safe(qr_svg(open_address("papers", visit, carry)))  # noqa: S308
    return show(request, "procedures/papers.html", context)


def _result(
    visit: Visit, content: dict[str, Any], papers: dict[str, dict[str, Any]], have: list[str]
) -> dict[str, Any]:
    """The verdict; what is missing and what may be, each with what completes the smallest way."""
    result = engine.checklist(visit.guide, visit.answers, on=visit.on, province=visit.province)
    verdict = engine.check_papers(result, have).as_json()
    groups = {group["id"]: group for group in content["groups"]}
    open_needs: dict[str, list[dict[str, Any]]] = {engine.MISSING: [], engine.ASK: []}
    for need in verdict["needs"]:
        if need["state"] in open_needs and need["requirement"] in groups:
            group = groups[need["requirement"]]
            lacking = [papers[paper] for paper in need["lacking"]]
            open_needs[need["state"]].append(group | {"lacking": lacking})
    return {
        "state": verdict["state"],
        "missing": open_needs[engine.MISSING],
        "to_ask": open_needs[engine.ASK],
        "outcome": {"procedure": visit.procedure, "state": verdict["state"]},
    }
