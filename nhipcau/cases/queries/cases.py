"""Reading cases, always through the eyes of whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from nhipcau.cases.enums import CLOSED_STATES
from nhipcau.cases.models import Case, CaseEvent, Rating
from nhipcau.citizens.models import Citizen
from nhipcau.citizens.queries import UnableToReadPhone, read_phone, with_phone
from nhipcau.core.crypto import blind_index
from nhipcau.core.ids import UnableToReadCode, read_code
from nhipcau.core.scope import Actor
from nhipcau.places.enums import Weekday
from nhipcau.places.models import ServicePoint
from nhipcau.places.queries import points_of, spans_of
from nhipcau.procedures.models import Procedure, ProcedureVersion
from nhipcau.procedures.queries import UnableToFindProcedure, version_on
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Grant, Member

LONGEST_SEARCH: Final = 64


class Reach(NamedTuple):
    """Two permissions for one act: on every case of a place, and on one's own cases there."""

    every: Permission
    own: Permission


VIEW: Final = Reach(Permission.CASES_VIEW_CASE, Permission.CASES_VIEW_OWN)
EDIT: Final = Reach(Permission.CASES_EDIT_CASE, Permission.CASES_EDIT_OWN)
CLOSE: Final = Reach(Permission.CASES_CLOSE_CASE, Permission.CASES_EDIT_OWN)
REOPEN: Final = Reach(Permission.CASES_CLOSE_CASE, Permission.CASES_CLOSE_CASE)
ASSIGN: Final = Reach(Permission.CASES_EDIT_CASE, Permission.CASES_EDIT_CASE)
PERSONAL: Final = Reach(Permission.CASES_VIEW_PERSONAL, Permission.CASES_EDIT_OWN)
ERASE: Final = Reach(Permission.CASES_ERASE_CITIZEN, Permission.CASES_ERASE_CITIZEN)


def cases_visible_to(actor: Actor, reach: Reach = VIEW) -> QuerySet[Case]:
    """Cases of the actor's places; of volunteers, those they opened or were given."""
    own = Q(opened_by_id=actor.id) | Q(assigned_to_id=actor.id)
    return Case.objects.filter(actor.scope(reach.every).q() | (actor.scope(reach.own).q() & own))


def get_case(case_id: UUID, *, for_: Actor, reach: Reach = VIEW, lock: bool = False) -> Case:
    """A case the actor may reach, or 404. Commune, need and people beside it come along."""
    cases = cases_visible_to(for_, reach)
    if lock:
        cases = cases.select_for_update(of=("self",))
    related = (
        "commune__parent", "procedure", "procedure_version", "citizen", "opened_by", "assigned_to",
        "service_point",
    )  # fmt: skip
    found = cases.select_related(*related).filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


def can_reach(actor: Actor, case: Case, reach: Reach) -> bool:
    """`get_case` as a question about a case already in hand with its commune; no query."""
    place = {"commune": case.commune_id, "province": case.commune.parent_id or ""}
    own = actor.id in (case.opened_by_id, case.assigned_to_id)
    return actor.scope(reach.every).covers(**place) or (own and actor.scope(reach.own).covers(**place))


@dataclass(frozen=True, slots=True)
class CaseSearch:
    """What a person typed into the search of the list: understood as a code, a phone, or neither."""

    text: str
    code: str = ""
    phone: str = ""

    @property
    def understood(self) -> bool:
        return bool(self.code or self.phone) or not self.text


def read_search(text: str) -> CaseSearch:
    """Exact matches only: names are encrypted and are never searched."""
    text = text.replace("\x00", "").strip()[:LONGEST_SEARCH]
    try:
        return CaseSearch(text, code=read_code(text))
    except UnableToReadCode:
        pass
    try:
        return CaseSearch(text, phone=read_phone(text))
    except UnableToReadPhone:
        return CaseSearch(text)


def case_list(actor: Actor, *, search: CaseSearch, closed: bool, mine: bool = False) -> QuerySet[Case]:
    """Open cases by due date (or closed ones, latest first); a search looks into both."""
    cases = cases_visible_to(actor).select_related("commune", "procedure", "assigned_to")
    if mine:
        cases = cases.filter(assigned_to_id=actor.id)
    if not search.understood:
        return cases.none()
    if search.code:
        return cases.filter(code=search.code).order_by("id")
    if search.phone:
        return cases.filter(citizen__in=with_phone(search.phone)).order_by("-opened_at", "id")
    if closed:
        return cases.filter(state__in=CLOSED_STATES).order_by("-closed_at", "id")
    return cases.exclude(state__in=CLOSED_STATES).order_by("due_on", "opened_at", "id")


def timeline(case: Case) -> QuerySet[CaseEvent]:
    """Everything that happened, oldest first, with the people's names."""
    return CaseEvent.objects.filter(case=case).select_related("by").order_by("id")


