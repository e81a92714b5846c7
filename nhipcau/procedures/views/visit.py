"""What the address of a page says: which guide, which answers, which province.

Answers travel in the address, so that a list can be opened again from paper, and nothing is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from nhipcau.core import clock
from nhipcau.places.models import Unit
from nhipcau.places.queries import provinces
from nhipcau.procedures import guide as engine
from nhipcau.procedures import queries
from nhipcau.procedures.models import Procedure, ProcedureVersion
from nhipcau.procedures.views.frame import namespace_of

PREFIX = "a."
LONGEST_VALUE = 60
MOST_ANSWERS = 60
# Pages that show a list name its version, so that whoever opens the address again is told of changes.
LISTS = ("checklist", "papers")


@dataclass(frozen=True)
class Visit:
    """One request to a guide. `unreadable`: some answers of the address could not be used.

    `held`: the version of the list that somebody opened again, when it is no longer this one; `said`: the
    answers as they stand in the address.
    """

    procedure: Procedure
    version: ProcedureVersion
    guide: engine.Guide
    on: date
    answers: dict[str, object]
    unreadable: bool
    province: str | None
    namespace: str
    provinces: list[Unit] = field(default_factory=list)
    held: ProcedureVersion | None = None
    said: dict[str, str] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, engine.Fact]:
        return dict(self.guide.versions[0].facts)

    def pairs(self, without: str = "") -> list[tuple[str, str]]:
        """Answers and province as they stand in an address, always in the guide's order."""
        pairs = [
            (PREFIX + fact, str(self.answers[fact]))
            for fact in self.facts
            if fact in self.answers and fact != without
        ]
        return [*pairs, *self.place]

    def without_answers(self) -> "Visit":
        """The same guide and place, for everybody."""
        return replace(self, answers={}, unreadable=False, held=None, said={})

    def changed(self) -> dict[str, Any] | None:
        """Since when and how the list that somebody holds is another for these answers; None: it is not."""
        if self.held is None:
            return None
        asked = queries.Asked(self.on, self.province, get_language() or "vi")
        changes = queries.changes_between(self.held, self.version, self.said, asked)
        return {"since": queries.changed_since(self.held, self.version), "changes": changes}

    @property
    def place(self) -> list[tuple[str, str]]:
        """What stays in the address when all answers are dropped."""
        return [("province", self.province)] if self.province else []

    def marked(self, page: str) -> list[tuple[str, str]]:
        """The mark of the version, where the address is one of a list."""
        return [("v", self.version.mark)] if page in LISTS else []

    def url(self, page: str, pairs: list[tuple[str, str]] | None = None) -> str:
        """The address of a page of this guide with these answers (default: those given)."""
        query = urlencode([*(self.pairs() if pairs is None else pairs), *self.marked(page)])
        address = reverse(f"procedures:{page}", args=[self.procedure.slug], current_app=self.namespace)
        return f"{address}?{query}" if query else address


def open_address(page: str, visit: Visit, more: Sequence[tuple[str, str]] = ()) -> str:
    """The whole address of a page on the open site, in this language: for QR codes, also those of a kiosk."""
    query = urlencode([*visit.pairs(), *more, *visit.marked(page), ("lang", get_language() or "vi")])
    return f"{settings.SITE_URL}{reverse(f'procedures:{page}', args=[visit.procedure.slug])}?{query}"


def read_visit(request: HttpRequest, name: str) -> Visit:
    """Raises Http404 for an unknown guide; answers that do not fit are left out and reported."""
    on = clock.local_date(clock.now())
    known = list(provinces())
    province = request.GET.get("province") or None
    strange = province is not None and province not in {unit.code for unit in known}
    try:
        procedure = queries.get_procedure(name)
        version = queries.version_on(procedure, on, "" if strange else province or "")
    except queries.UnableToFindProcedure as error:
        raise Http404(str(error)) from error
    guide = queries.guide_of(version)
    given = [key for key in request.GET if key.startswith(PREFIX)]
    raw = {key.removeprefix(PREFIX): request.GET.get(key, "") for key in given[:MOST_ANSWERS]}
    short = {fact: value for fact, value in raw.items() if len(value) <= LONGEST_VALUE}
    answers, problems = engine.read_answers(guide.versions[0], short)
    repeated = any(len(request.GET.getlist(key)) > 1 for key in given[:MOST_ANSWERS])
    return Visit(
        procedure=procedure,
        version=version,
        guide=guide,
        on=on,
        answers=answers,
        unreadable=bool(problems) or repeated or strange or len(short) < len(given),
        province=None if strange else province,
        namespace=namespace_of(request),
        provinces=known,
        held=queries.held_version(version, request.GET.get("v", "")),
        said=short,
    )
