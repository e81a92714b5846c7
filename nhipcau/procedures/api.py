"""Procedures for other programs: search, one procedure, its questions, a checklist. Open, no account."""

import json
from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, Query, Router, Schema, Status
from pydantic import BaseModel

from nhipcau.core import clock
from nhipcau.procedures import guide as engine
from nhipcau.procedures import queries
from nhipcau.procedures.models import Procedure, ProcedureVersion

router = Router(tags=["procedures"])
Language = Literal["vi", "en", "th"]
LONGEST = 300
MOST_ANSWERS = 200
LD_JSON = {
    "responses": {
        200: {
            "description": "A JSON-LD document",
            "content": {
                "application/ld+json": {"schema": {"type": "object", "required": ["@context", "@graph"]}}
            },
        }
    }
}


class Refusal(Schema):
    """Why a request could not be answered: a stable code, and a sentence."""

    code: str
    message: str


class HitOut(Schema):
    """A guide, or a record of the national catalogue without one; `score` is between 0 and 1."""

    kind: Literal["guide", "record"]
    code: str
    slug: str
    name: str
    score: float


class SourceOut(Schema):
    """Where the facts come from, when they were checked, and how sure they are."""

    title: str
    url: str
    kind: str
    checked_on: date
    confidence: str


class ProcedureLine(Schema):
    """A procedure in the list; texts are in all languages."""

    slug: str
    code: str
    kind: str
    life_event: str
    name: dict[str, str]
    summary: dict[str, str]
    official_name: str


class ProcedureOut(ProcedureLine):
    """A procedure as it stands on a day, with its source."""

    valid_from: date
    valid_until: date | None
    source: SourceOut


class OptionOut(Schema):
    """A possible answer."""

    value: str
    text: dict[str, str]


class QuestionOut(Schema):
    """A question with its possible answers; "unknown" is always one of them."""

    id: str
    type: str
    text: dict[str, str]
    help: dict[str, str] | None
    options: list[OptionOut]


class ChecklistIn(BaseModel):
    """A situation. Answers by question id; leave out, or send "unknown", what is not known."""

    answers: dict[str, str | int | float | bool | None] = Field(default_factory=dict, max_length=MOST_ANSWERS)
    on: date | None = None
    province: str | None = Field(None, pattern="^[0-9]{2}$")
    channel: Literal["direct", "online", "post"] | None = None
    lang: Language | None = Field(None, description="one language only; all languages when left out")


def _find(code: str, on: date | None, province: str = "") -> tuple[Procedure, ProcedureVersion, date]:
    day = on or clock.local_date(clock.now())
    procedure = queries.get_procedure(code)
    return procedure, queries.version_on(procedure, day, province), day


def _missing(error: queries.UnableToFindProcedure) -> Status[dict[str, str]]:
    return Status(404, {"code": error.code, "message": str(error)})


@router.get("/search", response={200: list[HitOut], 422: Refusal})
def search_procedures(
    request: HttpRequest, q: Annotated[str, Query(max_length=LONGEST, description="what people say")]
) -> Any:
    """Guides and records that fit, best first. An empty list: not in this library, ask the officer."""
    return [{key: getattr(hit, key) for key in HitOut.model_fields} for hit in queries.find(q)]


@router.get("", response=list[ProcedureLine])
def procedures(request: HttpRequest) -> Any:
    """All procedures with a guide, texts in all languages."""
    return [
        {
            **{key: getattr(found, key) for key in ("slug", "code", "kind", "life_event", "official_name")},
            "name": found.names,
            "summary": found.summaries,
        }
        for found in queries.library()
    ]


@router.get("/all.jsonld", openapi_extra=LD_JSON)
def all_linked_data(request: HttpRequest) -> HttpResponse:
    """All procedures in the European vocabularies CPSV-AP and CCCEV, as JSON-LD."""
    return _linked(queries.versions_on(clock.local_date(clock.now())))


@router.get("/{code}.jsonld", response={404: Refusal}, openapi_extra=LD_JSON)
def procedure_linked_data(request: HttpRequest, code: str, on: date | None = None) -> Any:
    """One procedure in the European vocabularies CPSV-AP and CCCEV, as JSON-LD."""
    try:
        _procedure, version, _day = _find(code, on)
    except queries.UnableToFindProcedure as error:
        return _missing(error)
    return _linked([version])


def _linked(versions: list[ProcedureVersion]) -> HttpResponse:
    agencies = queries.agencies(version.procedure for version in versions)
    services = [
        engine.public_service(
            queries.guide_of(version),
            home=settings.SITE_URL + reverse("api:procedure_linked_data", args=[found.public_code]),
            page=settings.SITE_URL + reverse("procedures:guide", args=[found.slug]),
            agency=agencies.get(found.code, ""),
        )
        for version in versions
        for found in [version.procedure]
    ]
    body = json.dumps(engine.linked_data(services), ensure_ascii=False)
    return HttpResponse(body, content_type="application/ld+json")


@router.get("/{code}", response={200: ProcedureOut, 404: Refusal})
def procedure(request: HttpRequest, code: str, on: date | None = None) -> Any:
    """One procedure by national code or slug, as it stands on a day (today)."""
    try:
        found, version, _day = _find(code, on)
    except queries.UnableToFindProcedure as error:
        return _missing(error)
    source = {key: getattr(version, f"source_{key}") for key in ("title", "url", "kind")}
    return {
        **{key: getattr(found, key) for key in ("slug", "code", "kind", "life_event", "official_name")},
        "name": found.names,
        "summary": found.summaries,
        **{key: getattr(version, key) for key in ("valid_from", "valid_until")},
        "source": source | {key: getattr(version, key) for key in ("checked_on", "confidence")},
    }


@router.get("/{code}/questions", response={200: list[QuestionOut], 404: Refusal})
def questions(request: HttpRequest, code: str, on: date | None = None) -> Any:
    """All questions of a procedure, in the order in which to ask them."""
    try:
        _procedure, version, day = _find(code, on)
    except queries.UnableToFindProcedure as error:
        return _missing(error)
    guide = queries.guide_of(version)
    first = engine.questions(guide, {}, on=day)
    rest = [fact for fact in guide.versions[0].facts.values() if fact not in first]
    return [engine.as_question(fact) for fact in (*first, *rest)]


@router.post("/{code}/checklist", response={200: dict[str, Any], 404: Refusal, 422: Refusal})
def checklist(request: HttpRequest, code: str, situation: ChecklistIn) -> Any:
    """The papers, fees, time limits and places for a situation. A help, not a decision of the office."""
    try:
        _procedure, version, day = _find(code, situation.on, situation.province or "")
    except queries.UnableToFindProcedure as error:
        return _missing(error)
    guide = queries.guide_of(version)
    answers, problems = engine.read_answers(guide.versions[0], situation.answers)
    if problems:
        sentences = "; ".join(str(problem) for problem in problems)
        return Status(422, {"code": "procedures.unusable_answers", "message": sentences})
    result = engine.checklist(
        guide, answers, on=day, province=situation.province, channel=situation.channel
    ).as_json()
    return engine.localise(result, situation.lang) if situation.lang else result
