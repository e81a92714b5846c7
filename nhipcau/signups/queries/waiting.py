"""Reading places in line: one's own, and the lists that need moving on."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.http import Http404

from nhipcau.core.scope import Actor
from nhipcau.shifts.enums import ShiftState
from nhipcau.signups.enums import WaitState
from nhipcau.signups.models import Waiting
from nhipcau.signups.queries.prepared import Prepared


def get_waiting(waiting_id: UUID, *, for_: Actor) -> Waiting:
    """One's own place in line with need, shift and post; or 404."""
    found = (
        Waiting.objects.select_related("need__shift__post__point", "need__shift__commune")
        .filter(pk=waiting_id, member_id=for_.id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _in_line(*, need: UUID, member: UUID) -> QuerySet[Waiting]:
    open_states = [WaitState.WAITING, WaitState.OFFERED]
    return Waiting.objects.filter(need_id=need, member_id=member, state__in=open_states)


_IN_LINE = Prepared[Waiting](_in_line, need=UUID, member=UUID)


def in_line(need: UUID, *, member: UUID) -> list[Waiting]:
    """A member's place in the line of a need, if there is one."""
    return _IN_LINE.rows(need=need, member=member)


def waiting_of(member_id: UUID, *, now: datetime) -> QuerySet[Waiting]:
    """Where a member waits for a shift to come: offers first, then by time of the shift."""
    return (
        Waiting.objects.filter(
            member_id=member_id,
            state__in=[WaitState.WAITING, WaitState.OFFERED],
            need__shift__starts_at__gt=now,
        )
        .select_related("need__shift__post__point", "need__shift__commune")
        .order_by("state", "need__shift__starts_at", "id")
    )


def needs_to_offer(*, now: datetime) -> list[UUID]:
    """Needs with an offer that has ended, or with a free place and somebody waiting; the soonest first."""
    coming = Waiting.objects.filter(need__shift__starts_at__gt=now, need__shift__state=ShiftState.OPEN)
    over = Q(state=WaitState.OFFERED, offer_until__lte=now)
    free = Q(state=WaitState.WAITING, need__taken__lt=F("need__maximum"))
    rows = coming.filter(over | free).order_by("need__shift__starts_at", "need_id")
    return list(dict.fromkeys(rows.values_list("need_id", flat=True)))
