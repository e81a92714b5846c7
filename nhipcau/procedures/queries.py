"""Reading procedures and their versions."""

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connections
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.catalogue import queries as catalogue
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import made_at
from nhipcau.procedures import guide as engine
from nhipcau.procedures.enums import LifeEvent, ProcedureState, RecordingState, VersionState
from nhipcau.procedures.models import MARK_LENGTH, Procedure, ProcedureVersion, Recording, Stamp


@dataclass(frozen=True, slots=True)
class Asked:
    """When, where (province, if known) and in which language a list is asked for."""

    on: date
    province: str | None
    language: str


logger = logging.getLogger(__name__)
ALL = 1_000  # more hits than any search has


class UnableToFindProcedure(UnableTo):
    """No guide with this code or name in the library."""

    code = "procedures.not_found"


def library() -> QuerySet[Procedure]:
    """All procedures people can use, in a stable order."""
    return Procedure.objects.filter(state=ProcedureState.CURRENT).order_by("life_event", "code", "slug")


def by_life_event(procedures: Iterable[Procedure]) -> list[tuple[str, list[Procedure]]]:
    """Procedures grouped under the names of life events, in the order of the enum."""
    groups: dict[str, list[Procedure]] = {}
    for procedure in procedures:
        groups.setdefault(procedure.life_event, []).append(procedure)
    return [(str(event.label), groups[event.value]) for event in LifeEvent if event.value in groups]


def get_procedure(name: str) -> Procedure:
    """By national code or slug; a code that another guide replaced leads to that guide."""
    found = Procedure.objects.filter(slug=name).first() if "\x00" not in name else None
    if found is None and name and "\x00" not in name:
        found = (
            Procedure.objects.filter(code=name).first()
            or Procedure.objects.filter(replaces__contains=[name]).order_by("slug").first()
        )
    if found is None:
        raise UnableToFindProcedure(_("This procedure is not in the library. Please ask the officer."))
    return found


def version_on(procedure: Procedure, day: date, area: str = "") -> ProcedureVersion:
    """The published version in force; else the latest begun; else the earliest to come.

    A province (`area`, two digits) with a version of its own in force goes before the whole country.
    """
    published = ProcedureVersion.objects.filter(
        procedure=procedure, area__in={"", area}, state=VersionState.PUBLISHED
    )
    begun = published.filter(valid_from__lte=day)
    version = (
        begun.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day)).order_by("-area").first()
        or begun.order_by("-valid_from", "-area", "id").first()
        or published.order_by("valid_from", "-area", "id").first()
    )
    if version is None:
        raise UnableToFindProcedure(_("There is no published guide for this procedure yet."))
    return version


def versions_on(day: date, area: str = "") -> list[ProcedureVersion]:
    """What `version_on` gives for each procedure of the library, in its order; two queries."""
    published = ProcedureVersion.objects.filter(area__in={"", area}, state=VersionState.PUBLISHED)
    by_procedure: dict[str, list[ProcedureVersion]] = {}
    # Of two that begin on one day the province's own comes last: the last is taken.
    for version in published.order_by("valid_from", "area", "id"):
        by_procedure.setdefault(version.procedure_id, []).append(version)
    chosen = []
    for procedure in library():
        versions = by_procedure.get(procedure.slug, [])
        begun = [version for version in versions if version.valid_from <= day]
        in_force = [version for version in begun if version.in_force(day)]
        own = [version for version in in_force if version.area]
        for version in (own or in_force or begun or versions[:1])[-1:]:
            version.procedure = procedure
            chosen.append(version)
    return chosen


def content_of(version: ProcedureVersion) -> dict[str, Any]:
    """A version as plain data with the period of its row: it may have been ended, or read again, later on."""
    single = version.guide["versions"][0]
    read_on = max(version.checked_on.isoformat(), single["sources"][0]["checked_on"])
    now = {
        "valid_from": version.valid_from.isoformat(),
        "valid_until": version.valid_until.isoformat() if version.valid_until else None,
        "sources": [single["sources"][0] | {"checked_on": read_on}, *single["sources"][1:]],
    }
    return {**version.guide, "versions": [single | now]}


def content_in(version: ProcedureVersion, language: str) -> dict[str, Any]:
    """`content_of` with texts in one language, of the same shape; where it is missing, in the first."""
    found: dict[str, Any] = _in_one_language(content_of(version), language)
    return found


