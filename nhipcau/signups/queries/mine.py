"""Reading one's own sign-ups, and one shift as a volunteer sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import Http404

from nhipcau.core.scope import Actor
from nhipcau.shifts.enums import OpenTo, ShiftState
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.signups.enums import EXPECTED, HOLDING, AskState, Refusal, SignUpState, StandInMode, WaitState
from nhipcau.signups.models import Ask, SignUp, Waiting
from nhipcau.signups.queries.calling import seat_left_by
from nhipcau.signups.queries.facts import member_facts, need_facts, needs_with_facts
from nhipcau.signups.rules.eligibility import refusals, when_asked
from nhipcau.signups.rules.states import LATE
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import TeamMembership

_SHIFT = ("shift__post__point", "shift__commune", "need")


def coming_of(member_id: UUID, *, now: datetime) -> QuerySet[SignUp]:
    """The shifts a member is counted on for, the soonest first."""
    return (
        SignUp.objects.filter(member_id=member_id, state__in=EXPECTED, ends_at__gt=now)
        .select_related(*_SHIFT)
        .order_by("starts_at", "id")
    )


def past_of(member_id: UUID, *, now: datetime) -> QuerySet[SignUp]:
    """What became of a member's sign-ups, the latest first; `late`: given up at short notice."""
    late = Q(state=SignUpState.CANCELLED, changed_at__gt=F("starts_at") - LATE)
    return (
        SignUp.objects.filter(member_id=member_id)
        .filter(~Q(state__in=EXPECTED) | Q(ends_at__lte=now))
        .select_related(*_SHIFT)
        .annotate(late=ExpressionWrapper(late, output_field=BooleanField()))
        .order_by("-starts_at", "id")
    )


def first_names_on(shifts: Iterable[UUID], *, but: UUID) -> dict[UUID, list[str]]:
    """Who else is counted on for each shift, by first name: the last word of a Vietnamese name."""
    rows = (
        SignUp.objects.filter(shift_id__in=list(shifts), state__in=HOLDING)
        .exclude(member_id=but)
        .order_by("made_at", "id")
    )
    found: dict[UUID, list[str]] = {}
    for shift, name in rows.values_list("shift_id", "member__name"):
        found.setdefault(shift, []).append(name.split()[-1] if name.split() else "?")
    return found


def get_sign_up(sign_up_id: UUID, *, for_: Actor) -> SignUp:
    """One's own sign-up with shift, post and need; or 404."""
    found = SignUp.objects.select_related(*_SHIFT).filter(pk=sign_up_id, member_id=for_.id).first()
    if found is None:
        raise Http404
    return found


def own_on(shift_id: UUID, member_id: UUID) -> SignUp | None:
    """The member's latest sign-up on a shift, if there is one."""
    rows = SignUp.objects.select_related("need").filter(shift_id=shift_id, member_id=member_id)
    return rows.order_by("-made_at", "-id").first()


def get_shift_to_take(shift_id: UUID, *, for_: Actor) -> Shift:
    """A shift reached by a link: of one's teams or their communes, open to all in reach, or one's own.

    What is being prepared is seen only by those on it and those who see the rosters. Else 404.
    """
    at_work = TeamMembership.objects.filter(member_id=for_.id).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("day")), starts_on__lte=OuterRef("day")
    )
    shown = ~Q(state=ShiftState.DRAFT) & (
        Q(open_to=OpenTo.REACH)
        | Exists(at_work.filter(team_id=OuterRef("team_id")))
        | Exists(at_work.filter(team__commune_id=OuterRef("commune_id")))
    )
    own = Exists(SignUp.objects.filter(shift_id=OuterRef("pk"), member_id=for_.id))
    asked = Exists(Ask.objects.filter(need__shift_id=OuterRef("pk"), member_id=for_.id))
    found = (
        Shift.objects.select_related("post__point", "commune", "team")
        .filter(shown | own | asked | for_.scope(Permission.ROSTER_VIEW).q("commune"), pk=shift_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Seat:
    """A need of a shift as one member sees it: what speaks against them, and how they may get in."""

    need: ShiftNeed
    refusals: list[Refusal]
    instead_of: UUID | None
    waiting: Waiting | None

    @property
    def may_wait(self) -> bool:
        """Whether only the places are missing, so that waiting in line makes sense."""
        places = {Refusal.FULL, Refusal.IN_LINE, Refusal.NEWCOMER}
        return bool(self.refusals) and set(self.refusals) <= places and self.waiting is None


def seats_for(shift: Shift, member_id: UUID, *, now: datetime) -> list[Seat]:
    """Every need of the shift with what speaks against the member: at most six queries."""
    rows = list(needs_with_facts(now, member=member_id).filter(shift=shift).order_by("position", "id"))
    end = shift.day + timedelta(days=1)
    member = member_facts([member_id], start=shift.day, end=end, now=now)[member_id]
    line = {
        one.need_id: one
        for one in Waiting.objects.filter(
            need__in=rows, member_id=member_id, state__in=[WaitState.WAITING, WaitState.OFFERED]
        )
    }
    open_asks = Ask.objects.filter(need__in=rows, mode=StandInMode.OPEN, state=AskState.OPEN)
    leaving = dict(
        open_asks.exclude(sign_up__member_id=member_id)
        .order_by("-asked_at")
        .values_list("need_id", "sign_up_id")
    )
    seats = []
    for row, fact in zip(rows, need_facts(rows), strict=True):
        instead_of = leaving.get(row.pk)
        found = refusals(member, seat_left_by(fact, None) if instead_of else fact, now)
        against = when_asked(found) if instead_of else found
        seats.append(Seat(row, against, instead_of, line.get(row.pk)))
    return seats
