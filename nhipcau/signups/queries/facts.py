"""Fetching what the rules of eligibility need: many members, many needs, a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from nhipcau.core.clock import local_date
from nhipcau.shifts.models import Shift, ShiftNeed, TeamRoster
from nhipcau.signups.enums import BUSY, HOLDING, SignUpState, WaitState
from nhipcau.signups.models import SignUp, Waiting
from nhipcau.signups.queries.prepared import Prepared
from nhipcau.signups.rules.eligibility import Days, Duty, MemberFacts, NeedFacts, ShiftFacts, Spell
from nhipcau.teams.models import Member, MemberLanguage, TeamMembership
from nhipcau.volunteers.enums import EXPERIENCED, DayPart, GrantState, Liking
from nhipcau.volunteers.models import (
    DateAvailability,
    GuardianConsent,
    QualificationGrant,
    VolunteerProfile,
    WeeklyAvailability,
)
from nhipcau.volunteers.queries import Availability, edges

# A duty of the week before may still bear on rest and on the week's count.
_BEFORE = timedelta(days=8)


def _listed(rows: QuerySet[Any], **columns: str) -> ArraySubquery:
    return ArraySubquery(rows.order_by().values(row=JSONObject(**columns)))


def _attended(member: str) -> Coalesce:
    """How many shifts a member attended, as a column."""
    rows = SignUp.objects.filter(member_id=OuterRef(member), state=SignUpState.ATTENDED)
    counted = rows.order_by().values("member_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def members_with_facts(start: date, end: date, now: datetime, *, hours: bool = True) -> QuerySet[Member]:
    """Members, each with columns from which `facts_of` reads what matters for shifts in `[start, end)`.

    Without `hours`, what they said of their free hours is left out: it is advice, and no reason against.
    """
    members = _members(start=start, end=end, since=_since(start, now))
    return _with_hours(members, start, end) if hours else members


def _since(start: date, now: datetime) -> datetime:
    """From when on duties may bear on shifts from day `start` on."""
    return min(now, now + (start - local_date(now))) - _BEFORE


def _members(*, start: date, end: date, since: datetime) -> QuerySet[Member]:
    mine = {"member_id": OuterRef("pk")}
    in_time = Q(ends_on__isnull=True) | Q(ends_on__gt=start)
    granted = Q(valid_until__isnull=True) | Q(valid_until__gt=start)
    return Member.objects.select_related("commune", "volunteer_profile").annotate(
        spells_=_listed(
            TeamMembership.objects.filter(in_time, starts_on__lt=end, **mine),
            team="team_id", commune="team__commune_id", start="starts_on", end="ends_on",
            team_end="team__ends_on",
        ),
        languages_=_listed(MemberLanguage.objects.filter(**mine), code="language", level="level"),
        consents_=_listed(
            GuardianConsent.objects.filter(given_on__lt=end, valid_until__gt=start, **mine),
            start="given_on", end="valid_until", ended="ended_on",
        ),
        grants_=_listed(
            QualificationGrant.objects.filter(
                granted, state=GrantState.APPROVED, valid_from__lt=end, **mine
            ),
            code="qualification_id", start="valid_from", end="valid_until",
        ),
        duties_=_listed(
            SignUp.objects.filter(state__in=BUSY, starts_at__gte=since, **mine),
            shift="shift_id", start="starts_at", end="ends_at",
        ),
        attended_=_attended("pk"),
    )  # fmt: skip


def _with_hours(members: QuerySet[Member], start: date, end: date) -> QuerySet[Member]:
    mine = {"member_id": OuterRef("pk")}
    return members.annotate(
        weekly_=_listed(
            WeeklyAvailability.objects.filter(**mine), weekday="weekday", part="part", liking="liking"
        ),
        dated_=_listed(
            DateAvailability.objects.filter(day__gte=start, day__lt=end, **mine),
            day="day", part="part", free="free",
        ),
    )  # fmt: skip


def facts_of(members: Iterable[Member]) -> dict[UUID, MemberFacts]:
    """The facts of members read by `members_with_facts`; one more query where qualifications are held."""
    rows: list[Any] = list(members)
    included = edges() if any(row.grants_ for row in rows) else {}
    return {row.pk: _facts(row, included) for row in rows}


def member_facts(
    members: Iterable[UUID], *, start: date, end: date, now: datetime
) -> dict[UUID, MemberFacts]:
    """The facts of these members for shifts on days of `[start, end)`: at most two queries."""
    return facts_of(members_with_facts(start, end, now).filter(pk__in=list(members)))


_ONE_MEMBER = Prepared[Member](
    lambda member, **days: _members(**days).filter(pk=member),
    member=UUID,
    start=date,
    end=date,
    since=datetime,
)


def facts_for_day(member: UUID, day: date, now: datetime) -> MemberFacts | None:
    """The facts of one member for shifts of one day, without their free hours: for whoever takes a place."""
    end = day + timedelta(days=1)
    rows = _ONE_MEMBER.rows(member=member, start=day, end=end, since=_since(day, now))
    return facts_of(rows).get(member)


def _facts(row: Any, included: Mapping[str, frozenset[str]]) -> MemberFacts:
    try:
        profile = row.volunteer_profile
    except ObjectDoesNotExist:
        profile = VolunteerProfile()
    return MemberFacts(
        id=row.pk,
        active=row.is_active,
        commune=row.commune_id or "",
        latitude=row.commune.latitude if row.commune else None,
        longitude=row.commune.longitude if row.commune else None,
        spells=tuple(
            Spell(UUID(one["team"]), one["commune"], _days(one["start"], one["end"], one["team_end"]))
            for one in row.spells_
        ),
        reach_km=profile.reach_km,
        shifts_a_week=profile.shifts_a_week,
        hours_a_day=profile.hours_a_day,
        minor_until=profile.minor_until,
        consents=tuple(_days(one["start"], one["end"], one["ended"]) for one in row.consents_),
        languages={one["code"]: one["level"] for one in row.languages_},
        qualifications=_qualifications(row.grants_, included),
        duties=tuple(_duty(one) for one in row.duties_),
        attended=row.attended_,
        free_hours=_free_hours(row),
    )


def _days(start: str, *ends: str | None) -> Days:
    known = [date.fromisoformat(end) for end in ends if end]
    return Days(date.fromisoformat(start), min(known, default=None))


def _duty(one: dict[str, str]) -> Duty:
    return Duty(UUID(one["shift"]), datetime.fromisoformat(one["start"]), datetime.fromisoformat(one["end"]))


def _qualifications(
    grants: Iterable[dict[str, str]], included: Mapping[str, frozenset[str]]
) -> dict[str, tuple[Days, ...]]:
    held: dict[str, list[Days]] = {}
    for grant in grants:
        waiting, seen = [grant["code"]], set()
        while waiting:
            code = waiting.pop()
            if code not in seen:
                seen.add(code)
                held.setdefault(code, []).append(_days(grant["start"], grant["end"]))
                waiting.extend(included.get(code, ()))
    return {code: tuple(days) for code, days in held.items()}


def _free_hours(row: Any) -> Availability | None:
    if not hasattr(row, "weekly_"):
        return None
    return Availability(
        row.pk,
        {(one["weekday"], DayPart(one["part"])): Liking(one["liking"]) for one in row.weekly_},
        {(date.fromisoformat(one["day"]), DayPart(one["part"])): one["free"] for one in row.dated_},
    )


def needs_with_facts(now: datetime, *, member: UUID | None = None) -> QuerySet[ShiftNeed]:
    """Needs with shift, post, place and settings of the team, and what others have been promised.

    `reserved_`: places offered to people in line, `waiting_`: people in line without an offer; both leave
    out the `member` who asks.
    """
    line = Waiting.objects.filter(need_id=OuterRef("pk")).exclude(member_id=member or UUID(int=0))
    offered = line.filter(state=WaitState.OFFERED, offer_until__gt=now)
    return ShiftNeed.objects.select_related(
        "shift__post__point", "shift__commune", "shift__team__roster_settings"
    ).annotate(reserved_=_count(offered), waiting_=_count(line.filter(state=WaitState.WAITING)))


def _own(member: UUID, tap: UUID) -> Subquery:
    """The member's own sign-up on the shift of a need, or that of a tap, as a column."""
    rows = SignUp.objects.filter(
        Q(pk=tap) | Q(shift_id=OuterRef("shift_id"), state__in=HOLDING), member_id=member
    )
    return Subquery(rows.values("pk")[:1])


