"""The first screen of a volunteer: shifts they may take, free of clashes, near, the soonest first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import cos, radians
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from nhipcau.core.clock import local_date
from nhipcau.places.models import Unit
from nhipcau.shifts.enums import OpenTo, ShiftState
from nhipcau.shifts.models import Shift, ShiftNeed, TeamRoster
from nhipcau.signups.enums import AskState, Refusal, StandInMode, WaitState
from nhipcau.signups.models import Ask, SignUp, Waiting
from nhipcau.signups.queries.calling import seat_left_by
from nhipcau.signups.queries.facts import facts_of, members_with_facts, need_facts, needs_with_facts
from nhipcau.signups.rules.eligibility import (
    MemberFacts,
    NeedFacts,
    distance_km,
    refusals,
    said_free,
    when_asked,
)
from nhipcau.teams.models import Member

# A team releases its shifts so many days ahead at the most; one page shows a part of them, the rest is a
# link away.
_RELEASED: Final = 120
# So far ahead shifts not yet released are looked at too, so that the page can say why there are none.
_NEAR: Final = timedelta(days=28)
A_DAY: Final = 6
SHOWN: Final = 24
# More candidates of a day are looked at than shown: some are refused by the rules.
_LOOKED_AT_A_DAY: Final = 12
_LOOKED_AT: Final = 160
_DEGREE_KM: Final = 111.2
# A post lies up to so far from the middle of its commune.
_COMMUNE_KM: Final = 12
# Who goes very far is shown the nearest places that have something to offer.
_COMMUNES: Final = 30
_MIDDLE: Final = ("shift__commune__latitude", "shift__commune__longitude")


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that may be taken. `instead_of`: the sign-up whose member looks for a stand-in."""

    need: ShiftNeed
    kilometres: float | None
    free: bool | None
    instead_of: UUID | None

    @property
    def missing(self) -> int:
        """How many more people the shift needs at least."""
        return max(0, self.need.minimum - self.need.taken)


@dataclass(frozen=True, slots=True)
class ForMe:
    """A page of choices by day, what waits for an answer, and the day with which the next page begins.

    `why`: where there is no choice, what most often speaks against it.
    """

    days: list[tuple[date, list[Choice]]]
    asked: int
    offered: int
    later: date | None
    said: bool
    why: list[Refusal]


def for_me(
    member_id: UUID,
    *,
    now: datetime,
    start: date | None = None,
    one_day: bool = False,
    all_times: bool = False,
) -> ForMe:
    """What a member may take from day `start` on, grouped by day: at most six queries, whatever the size.

    Without `all_times`, only times at which the member did not say to be away. `one_day`: all of one day.
    """
    today = local_date(now)
    first = max(start or today, today)
    until = first + timedelta(days=1) if one_day else max(first, today + timedelta(days=_RELEASED + 1))
    row: Any = _counted(members_with_facts(first, until, now), now).get(pk=member_id)
    member = facts_of([row])[member_id]
    found = _candidates(member, first, until, now, a_day=_LOOKED_AT if one_day else _LOOKED_AT_A_DAY)
    turns = {need: (turn, stand_in) for turn, (need, stand_in) in enumerate(found[:_LOOKED_AT])}
    rows: list[Any] = list(needs_with_facts(now, member=member_id).filter(pk__in=list(turns)))
    wanted = sorted(rows, key=lambda need: turns[need.pk][0])
    facts = need_facts(wanted, beside=not _surely_experienced(member, wanted))
    choices: list[Choice] = []
    against: list[Refusal] = []
    for need, fact in zip(wanted, facts, strict=True):
        stand_in = turns[need.pk][1]
        reasons = _against(member, fact, stand_in, now)
        against += reasons
        if not reasons:
            km, free = distance_km(member, fact.shift), said_free(member, fact.shift)
            choices.append(Choice(need, km, free, stand_in))
    if not all_times:
        choices = [choice for choice in choices if choice.free is not False]
    cut = len(wanted) == _LOOKED_AT
    days, later = _by_day(choices, most=len(choices) if one_day else A_DAY, shown=60 if one_day else SHOWN)
    if later is None and cut and not one_day:
        later = wanted[-1].shift.day
    said = member.free_hours is not None and member.free_hours.said
    why = [reason for reason, _times in Counter(against).most_common(2)] if not choices else []
    return ForMe(days, row.asked_, row.offered_, later if later != first else None, said, why)


def _against(member: MemberFacts, fact: NeedFacts, instead_of: UUID | None, now: datetime) -> list[Refusal]:
    """A place whose holder looks for a stand-in is a free one for whoever takes it over."""
    if instead_of is None:
        return refusals(member, fact, now)
    return when_asked(refusals(member, seat_left_by(fact, None), now))


def _surely_experienced(member: MemberFacts, needs: Iterable[Any]) -> bool:
    """Whether nobody has to be counted, because the member is no newcomer wherever they look."""
    return member.attended >= 50 or not any(need.pairs_newcomers for need in needs)


