"""Reading visits: the office's list, one visit, and what a visitor takes along."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from nhipcau.cases.models import Case
from nhipcau.cases.queries import need_label
from nhipcau.core.scope import Actor
from nhipcau.places.models import Unit
from nhipcau.signups.enums import BUSY
from nhipcau.signups.models import SignUp
from nhipcau.teams.access import ROLES
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Grant, Member
from nhipcau.visits.enums import VisitState
from nhipcau.visits.models import Visit, Visitor, VisitStep

_PRIVATE: Final = ("address", "notes", "result_note")
_WHO_GOES: Final = Prefetch(
    "visitors",
    queryset=Visitor.objects.filter(removed_at__isnull=True).select_related("member").order_by("id"),
    to_attr="going",
)


def _own(actor: Actor, *, former: bool = False) -> Q:
    """Visits on which the actor goes; with `former` also those from which they were taken off."""
    rows = Visitor.objects.filter(member_id=actor.id)
    if not former:
        rows = rows.filter(removed_at__isnull=True)
    return actor.scope(Permission.VISITS_DO).q() & Q(pk__in=rows.values("visit_id"))


def visits_visible_to(actor: Actor) -> QuerySet[Visit]:
    """Visits of the actor's places, and their own."""
    return Visit.objects.filter(actor.scope(Permission.VISITS_VIEW).q() | _own(actor))


def visits_to_plan(actor: Actor) -> QuerySet[Visit]:
    """Visits that the actor may change."""
    return Visit.objects.visible_to(actor, Permission.VISITS_PLAN)


def visits_to_record(actor: Actor) -> QuerySet[Visit]:
    """Visits whose result the actor may bring: also of those from which they were taken off meanwhile."""
    return Visit.objects.filter(actor.scope(Permission.VISITS_PLAN).q() | _own(actor, former=True))


def get_visit(visit_id: UUID, *, for_: Actor) -> Visit:
    """A visit the actor may see, with who goes in `going`; or 404. Who may read its private part is
    `can_see_private`'s to say.
    """
    return found(visits_visible_to(for_), visit_id)


def found(visits: QuerySet[Visit], visit_id: UUID, *, lock: bool = False) -> Visit:
    """One of these visits with what is shown beside it, or 404."""
    related = ("commune__parent", "procedure", "case__commune", "planned_by", "result_by")
    rows = visits.select_related(*related).prefetch_related(_WHO_GOES)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    visit = rows.filter(pk=visit_id).first()
    if visit is None:
        raise Http404
    return visit


def going(visit: Visit) -> list[Visitor]:
    """Who goes, with their names, as read with the visit."""
    rows: list[Visitor] = getattr(visit, "going", [])
    return rows


def can_plan(actor: Actor, visit: Visit) -> bool:
    """`visits_to_plan` as a question about a visit in hand with its commune."""
    place = {"commune": visit.commune_id, "province": visit.commune.parent_id or ""}
    return actor.scope(Permission.VISITS_PLAN).covers(**place)


def is_going(actor: Actor, visit: Visit) -> bool:
    return any(row.member_id == actor.id for row in going(visit))


def can_see_private(actor: Actor, visit: Visit) -> bool:
    """Address and notes: for those who go and those who plan, until they are forgotten."""
    return not is_forgotten(visit) and (is_going(actor, visit) or can_plan(actor, visit))


def is_forgotten(visit: Visit) -> bool:
    """Whether the private part is gone, or goes with the next round because its case was erased."""
    return visit.erased_at is not None or (visit.case is not None and visit.case.erased_at is not None)


def visit_list(actor: Actor, *, first: date, until: date, state: str = "") -> QuerySet[Visit]:
    """Visits of the days `[first, until)` by their start; the private part is not fetched."""
    rows = visits_visible_to(actor).filter(day__gte=first, day__lt=until)
    return _listed(rows.filter(state=state) if state else rows).order_by("starts_at", "id")


def visits_of_case(case_id: UUID) -> QuerySet[Visit]:
    """The visits that followed a case, latest first; for whoever may see the case."""
    return _listed(Visit.objects.filter(case_id=case_id)).order_by("-starts_at", "id")