def public_timeline(case: Case) -> QuerySet[CaseEvent]:
    """Only what the citizen is shown: coded messages. Notes and names are not even fetched."""
    return (
        CaseEvent.objects.filter(case=case)
        .exclude(public_message="")
        .only("id", "at", "public_message")
        .order_by("id")
    )


def dossier_index(code: str) -> str:
    """What finds a dossier by its code, which itself is encrypted."""
    return blind_index(code, purpose="cases.dossier")


def token_hash(token: str) -> str:
    """How a link's token is found without being stored in clear."""
    return blind_index(token, purpose="cases.token")


_FOLLOWED = ("procedure", "service_point", "commune__parent")


def case_by_token(token: str) -> Case | None:
    """The case of a card's link, for anyone who holds it. None when unknown or erased."""
    if not token or len(token) > LONGEST_SEARCH:
        return None
    found = Case.objects.select_related(*_FOLLOWED).defer("citizen")
    return found.filter(token_hash=token_hash(token)).first()


def case_by_code(code: str) -> Case | None:
    """The case of a canonical short code, for anyone who holds the card. None when unknown or erased."""
    return Case.objects.filter(code=code, erased_at__isnull=True).first()


def point_of(case: Case, day: date) -> ServicePoint | None:
    """Where the citizen goes: the point where the case was opened, else the first of the commune."""
    points = list(points_of(case.commune_id, day))
    same = [point for point in points if point.pk == case.service_point_id]
    return next(iter(same or points), None)


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Days that follow each other with the same hours."""

    first: str
    last: str
    hours: str


def hours_of(point: ServicePoint) -> list[HoursLine]:
    """The opening hours as a person reads them, from those already read with the point."""
    by_day: dict[int, list[str]] = {}
    for span in spans_of(point):
        by_day.setdefault(span.weekday, []).append(f"{span.opens:%H:%M}–{span.closes:%H:%M}")
    lines: list[tuple[int, int, str]] = []
    for day, spans in sorted(by_day.items()):
        hours = ", ".join(spans)
        if lines and lines[-1][1] == day - 1 and lines[-1][2] == hours:
            lines[-1] = (lines[-1][0], day, hours)
        else:
            lines.append((day, day, hours))
    return [
        HoursLine(str(Weekday(first).label), str(Weekday(last).label) if last != first else "", hours)
        for first, last, hours in lines
    ]


def rating_of(case: Case) -> Rating | None:
    return Rating.objects.filter(case=case).first()


def codes_of(citizens: Iterable[UUID], *, for_: Actor) -> dict[UUID, list[str]]:
    """Codes of the cases of these people that the actor may see: to recognise a person without a name."""
    found: dict[UUID, list[str]] = {}
    rows = cases_visible_to(for_).filter(citizen_id__in=list(citizens)).order_by("opened_at", "id")
    for citizen, code in rows.values_list("citizen_id", "code"):
        found.setdefault(citizen, []).append(code)
    return found


def same_person_choices(citizens: Iterable[Citizen], *, for_: Actor) -> list[tuple[str, str]]:
    """People under one number, told apart by their cases, without showing a name."""
    known = list(citizens)
    codes = codes_of([citizen.pk for citizen in known], for_=for_)
    choices = []
    for citizen in known:
        seen = ", ".join(codes.get(citizen.pk, []))
        label = (
            _("Yes, the person of case %(codes)s") % {"codes": seen} if seen else _("Yes, the same person")
        )
        choices.append((str(citizen.pk), label))
    return choices


def frozen_version(procedure: Procedure, day: date, province: str) -> ProcedureVersion | None:
    """The guide in force in a province when a case opens; None when none was published."""
    try:
        return version_on(procedure, day, province)
    except UnableToFindProcedure:
        return None


def assignees(case: Case, *, now: datetime) -> QuerySet[Member]:
    """Active members who hold a role in the commune of the case."""
    holders = Grant.objects.active(now).filter(unit_code=case.commune_id).values("member_id")
    return Member.objects.filter(is_active=True, pk__in=holders).order_by("name", "id")


def due_for_erasure(day: date, limit: int) -> list[UUID]:
    """Cases past their end date that still hold a link to a person, longest overdue first."""
    found = Case.objects.filter(erased_at__isnull=True, keep_until__lt=day)
    return list(found.order_by("keep_until", "id").values_list("id", flat=True)[:limit])


def ongoing_of(citizen_id: UUID) -> QuerySet[Case]:
    """Cases of one person that still hold data."""
    return Case.objects.filter(citizen_id=citizen_id, erased_at__isnull=True).order_by("opened_at", "id")


def cases_of(citizen_id: UUID, *, for_: Actor) -> QuerySet[Case]:
    """The cases of one person that the actor may see, to be shown to them with what else is held."""
    cases = cases_visible_to(for_).filter(citizen_id=citizen_id)
    return cases.select_related("procedure").order_by("opened_at", "id")
