"""The papers of a case: what was checked, what is missing, and whether the rules have changed since."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from nhipcau.cases.models import Case, PapersCheck
from nhipcau.cases.queries.cases import frozen_version
from nhipcau.core.clock import local_date
from nhipcau.procedures import queries as procedures
from nhipcau.procedures.models import ProcedureVersion

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The list of a case for some answers, with the verdict on the papers in hand; texts in one language."""

    version: ProcedureVersion
    answers: Plain
    have: tuple[str, ...]
    questions: list[Plain]
    groups: list[Plain]
    verdict: str
    missing: list[Plain]
    to_ask: list[Plain]
    ask_documents: bool

    @property
    def lacking(self) -> int:
        """How many papers are missing, by the smallest way for each need."""
        return sum(len(need["lacking"]) for need in self.missing)


def papers_history(case: Case) -> QuerySet[PapersCheck]:
    """Every check of the papers of a case, the latest first."""
    rows = PapersCheck.objects.filter(case=case).select_related("version", "checked_by")
    return rows.order_by("-checked_at", "-id")


def province_of(case: Case) -> str:
    """The province whose rules count for a case."""
    return case.commune.parent_id or ""


def version_now(case: Case, day: date) -> ProcedureVersion | None:
    """The guide in force on a day where the case is; None without one."""
    return frozen_version(case.procedure, day, province_of(case)) if case.procedure else None


def versions_shown(case: Case, first: date, last: date) -> QuerySet[ProcedureVersion]:
    """The guides that were before the public where the case is, on any day from first to last."""
    return procedures.versions_between(case.procedure_id or "", province_of(case), first, last)


def version_held(case: Case, latest: PapersCheck | None) -> ProcedureVersion | None:
    """The guide that the person's list was made from: that of the latest check, else of the opening."""
    return latest.version if latest else case.procedure_version


def content_of_check(check: PapersCheck | None) -> Plain:
    """Answers and ids of papers as they were said; empty once erased."""
    found: Plain = json.loads(check.content) if check and check.content else {}
    return {"answers": found.get("answers", {}), "have": found.get("have", [])}


def sheet(case: Case, version: ProcedureVersion, answers: Plain, have: Iterable[str], day: date) -> Sheet:
    """The list of this version for these answers; what does not fit it is left out."""
    asked = procedures.Asked(day, province_of(case) or None, get_language() or "vi")
    found = procedures.check_papers(version, answers, have, asked)
    documents = found["list"]["documents"]
    ticked = set(have)
    groups = _groups(documents)
    procedures.mark_repeats(groups)
    papers = {row["id"]: row for row in documents}
    by_id = {group["id"]: group for group in groups}
    needs: dict[str, list[Plain]] = {}
    for need in found["check"]["needs"]:
        if need["requirement"] in by_id:
            lacking = [papers[name] for name in need["lacking"]]
            needs.setdefault(need["state"], []).append(by_id[need["requirement"]] | {"lacking": lacking})
    return Sheet(
        version=version,
        answers=found["list"]["answers"],
        have=tuple(name for name in papers if name in ticked),
        questions=found["questions"],
        groups=groups,
        verdict=found["check"]["state"],
        missing=needs.get("missing", []),
        to_ask=needs.get("ask", []),
        ask_documents="documents" in found["list"]["ask"],
    )


def sheet_of(check: PapersCheck, case: Case) -> Sheet | None:
    """A check read again as it was made, on its day; None once its content is erased."""
    if not check.content:
        return None
    said = content_of_check(check)
    return sheet(case, check.version, said["answers"], said["have"], local_date(check.checked_at))


def changes_for(
    case: Case, latest: PapersCheck | None, now: ProcedureVersion | None, day: date
) -> Plain | None:
    """Since when and how the list of `now` is another than the one the person holds; None: it is not."""
    held = version_held(case, latest)
    if held is None or now is None or held.pk == now.pk:
        return None
    asked = procedures.Asked(day, province_of(case) or None, get_language() or "vi")
    answers = content_of_check(latest)["answers"]
    return {
        "since": procedures.changed_since(held, now),
        "changes": procedures.changes_between(held, now, answers, asked),
    }


def _groups(documents: list[Plain]) -> list[Plain]:
    """Papers by what they prove; several ways to prove it stand as alternatives."""
    groups = []
    for requirement, rows in groupby(documents, key=lambda row: row["requirement"]):
        papers = list(rows)
        groups.append(
            {
                "id": requirement,
                "title": papers[0]["title"],
                "maybe": papers[0]["requirement_need"] == "maybe",
                "several": papers[0]["choices"] > 1,
                "ways": [list(way) for _choice, way in groupby(papers, key=lambda row: row["choice"])],
            }
        )
    return groups
