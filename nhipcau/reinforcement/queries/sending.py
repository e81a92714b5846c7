"""The shifts on which agreed people can be put, and on which they are already."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from nhipcau.core.clock import day_bounds
from nhipcau.reinforcement.enums import Answer
from nhipcau.reinforcement.models import Offer, OfferedPerson, Request
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups.enums import BUSY, EXPECTED
from nhipcau.signups.models import SignUp
from nhipcau.teams.models import Member
from nhipcau.volunteers.queries import parts_of

MOST_NEEDS = 120


def needs_of(request: Request, now: datetime) -> list[ShiftNeed]:
    """The needs of the shifts asked for; where none was named, of all of the team in those days and parts."""
    linked = request.requested.values("shift_id")
    found = _open_needs(request, now)
    named = list(found.filter(shift__in=linked)[:MOST_NEEDS])
    if named:
        return named
    wanted = set(request.parts)
    return [
        need
        for need in found[:MOST_NEEDS]
        if wanted & {part for _day, part in parts_of(need.shift.starts_at, need.shift.ends_at)}
    ]


def _open_needs(request: Request, now: datetime) -> QuerySet[ShiftNeed]:
    return (
        ShiftNeed.objects.filter(
            shift__team_id=request.team_id,
            shift__state=ShiftState.OPEN,
            shift__starts_at__gt=now,
            shift__day__gte=request.starts_on,
            shift__day__lt=request.ends_on,
        )
        .select_related("shift__post")
        .order_by("shift__starts_at", "position", "id")
    )


def coming(offer: Offer) -> list[Member]:
    """Those named in an offer who said yes: the explicit list of who may be put on."""
    rows = offer.people.filter(answer=Answer.YES).select_related("member")
    return [row.member for row in rows.order_by("member__name", "id")]


def is_on_shifts(person: OfferedPerson) -> bool:
    """Whether somebody named in an offer holds a place on shifts of the team that asked, in its days."""
    request = person.offer.request
    return SignUp.objects.filter(
        member_id=person.member_id,
        state__in=EXPECTED,
        shift__team_id=request.team_id,
        shift__day__gte=request.starts_on,
        shift__day__lt=request.ends_on,
    ).exists()


def duties_of(members: Iterable[UUID], request: Request) -> dict[UUID, list[SignUp]]:
    """Member -> the shifts they are on in the days of a request, wherever that is; one query."""
    found: dict[UUID, list[SignUp]] = defaultdict(list)
    start, end = day_bounds(request.starts_on)[0], day_bounds(request.ends_on)[0]
    rows = SignUp.objects.filter(
        member_id__in=list(members), state__in=BUSY, starts_at__lt=end, ends_at__gt=start
    )
    for row in rows.order_by("starts_at", "id"):
        found[row.member_id].append(row)
    return found