def _counted(members: QuerySet[Member], now: datetime) -> QuerySet[Member]:
    asks = Ask.objects.filter(member_id=OuterRef("pk"), state=AskState.OPEN, need__shift__starts_at__gt=now)
    offers = Waiting.objects.filter(member_id=OuterRef("pk"), state=WaitState.OFFERED, offer_until__gt=now)
    return members.annotate(asked_=_number(asks), offered_=_number(offers))


def _number(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("member_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _candidates(
    member: MemberFacts, first: date, until: date, now: datetime, *, a_day: int
) -> QuerySet[ShiftNeed, tuple[UUID, UUID | None]]:
    """Needs with a free place in the member's places and days: the nearest of each day, by day.

    Only their ids, each with a sign-up whose member looks for a stand-in, so that the rest is read for
    those few that are looked at.
    """
    open_ask = SignUp.objects.filter(
        need_id=OuterRef("pk"), asks__state=AskState.OPEN, asks__mode=StandInMode.OPEN
    ).exclude(member_id=member.id)
    stand_in = Subquery(open_ask.order_by("pk").values("pk")[:1], output_field=UUIDField())
    needs = (
        ShiftNeed.objects.filter(
            _where(member, first, until),
            Q(shift__day__lt=local_date(now) + _NEAR) | Q(shift__day__lte=_last_day_released(now)),
            shift__day__gte=first,
            shift__day__lt=until,
            shift__state=ShiftState.OPEN,
            shift__starts_at__gt=now,
            qualifications__contained_by=list(member.qualifications),
        )
        .annotate(stand_in=stand_in, away_=_squared_distance(member, *_MIDDLE))
        .filter(Q(taken__lt=F("maximum")) | Q(Exists(open_ask)))
    )
    for duty in member.duties:
        needs = needs.exclude(shift__starts_at__lt=duty.ends_at, shift__ends_at__gt=duty.starts_at)
    turn = ("away_", "shift__starts_at", "pk")
    nearest = Window(RowNumber(), partition_by=[F("shift__day")], order_by=turn)
    of_each_day = needs.annotate(place_in_day=nearest).filter(place_in_day__lte=a_day)
    return of_each_day.order_by("shift__day", *turn).values_list("pk", "stand_in")


def _last_day_released(now: datetime) -> Any:
    """`rules.eligibility.last_day_released` by the settings of the team, in the database."""
    days = Coalesce(F("shift__team__roster_settings__release_days"), Value(TeamRoster().release_days))
    today = Value(local_date(now), output_field=DateField())
    return ExpressionWrapper(today + days, output_field=DateField())


def _where(member: MemberFacts, first: date, until: date) -> Q:
    """The member's own teams, their communes, and what is in reach and open to that."""
    communes = {spell.commune for spell in member.spells}
    where = Q(shift__team_id__in={spell.team for spell in member.spells})
    where |= Q(shift__commune_id__in=communes, shift__open_to__in=[OpenTo.COMMUNE, OpenTo.REACH])
    near = _communes_near(member, first, until)
    return where | Q(shift__commune_id__in=near, shift__open_to=OpenTo.REACH) if near else where


def _communes_near(member: MemberFacts, first: date, until: date) -> list[str]:
    """The nearest communes with an open shift that may be in reach; the rules measure exactly."""
    if member.latitude is None or member.longitude is None:
        return [member.commune] if member.commune else []
    north = (member.reach_km + _COMMUNE_KM) / _DEGREE_KM
    east = north / max(0.1, cos(radians(member.latitude)))
    open_there = Shift.objects.filter(
        commune_id=OuterRef("pk"),
        day__gte=first,
        day__lt=until,
        open_to=OpenTo.REACH,
        state=ShiftState.OPEN,
    )
    found = Unit.objects.filter(
        Exists(open_there),
        parent__isnull=False,
        latitude__range=(member.latitude - north, member.latitude + north),
        longitude__range=(member.longitude - east, member.longitude + east),
    )
    away = _squared_distance(member, "latitude", "longitude")
    return list(found.order_by(away, "code").values_list("code", flat=True)[:_COMMUNES])


def _squared_distance(member: MemberFacts, latitude: str, longitude: str) -> Any:
    """Near first, without leaving the database; by the middle of the commune, flat earth."""
    if member.latitude is None or member.longitude is None:
        return Value(0.0, output_field=FloatField())
    north = F(latitude) - Value(member.latitude)
    east = (F(longitude) - Value(member.longitude)) * Value(cos(radians(member.latitude)))
    return north * north + east * east


Days = list[tuple[date, list[Choice]]]


def _by_day(choices: list[Choice], *, most: int, shown: int) -> tuple[Days, date | None]:
    """The choices by day, `most` each, and the day that no longer fits."""
    days: dict[date, list[Choice]] = {}
    for choice in choices:
        days.setdefault(choice.need.shift.day, []).append(choice)
    fits: Days = []
    count = 0
    for day, rows in sorted(days.items()):
        nearest = sorted(rows[:most], key=lambda one: (one.need.shift.starts_at, one.kilometres or 0.0))
        if fits and count + len(nearest) > shown:
            return fits, day
        fits.append((day, nearest[:shown]))
        count += len(nearest)
    return fits, None
