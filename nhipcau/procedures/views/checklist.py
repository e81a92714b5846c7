"""The list to take away: on the screen, on A5 paper, and behind a QR code that opens it again."""

from itertools import groupby
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nhipcau.core.documents import qr_svg, typst_pdf
from nhipcau.core.doors import public
from nhipcau.procedures import guide as engine
from nhipcau.procedures.forms import in_language
from nhipcau.procedures.views import words
from nhipcau.procedures.views.frame import KIOSK, show
from nhipcau.procedures.views.visit import Visit, open_address, read_visit

DOCUMENTS = Path(__file__).resolve().parents[1] / "documents"


@public
def checklist_page(request: HttpRequest, name: str) -> HttpResponse:
    """The papers for these answers, why, how to get them; fees, time, place, source."""
    visit = read_visit(request, name)
    context = list_content(visit) | {
        "procedure": visit.procedure,
        "version": visit.version,
        "answers": _answers(visit),
        "more_url": visit.url("questions"),
        "papers_url": visit.url("papers"),
        "changed": visit.changed(),
        # Somebody typed the version of a list on paper: they are answered also when nothing has changed.
        "compared": "compare" in request.GET and visit.held is None,
        "same": request.GET.get("v", "").strip().lower() == visit.version.mark,
        "pdf_url": "" if visit.namespace == KIOSK else visit.url("checklist_pdf"),
        "restart_url": visit.url("questions", visit.place),
        "carried": [pair for pair in visit.pairs() if pair[0] != "province"],
        "provinces": visit.provinces if _depends_on_place(visit) else [],
        "province": visit.province,
        "unreadable": visit.unreadable,
        # Drawn by our own code from an address, not from anything a person wrote.
        "qr": mark_safe(qr_svg(open_address("checklist", visit))),  # noqa: S308
        "sources": [
            {"title": source.title, "url": source.url, "on": words.day(source.checked_on),
             "sure": words.CONFIDENCE.get(source.confidence, "")}
            for source in visit.guide.versions[0].sources
        ],
    }  # fmt: skip
    return show(request, "procedures/checklist.html", context)


@public
def checklist_pdf(request: HttpRequest, name: str) -> HttpResponse:
    """The same list on one A5 page."""
    visit = read_visit(request, name)
    source = visit.guide.versions[0].sources[0]
    data = list_content(visit) | {
        "language": get_language() or "vi",
        "name": visit.procedure.name,
        "code": visit.procedure.code,
        "answers": [f"{row['key']} {row['value']}" for row in _answers(visit)],
        "qr": qr_svg(open_address("checklist", visit)),
        "source": f"{source.title} – {words.day(source.checked_on)}",
        "made": words.day(visit.on.isoformat()),
        "mark": visit.version.mark,
        "words": printed_words(),
    }
    response = HttpResponse(typst_pdf(DOCUMENTS / "checklist.typ", data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{visit.procedure.slug}.pdf"'
    return response


def list_content(visit: Visit) -> dict[str, Any]:
    """What both the page and the paper say, in the reader's language."""
    result = engine.checklist(visit.guide, visit.answers, on=visit.on, province=visit.province)
    data = engine.localise(result.as_json(), get_language() or "vi")
    return {
        "groups": _groups(data["documents"]),
        "fees": [words.row_line(row, words.fee(row)) for row in data["fees"]],
        "time_limits": [words.row_line(row, words.time_limit(row)) for row in data["time_limits"]],
        "channels": [
            words.row_line(row, row["where"] or "")
            | {"kind": str(words.CHANNELS[row["kind"]]), "url": row["url"]}
            for row in data["channels"]
        ],
        "online": str(words.ONLINE[data["online"]]),
        "ask": _open_points(data),
        "questions_left": len(data["questions"]),
        "in_force": data["in_force"],
        "valid_from": words.day(data["valid_from"]),
        "steps": data["steps"],
        "warnings": data["warnings"],
        "ask_officer": data["ask_officer"],
    }


def _open_points(data: dict[str, Any]) -> list[str]:
    """What the officer must say. Steps in an app have no officer: there, nothing said is nothing to pay."""
    in_app = data["kind"] == "in_app"
    return [point for point in data["ask"] if not in_app or data.get(point) or point == "documents"]


def _groups(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Papers by what they prove; several ways to prove it stand as alternatives."""
    groups = []
    for _requirement, rows in groupby(documents, key=lambda row: row["requirement"]):
        papers = list(rows)
        first = papers[0]
        several = first["choices"] > 1
        ways = [
            [_item(paper, why=not several) for paper in way]
            for _choice, way in groupby(papers, key=lambda row: row["choice"])
        ]
        groups.append(
            {
                "id": first["requirement"],
                "title": first["title"],
                "why": first["why"] or "",
                "maybe": first["requirement_need"] == "maybe",
                "several": several,
                "ways": ways,
            }
        )
    return groups


def _item(paper: dict[str, Any], *, why: bool) -> dict[str, Any]:
    hints = [paper["how_to_get"], paper["validity"]]
    return {
        "id": paper["id"],
        "name": paper["name"],
        "copies": words.copies(paper),
        "why": (paper["why"] or "") if why else "",
        "how": " ".join(hint for hint in hints if hint),
        "unsure": paper["need"] == "maybe" and why,
        "in_database": paper["in_database"],
    }


def _answers(visit: Visit) -> list[dict[str, str]]:
    """What was answered, each with the way to change it."""
    return [
        {
            "key": in_language(fact.question),
            "value": _said(fact, visit.answers[fact.id]),
            "url": visit.url("questions", [*visit.pairs(), ("change", fact.id)]),
        }
        for fact in visit.facts.values()
        if fact.id in visit.answers
    ]


def _said(fact: engine.Fact, answer: object) -> str:
    if answer == engine.UNKNOWN:
        return _("I don’t know")
    if fact.type == "yes_no":
        return _("Yes") if answer == "yes" else _("No")
    texts = {option.value: in_language(option.text) for option in fact.options}
    return texts.get(str(answer)) or (words.day(str(answer)) if fact.type == "date" else str(answer))


def _depends_on_place(visit: Visit) -> bool:
    version = visit.guide.versions[0]
    return any(row.provinces for row in (*version.fees, *version.time_limits, *version.channels))


def printed_words() -> dict[str, str]:
    """The fixed words of the printed list and of the poster."""
    return {
        "bring": _("Papers to bring"),
        "one_of": _("Any one of these is enough"),
        "or": _("or"),
        "maybe": _("may be needed – ask"),
        "database": _("The officer may already see it: ask"),
        "fee": _("Fee"),
        "time": _("How long"),
        "where": _("Where"),
        "ask": _("ask the officer"),
        "answers": _("Your answers"),
        "missing": _("If you do not have it:"),
        "source": _("Source, checked on"),
        "again": _("Scan to open this list again"),
        "made": _("Printed on"),
        "mark": _("Version of this list"),
        "warning": _("Never give your password or OTP code to anyone, not even to a volunteer."),
        "none": _("No papers are needed for this."),
        "help": _("This list is a help. The office decides."),
        "may_apply": _("may apply"),
    }
