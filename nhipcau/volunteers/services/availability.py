"""When members can help and how much: said by themselves, or by who leads for one without a phone."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.teams.access import MemberActor
from nhipcau.teams.models import Member
from nhipcau.volunteers.enums import DayPart, Liking
from nhipcau.volunteers.models import DateAvailability, VolunteerProfile, WeeklyAvailability
from nhipcau.volunteers.queries import places_of
from nhipcau.volunteers.rules import HOURS_A_DAY, MOST_KM, SHIFTS_A_WEEK, check_days, check_speak_for

KEPT_DAYS = timedelta(days=90)


class UnableToSetLimits(UnableTo):
    """A limit lies outside what makes sense."""

    code = "volunteers.unable_to_set_limits"


def _check(by: MemberActor | None, member: Member, now: datetime) -> None:
    places = places_of([member.pk], today=local_date(now))[member.pk]
    check_speak_for(by, member=member.pk, places=places)


def set_week(
    *, by: MemberActor | None, now: datetime, member: Member, week: Mapping[tuple[int, DayPart], Liking]
) -> None:
    """The usual week (Monday 0) as a whole: what is not named is not free."""
    with unit_of_work(by=by, now=now):
        _check(by, member, now)
        Member.objects.select_for_update().get(pk=member.pk)  # two hands at once would double the rows
        WeeklyAvailability.objects.filter(member=member).delete()
        WeeklyAvailability.objects.bulk_create(
            WeeklyAvailability(id=new_id(now), member=member, weekday=weekday, part=part, liking=liking)
            for (weekday, part), liking in week.items()
        )


def set_weeks_in_bulk(
    *, by: MemberActor | None, now: datetime, weeks: Mapping[UUID, Mapping[tuple[int, DayPart], Liking]]
) -> None:
    """The usual weeks of many new members at once: none of them has said one yet."""
    with unit_of_work(by=by, now=now):
        for member, places in places_of(weeks, today=local_date(now)).items():
            check_speak_for(by, member=member, places=places)
        WeeklyAvailability.objects.bulk_create(
            (
                WeeklyAvailability(
                    id=new_id(now), member_id=member, weekday=weekday, part=part, liking=liking
                )
                for member, week in weeks.items()
                for (weekday, part), liking in week.items()
            ),
            batch_size=2000,
        )


def set_days(
    *,
    by: MemberActor | None,
    now: datetime,
    member: Member,
    first: date,
    last: date,
    parts: Collection[DayPart],
    free: bool,
) -> None:
    """From the first to the last day, both included: away, or free although not usually."""
    with unit_of_work(by=by, now=now):
        _check(by, member, now)
        check_days(first, last, today=local_date(now))
        rows = [
            DateAvailability(
                id=new_id(now), member=member, day=first + timedelta(days=step), part=part, free=free
            )
            for step in range((last - first).days + 1)
            for part in set(parts or DayPart)
        ]
        DateAvailability.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["member", "day", "part"], update_fields=["free"]
        )


def clear_days(*, by: MemberActor | None, now: datetime, member: Member, first: date, last: date) -> int:
    """The usual week holds again from the first to the last day; how many rows went."""
    with unit_of_work(by=by, now=now):
        _check(by, member, now)
        return DateAvailability.objects.filter(member=member, day__range=(first, last)).delete()[0]


def set_limits(
    *,
    by: MemberActor | None,
    now: datetime,
    member: Member,
    shifts_a_week: int,
    hours_a_day: int,
    reach_km: int,
) -> VolunteerProfile:
    """How much a member wants to serve at most, and how far from home."""
    with unit_of_work(by=by, now=now):
        _check(by, member, now)
        least, most = SHIFTS_A_WEEK
        if not least <= shifts_a_week <= most:
            raise UnableToSetLimits(_("Between 0 and 14 shifts a week."))
        least, most = HOURS_A_DAY
        if not least <= hours_a_day <= most:
            raise UnableToSetLimits(_("Between 1 and 12 hours a day."))
        if not 0 <= reach_km <= MOST_KM:
            raise UnableToSetLimits(_("Between 0 and 300 km."))
        values = {
            "shifts_a_week": shifts_a_week,
            "hours_a_day": hours_a_day,
            "reach_km": reach_km,
            "updated_at": now,
        }
        return VolunteerProfile.objects.update_or_create(member=member, defaults=values)[0]


def forget_old_days(*, now: datetime) -> int:
    """Removes exceptions that have long passed; how many."""
    with unit_of_work(by=None, now=now):
        return DateAvailability.objects.filter(day__lt=local_date(now) - KEPT_DAYS).delete()[0]