def _in_one_language(content: Any, language: str) -> Any:
    if isinstance(content, dict):
        if content and all(key in engine.LANGUAGES for key in content):
            return {language: next(content[key] for key in (language, *engine.LANGUAGES) if key in content)}
        return {key: _in_one_language(value, language) for key, value in content.items()}
    if isinstance(content, list):
        return [_in_one_language(each, language) for each in content]
    return content


def guide_of(version: ProcedureVersion) -> engine.Guide:
    """The guide as the engine reads it."""
    return engine.parse(content_of(version))


def held_version(version: ProcedureVersion, mark: str) -> ProcedureVersion | None:
    """The version of a list that somebody holds, by its mark; None when it is this one, or nobody's.

    Only what was once before the public is found: nobody reads a draft by guessing.
    """
    mark = mark.strip().lower()
    if mark == version.mark or len(mark) != MARK_LENGTH or not mark.isascii() or not mark.isalnum():
        return None
    found = _once_public(version.procedure_id).filter(content_hash__startswith=mark)
    return found.order_by("-valid_from", "id").first()


def versions_between(procedure: str, area: str, first: date, last: date) -> QuerySet[ProcedureVersion]:
    """What was in force for a procedure (slug) in a place on any of these days, `last` included; also what
    was put right since."""
    rows = _once_public(procedure).filter(area__in={"", area}, valid_from__lte=last)
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=first)).order_by("valid_from", "id")


def _once_public(procedure: str) -> QuerySet[ProcedureVersion]:
    return ProcedureVersion.objects.filter(
        procedure_id=procedure, state__in=(VersionState.PUBLISHED, VersionState.WITHDRAWN)
    )


def changed_since(held: ProcedureVersion, version: ProcedureVersion) -> date:
    """The day from which a held list is another one: when the new rules began, else when it was put right."""
    if version.valid_from > held.valid_from:
        return version.valid_from
    # Versions that ship as files have no publisher here; their id tells when they came.
    return local_date(version.published_at or made_at(version.pk))


def changes_between(
    held: ProcedureVersion, version: ProcedureVersion, answers: dict[str, Any], place: Asked
) -> list[engine.Change]:
    """What differs for these answers between two versions, texts in one language."""
    both = []
    for row in (held, version):
        guide = guide_of(row)
        # Raw answers: what one version asks, the other may not know.
        given, _problems = engine.read_answers(guide.versions[0], answers)
        result = engine.checklist(guide, given, on=place.on, province=place.province).as_json()
        both.append(engine.localise(result, place.language))
    return engine.compare(*both)


def check_papers(
    version: ProcedureVersion, answers: dict[str, Any], have: Iterable[str], place: Asked
) -> dict[str, Any]:
    """The list and the questions as in `trial`, and the verdict on these papers as `check`."""
    guide = guide_of(version)
    given, _problems = engine.read_answers(guide.versions[0], answers)
    result = engine.checklist(guide, given, on=place.on, province=place.province)
    found = trial(content_of(version), answers, **asdict(place)) or {}
    return found | {"check": engine.check_papers(result, frozenset(have)).as_json()}


def mark_repeats(groups: list[dict[str, Any]]) -> None:
    """Marks (`again`) a paper that an earlier way of the same need names as well: it is ticked once."""
    for group in groups:
        seen: set[str] = set()
        for way in group["ways"]:
            for item in way:
                item["again"] = item["id"] in seen
            seen.update(item["id"] for item in way)


def published_versions(procedure: str, area: str) -> QuerySet[ProcedureVersion]:
    """What is or will be before the public for a procedure (slug) in a place, the earliest first."""
    return ProcedureVersion.objects.filter(
        procedure_id=procedure, area=area, state=VersionState.PUBLISHED
    ).order_by("valid_from", "id")


def in_the_way(
    procedure: str, area: str, begins: date, ends: date | None
) -> tuple[list[ProcedureVersion], list[ProcedureVersion], list[ProcedureVersion]]:
    """Published versions that a new one meets: those it would end, those it would replace, those after it."""
    met = published_versions(procedure, area).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=begins))
    if ends is not None:
        met = met.filter(valid_from__lt=ends)
    found = list(met)
    return (
        [version for version in found if version.valid_from < begins],
        [version for version in found if version.valid_from == begins],
        [version for version in found if version.valid_from > begins],
    )


def guide_file(procedure: Procedure, area: str = "") -> dict[str, Any]:
    """What is published here as the data of one guide file; words of the latest version."""
    contents = [content_of(version) for version in published_versions(procedure.pk, area)]
    if not contents:
        raise UnableToFindProcedure(_("There is no published guide for this procedure yet."))
    versions = [content["versions"][0] for content in contents]
    return {**contents[-1], "keywords": procedure.keywords, "versions": versions}