def _place(*, need: UUID, member: UUID, tap: UUID, now: datetime) -> QuerySet[ShiftNeed]:
    return needs_with_facts(now, member=member).filter(pk=need).annotate(own_=_own(member, tap))


def _seats(*, need: UUID, member: UUID, tap: UUID) -> QuerySet[ShiftNeed]:
    return ShiftNeed.objects.filter(pk=need).annotate(own_=_own(member, tap))


_SEATS = Prepared[ShiftNeed](_seats, need=UUID, member=UUID, tap=UUID)
_PLACE = Prepared[ShiftNeed](_place, need=UUID, member=UUID, tap=UUID, now=datetime)


@dataclass(frozen=True, slots=True)
class Place:
    """A need as one member finds it; `own`: a sign-up of theirs that is there already, or of this tap."""

    row: ShiftNeed
    facts: NeedFacts
    own: UUID | None


def seats_left(need: UUID, *, member: UUID, tap: UUID) -> tuple[int, UUID | None] | None:
    """How many places are free, and the member's own sign-up, in the smallest of questions."""
    for row in _SEATS.rows(need=need, member=member, tap=tap):
        found: Any = row
        return row.free, found.own_
    return None


def place_for(need: UUID, *, member: UUID, tap: UUID, now: datetime) -> Place | None:
    """The need with all that the rules ask of it but who is on, in one query."""
    for row in _PLACE.rows(need=need, member=member, tap=tap, now=now):
        found: Any = row
        return Place(row, need_facts([row], beside=False)[0], found.own_)
    return None


