"""Teams large enough for a roster: people with hours, posts with shifts for days in a row."""

from dataclasses import dataclass
from datetime import date, timedelta

from nhipcau.shifts.models import Post, ShiftNeed
from nhipcau.teams import services as teams
from nhipcau.teams.models import Member, Team
from nhipcau.volunteers.enums import DayPart, Liking
from nhipcau.volunteers.models import WeeklyAvailability

from .cast import NOW, Cast
from .rosters import SHIFT_DAY, make_post, make_shift

MORNING, AFTERNOON, EVENING = (7, 11.5), (13.5, 17), (18.5, 21)
UNTIL = SHIFT_DAY + timedelta(days=7)


@dataclass(frozen=True)
class Crew:
    """A team, its people besides the leader, its posts and the needs of their shifts."""

    team: Team
    people: list[Member]
    posts: list[Post]
    needs: list[ShiftNeed]


def free(member: Member, *parts: DayPart, days: range = range(7), liking: Liking = Liking.CAN) -> None:
    """The member is free then every week; in the mornings and afternoons unless told."""
    WeeklyAvailability.objects.bulk_create(
        WeeklyAvailability(member=member, weekday=day, part=part, liking=liking)
        for day in days
        for part in parts or (DayPart.MORNING, DayPart.AFTERNOON)
    )


def join(team: Team, *, number: int, prefix: str = "crew", since: date = date(2025, 1, 6)) -> list[Member]:
    """People of the commune, in the team for long, free in the mornings and afternoons."""
    people = []
    for at in range(number):
        member = teams.register_member(
            by=None, now=NOW, username=f"{prefix}{at}", name=f"Bạn {prefix} {at}", commune=team.commune_id
        )
        teams.add_to_team(by=None, now=NOW, team=team, member=member, starts_on=since)
        free(member)
        people.append(member)
    return people


def make_crew(
    cast: Cast,
    *,
    people: int = 6,
    days: int = 5,
    posts: int = 1,
    halves: tuple[tuple[float, float], ...] = (MORNING, AFTERNOON),
    name: str = "Đội Trực",
    **need: object,
) -> Crew:
    """A team with posts served on `days` days in a row from the Monday after NOW."""
    start = NOW - timedelta(days=300)
    team = teams.make_team(by=None, now=start, name=name, commune=cast.commune.code)
    own = [make_post(team, name=f"Bàn {at + 1}") for at in range(posts)]
    needs = [
        make_shift(post, day=SHIFT_DAY + timedelta(days=day), hours=half, **need)
        for day in range(days)
        for post in own
        for half in halves
    ]
    return Crew(team, join(team, number=people, prefix=f"{name[-1].lower()}{name[4:5].lower()}-"), own, needs)