def trial(
    content: dict[str, Any], answers: dict[str, Any], *, on: date, province: str | None, language: str
) -> dict[str, Any] | None:
    """The list and the questions (in the order they are asked) of a guide in the making, in one language.

    The list is that of `Checklist.as_json`; None while the guide cannot be read at all.
    """
    try:
        guide = engine.parse(content)
    except engine.UnableToReadGuide:
        return None
    version = guide.versions[0]
    given, _problems = engine.read_answers(version, answers)
    still = engine.questions(guide, given, on=on, province=province)
    asked = [fact for fact in version.facts.values() if fact.id in given]
    rest = [fact for fact in version.facts.values() if fact not in still and fact not in asked]
    questions = [
        engine.as_question(fact) | {"answer": given.get(fact.id, ""), "open": fact in still}
        for fact in (*asked, *still, *rest)
    ]
    result = engine.checklist(guide, given, on=on, province=province).as_json()
    found: dict[str, Any] = engine.localise({"list": result, "questions": questions}, language)
    return found


def files_stamp() -> str:
    """The digest of the guide files that were last loaded; empty when none were."""
    return Stamp.objects.filter(name="guides").values_list("digest", flat=True).first() or ""


def library_stamp() -> str:
    """Changes whenever guides are loaded or published; empty when there are none."""
    return " ".join(Stamp.objects.order_by("name").values_list("digest", flat=True))


def search_documents() -> list[dict[str, Any]]:
    """What the search reads of each procedure."""
    return [
        {
            "slug": procedure.slug,
            "code": procedure.public_code,
            "replaces": procedure.replaces,
            "names": procedure.names,
            "official_name": procedure.official_name,
            "keywords": procedure.keywords,
            "summaries": procedure.summaries,
        }
        for procedure in library()
    ]


def procedures_named(slugs_or_codes: Iterable[str]) -> list[Procedure]:
    """Those of these slugs or codes that are in the library, in the library's order."""
    wanted = set(slugs_or_codes)
    return [procedure for procedure in library() if wanted & {procedure.slug, procedure.code}]


def find(query: str, limit: int = 10) -> list[catalogue.Hit]:
    """Guides and catalogue records for everyday words, best first; empty when the library has none."""
    return catalogue.find(query, stamp=library_stamp(), load=search_documents, limit=limit)


def warm_search() -> None:
    """Makes the search index of this process ready; for a thread of its own, which it leaves clean."""
    try:
        catalogue.warm_search(stamp=library_stamp(), load=search_documents)
    except DatabaseError:
        # Not migrated yet, or out of reach: the first query builds the index.
        logger.info("The search index is built with the first query")
    finally:
        connections.close_all()


def successors() -> dict[str, str]:
    """Codes that guides of the library replaced, each with the code of its guide."""
    return {code: procedure.public_code for procedure in library() for code in procedure.replaces}


def is_known(code: str) -> bool:
    """Whether a guide or a record of the national catalogue has this code or slug."""
    return any(code in (row.slug, row.code) for row in library()) or catalogue.has_record(code)


def find_guides(query: str, limit: int = 10) -> list[catalogue.Hit]:
    """The guides alone for everyday words, best first; empty when none fits."""
    return [hit for hit in find(query, limit=ALL) if hit.kind == "guide"][:limit]


def agencies(procedures: Iterable[Procedure]) -> dict[str, str]:
    """The competent authority by code, where the national catalogue was imported and names one."""
    return catalogue.agencies(procedure.code for procedure in procedures if procedure.code)


def recordings_of(procedure: Procedure) -> QuerySet[Recording]:
    """Approved recordings of a guide, without their sound."""
    approved = Recording.objects.filter(procedure=procedure, state=RecordingState.APPROVED)
    return approved.defer("sound").order_by("language", "id")


def recordings_in_use() -> QuerySet[Recording]:
    """All that wait or are heard, those that wait first; without their sound."""
    kept = Recording.objects.exclude(state=RecordingState.WITHDRAWN).select_related("procedure")
    return kept.defer("sound").order_by("-state", "procedure__code", "language", "id")


def get_recording(recording: UUID) -> Recording:
    """One approved recording with its sound. Raises `UnableToFindProcedure`."""
    found = Recording.objects.filter(pk=recording, state=RecordingState.APPROVED).first()
    if found is None:
        raise UnableToFindProcedure(_("This recording is not available."))
    return found