def _listed(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    return rows.select_related("commune", "procedure", "case").defer(*_PRIVATE).prefetch_related(_WHO_GOES)


def steps_of(visit: Visit) -> QuerySet[VisitStep]:
    """What happened, oldest first."""
    return VisitStep.objects.filter(visit=visit).select_related("by", "result_by").order_by("id")


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """A visit as its visitor takes it along: with the private part, unless it is forgotten.

    `need` is in the reader's language; `visitors` are the names of all who go.
    """

    id: UUID
    version: int
    state: str
    commune: str
    day: date
    starts_at: datetime
    ends_at: datetime
    procedure: str
    topic: str
    need: str
    case: UUID | None
    case_code: str
    hamlet: str
    address: str
    notes: str
    visitors: tuple[str, ...]
    minutes: int | None
    next_step: str
    result_note: str
    result_by: UUID | None
    result_at: datetime | None


def visits_of(actor: Actor, *, days: tuple[date, date]) -> list[OwnVisit]:
    """The visits on which the actor goes on the days `[first, until)`, cancelled ones too, by start; only
    where they still have the role for it."""
    first, until = days
    rows = (
        Visit.objects.filter(_own(actor), day__gte=first, day__lt=until)
        .select_related("procedure", "case")
        .prefetch_related(_WHO_GOES)
        .order_by("starts_at", "id")
    )
    return [_own_visit(row) for row in rows]


def _own_visit(visit: Visit) -> OwnVisit:
    private = not is_forgotten(visit)
    return OwnVisit(
        id=visit.pk,
        version=visit.version,
        state=visit.state,
        commune=visit.commune_id,
        day=visit.day,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        procedure=visit.procedure_id or "",
        topic=visit.topic,
        need=need_label(visit),
        case=visit.case_id,
        case_code=visit.case.code if visit.case else "",
        hamlet=visit.hamlet,
        address=visit.address if private else "",
        notes=visit.notes if private else "",
        visitors=tuple(row.member.name for row in going(visit)),
        minutes=visit.minutes,
        next_step=visit.next_step,
        result_note=visit.result_note if private else "",
        result_by=visit.result_by_id,
        result_at=visit.result_at,
    )


_ROLES: Final = [role for role, held in ROLES.items() if Permission.VISITS_DO in held]


def people_for(commune: str, *, now: datetime) -> QuerySet[Member]:
    """Active members who may be sent on visits in a commune."""
    holders = Grant.objects.active(now).filter(unit_code=commune, role__in=_ROLES).values("member_id")
    return Member.objects.filter(is_active=True, pk__in=holders).order_by("name", "id")


def communes_to_plan(actor: Actor) -> QuerySet[Unit]:
    """The communes granted one by one for planning."""
    scope = actor.scope(Permission.VISITS_PLAN)
    return Unit.objects.filter(pk__in=scope.communes, parent__isnull=False).order_by("name", "pk")


def case_to_visit(case_id: UUID, *, cases: QuerySet[Case]) -> Case | None:
    """A case among these that still has somebody to visit."""
    return cases.select_related("procedure").filter(pk=case_id, erased_at__isnull=True).first()


def busy_members(
    members: Iterable[UUID], *, starts_at: datetime, ends_at: datetime, but: UUID | None = None
) -> list[UUID]:
    """Those of the members who are on another planned visit in `[starts_at, ends_at)`."""
    rows = Visitor.objects.filter(
        member_id__in=list(members), busy=True, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    if but is not None:
        rows = rows.exclude(visit_id=but)
    return list(rows.order_by("member_id").values_list("member_id", flat=True))


def on_shift(members: Iterable[UUID], *, starts_at: datetime, ends_at: datetime) -> list[str]:
    """Names of those of the members who are expected at a post in `[starts_at, ends_at)`."""
    rows = SignUp.objects.filter(
        member_id__in=list(members), state__in=BUSY, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return list(rows.order_by("member__name").values_list("member__name", flat=True).distinct())


def due_for_forgetting(day: date, limit: int) -> Sequence[UUID]:
    """Visits past their end date, or whose case was erased, that still hold a private part."""
    due = Q(keep_until__lt=day) | Q(case__erased_at__isnull=False)
    rows = Visit.objects.filter(due, erased_at__isnull=True).order_by("keep_until", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def to_forget_with(case_ids: Iterable[UUID]) -> list[UUID]:
    """Visits of cases that forget their person."""
    rows = Visit.objects.filter(case_id__in=list(case_ids), erased_at__isnull=True)
    return list(rows.values_list("id", flat=True))


def _on(actor: Actor) -> QuerySet[Visit]:
    return _listed(Visit.objects.filter(_own(actor)))


def coming_of(actor: Actor, *, since: date) -> QuerySet[Visit]:
    """One's own planned visits from a day on, soonest first: also those whose result is still missing."""
    return _on(actor).filter(state=VisitState.PLANNED, day__gte=since).order_by("starts_at", "id")


def past_of(actor: Actor, *, since: date) -> QuerySet[Visit]:
    """One's other visits, latest first: with a result, called off, or planned before that day."""
    return _on(actor).exclude(state=VisitState.PLANNED, day__gte=since).order_by("-starts_at", "id")