def _count(rows: QuerySet[Waiting]) -> Coalesce:
    counted = rows.order_by().values("need_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def shift_facts(shift: Shift) -> ShiftFacts:
    """The facts of a shift that came with post, point, commune, team and settings."""
    try:
        settings = shift.team.roster_settings
    except ObjectDoesNotExist:
        settings = TeamRoster()
    point, commune = shift.post.point, shift.commune
    placed = point if point is not None and point.latitude is not None else commune
    return ShiftFacts(
        id=shift.pk,
        team=shift.team_id,
        commune=shift.commune_id,
        day=shift.day,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        state=shift.state,
        open_to=shift.open_to,
        adults_only=shift.post.adults_only,
        latitude=placed.latitude,
        longitude=placed.longitude,
        release_days=settings.release_days,
        most_ahead=settings.most_ahead,
        rest_hours=settings.rest_hours,
        experienced_after=settings.experienced_after,
        needs_confirming=settings.needs_confirming,
        offer_minutes=settings.offer_minutes,
    )


def need_facts(needs: Iterable[ShiftNeed], *, beside: bool = True) -> list[NeedFacts]:
    """The facts of needs read by `needs_with_facts`, in their order.

    `beside`: also who is on, experienced or not – one more query, where a need asks for it.
    """
    rows: list[Any] = list(needs)
    found = [
        NeedFacts(
            id=row.pk,
            shift=shift_facts(row.shift),
            maximum=row.maximum,
            taken=row.taken,
            reserved=row.reserved_,
            waiting=row.waiting_,
            qualifications=tuple(row.qualifications),
            languages=row.languages,
            pairs_newcomers=row.pairs_newcomers,
        )
        for row in rows
    ]
    return with_people(found) if beside else found


def with_people(needs: Iterable[NeedFacts]) -> list[NeedFacts]:
    """The same needs, each with how many experienced people and newcomers are on; one query or none."""
    rows = list(needs)
    wanted = {need.id: need.shift for need in rows if need.pairs_newcomers}
    if not wanted:
        return rows
    known = QualificationGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("shift__day")),
        member_id=OuterRef("member_id"),
        qualification_id=EXPERIENCED,
        state=GrantState.APPROVED,
        valid_from__lte=OuterRef("shift__day"),
    )
    on = SignUp.objects.filter(need_id__in=list(wanted), state__in=BUSY).annotate(
        attended_=_attended("member_id"), known_=Exists(known)
    )
    counts: dict[UUID, list[int]] = {key: [0, 0] for key in wanted}
    for need_id, attended, is_known in on.values_list("need_id", F("attended_"), F("known_")):
        experienced = is_known or attended >= wanted[need_id].experienced_after
        counts[need_id][0 if experienced else 1] += 1
    return [
        replace(need, experienced=counts[need.id][0], newcomers=counts[need.id][1])
        if need.id in counts
        else need
        for need in rows
    ]
