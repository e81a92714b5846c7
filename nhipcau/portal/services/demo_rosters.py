"""The demo's rosters: posts at the centres, shifts around today, who signed up, who came, who is lacking.

The first four days of July 2025 lie beside the demo's help sessions; the rest lies around the day on which
the demo is loaded, two weeks back and three weeks ahead, so that a volunteer finds shifts to take and a
province finds communes that lack people. Everything is chosen by a seed and the members' own free hours.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID

from nhipcau.attendance import services as attendance
from nhipcau.attendance.enums import Method
from nhipcau.core.clock import day_bounds, local_date
from nhipcau.core.ids import new_id
from nhipcau.places.models import Unit
from nhipcau.portal.services.demo_people import EVIDENCE, FIRST_MORNING, HOME_COMMUNE, Crew
from nhipcau.shifts import services as shift_services
from nhipcau.shifts.enums import OpenTo, Reason
from nhipcau.shifts.models import PostRule, ShiftNeed
from nhipcau.shifts.services.shifts import generate_shifts
from nhipcau.signups import services as signup_services
from nhipcau.signups.enums import SignUpState
from nhipcau.volunteers import queries
from nhipcau.volunteers import services as volunteers
from nhipcau.volunteers.enums import EXPERIENCED

SEED: Final = 20250702
FIRST_DAY, AFTER_FIRST_DAYS = date(2025, 7, 1), date(2025, 7, 5)
BACK, AHEAD = timedelta(days=14), timedelta(days=22)
POST = "Bàn hướng dẫn tại trung tâm"
HOME_LANGUAGE = "kpm"
COMMUNE_TEAM = 10
SHORT_COMMUNES = 12
_WEEKDAYS = (0, 1, 2, 3, 4)
_HOURS = ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0)))
_LONGEST_WEEK, _SPARED_WEEK = 4, 2
_WHY_NOT = (Reason.ILL, Reason.FAMILY, Reason.WORK, Reason.SCHOOL)
# How many come: (numbers, weights) for days gone by, the coming week, the week after, and then.
_PAST, _SOON = ((1, 2, 3), (5, 70, 25)), ((2, 3), (78, 22))
_NEXT, _LATER = ((1, 2, 3), (25, 65, 10)), ((0, 1), (75, 25))
_SHORT = ((0, 1), (55, 45))
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Rosters:
    """What was made, as the services counted it, and the communes that lack people."""

    shifts: int
    sign_ups: int
    attendances: int
    short: tuple[str, ...]


@dataclass(slots=True)
class _Duties:
    """Who of a crew is on what, so that nobody is in two places or serves too often."""

    members: tuple[UUID, ...]
    known: frozenset[UUID]
    speakers: frozenset[UUID]
    hours: Mapping[UUID, queries.Availability]
    # The volunteer who signs in keeps room for shifts to take.
    spared: UUID | None = None
    served: Counter[UUID] = field(default_factory=Counter)
    weeks: Counter[tuple[UUID, tuple[int, int]]] = field(default_factory=Counter)
    on: set[tuple[UUID, UUID]] = field(default_factory=set)

    def choose(self, need: ShiftNeed, count: int, random: Random) -> list[UUID]:
        """So many who are free, the least used first, somebody experienced before anybody else."""
        shift = need.shift
        week = shift.day.isocalendar()[:2]
        free = [
            member
            for member in self.members
            if self.weeks[member, week] < (_SPARED_WEEK if member == self.spared else _LONGEST_WEEK)
            and (member, shift.pk) not in self.on
            and self.hours[member].free_during(shift.starts_at, shift.ends_at)
            and (not need.languages or member in self.speakers)
        ]
        random.shuffle(free)
        free.sort(key=lambda member: self.served[member])
        first = next((member for member in free if member in self.known), None)
        ordered = [*([first] if first else []), *(member for member in free if member != first)]
        chosen = ordered[: min(count, need.maximum)]
        for member in chosen:
            self.served[member] += 1
            self.weeks[member, week] += 1
            self.on.add((member, shift.pk))
        return chosen


def make_rosters(crews: list[Crew], *, now: datetime, progress: Progress) -> Rosters:
    """Everything but the requests for help (`demo_help`), in the transaction of the demo."""
    random = Random(SEED)  # noqa: S311 - a repeatable demo, not a secret
    teams = [crew for crew in crews if len(crew.members) == COMMUNE_TEAM]
    short = _short_communes(teams, random)
    _know_the_work(teams)
    _add_posts(teams, random)
    shifts = _make_shifts(now)
    progress(1, 4)
    sign_ups = _sign_ups(teams, short, random, now)
    signup_services.sign_up_in_bulk(sign_ups=sign_ups, by=None, now=now)
    progress(3, 4)
    attendances = _attendances(sign_ups, teams, random, now)
    attendance.record_in_bulk(attendances=attendances, by=None, now=now)
    progress(4, 4)
    return Rosters(shifts, len(sign_ups), len(attendances), short)


def _short_communes(teams: list[Crew], random: Random) -> tuple[str, ...]:
    """The two nearest to the home commune, and others anywhere."""
    home = next(crew.unit for crew in teams if crew.unit.code == HOME_COMMUNE)
    others = sorted(
        (crew.unit for crew in teams if crew.unit.code != HOME_COMMUNE), key=lambda unit: _away(home, unit)
    )
    return tuple(unit.code for unit in [*others[:2], *random.sample(others[2:], SHORT_COMMUNES - 2)])


def _away(one: Unit, other: Unit) -> float:
    return (one.latitude - other.latitude) ** 2 + (one.longitude - other.longitude) ** 2


def _know_the_work(teams: list[Crew]) -> None:
    """The leader and the first five of each team have been at a post before."""
    volunteers.note_in_bulk(
        by=None,
        now=FIRST_MORNING,
        grants=[
            volunteers.NewGrant(member, EXPERIENCED, EVIDENCE, approved=True)
            for crew in teams
            for member in crew.members[:6]
        ],
    )


def _add_posts(teams: list[Crew], random: Random) -> None:
    signup_services.add_posts_in_bulk(
        by=None,
        now=FIRST_MORNING,
        posts=[
            signup_services.NewPost(
                id=new_id(FIRST_MORNING, random.getrandbits(74)),
                team=crew.team,
                commune=crew.unit.code,
                point=crew.point,
                name=POST,
                open_to=OpenTo.REACH,
                active_from=FIRST_DAY,
                rules=tuple(
                    signup_services.NewRule(_WEEKDAYS, starts, ends, _needs(crew)) for starts, ends in _HOURS
                ),
            )
            for crew in teams
        ],
    )


def _needs(crew: Crew) -> tuple[shift_services.NeedSpec, ...]:
    """Two at least everywhere; where most people speak K'Ho, one more who does."""
    guide = shift_services.NeedSpec("Hướng dẫn", minimum=2, ideal=3, maximum=4)
    if crew.unit.code != HOME_COMMUNE:
        return (guide,)
    speaker = shift_services.NeedSpec(
        "Hướng dẫn bằng tiếng K'Ho", minimum=1, ideal=1, maximum=2, languages={HOME_LANGUAGE: "good"}
    )
    return (guide, speaker)


def _make_shifts(now: datetime) -> int:
    """The shifts of the seed's weekdays and of the weeks around today; public holidays are left out."""
    rules = list(
        PostRule.objects.select_related("post__team", "post__commune")
        .prefetch_related("needs")
        .order_by("post__commune_id", "starts", "id")
    )
    today = local_date(now)
    stretches = ((FIRST_DAY, AFTER_FIRST_DAYS), (today - BACK, today + AHEAD))
    made = 0
    for start, end in stretches:
        before = day_bounds(start)[0] - timedelta(hours=1)
        made += len(
            generate_shifts(by=None, now=before, rules=rules, start=start, end=end, open_at_once=True).made
        )
    return made


def _sign_ups(
    teams: list[Crew], short: tuple[str, ...], random: Random, now: datetime
) -> list[signup_services.NewSignUp]:
    """By the members' own free hours; in short communes hardly anybody comes in the next two weeks."""
    today = local_date(now)
    by_team: dict[UUID, list[ShiftNeed]] = {}
    needs = ShiftNeed.objects.select_related("shift").order_by("shift__starts_at", "position", "id")
    for need in needs:
        by_team.setdefault(need.shift.team_id, []).append(need)
    members = [member for crew in teams for member in crew.members[1:]]
    hours = queries.availability(members, FIRST_DAY, today + AHEAD)
    made: list[signup_services.NewSignUp] = []
    for crew in teams:
        duties = _Duties(
            crew.members[1:],
            known=frozenset(crew.members[1:6]),
            speakers=frozenset(crew.members[1::3]) if crew.unit.code == HOME_COMMUNE else frozenset(),
            hours=hours,
            spared=crew.members[1] if crew.unit.code == HOME_COMMUNE else None,
        )
        for need in by_team.get(crew.team, ()):
            numbers, weights = _usual(need.shift.day, today, lacks=crew.unit.code in short)
            count = random.choices(numbers, weights)[0]
            chosen = duties.choose(need, 1 if need.languages else count, random)
            made += [_sign_up(need, member, random, now) for member in chosen]
    return made


def _usual(day: date, today: date, *, lacks: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if day < today:
        return _PAST
    if day >= today + timedelta(days=14):
        return _LATER
    if lacks:
        return _SHORT
    return _SOON if day < today + timedelta(days=7) else _NEXT


def _sign_up(need: ShiftNeed, member: UUID, random: Random, now: datetime) -> signup_services.NewSignUp:
    shift = need.shift
    wished = shift.starts_at - timedelta(minutes=random.randint(2 * 1440, 9 * 1440))
    made_at = max(FIRST_MORNING - timedelta(hours=1), min(wished, now - timedelta(hours=1)))
    steps = [signup_services.Step(SignUpState.CONFIRMED, made_at, signup_services.Mover.MEMBER)]
    if shift.ends_at <= now:
        steps.append(_outcome(shift.starts_at, shift.ends_at, random))
    return signup_services.NewSignUp(new_id(made_at, random.getrandbits(74)), need.pk, member, tuple(steps))


def _outcome(starts_at: datetime, ends_at: datetime, random: Random) -> signup_services.Step:
    """Nearly everybody comes; some say that they cannot, a few do not."""
    chance = random.random()
    if chance < 0.93:
        return signup_services.Step(SignUpState.ATTENDED, starts_at, signup_services.Mover.POST)
    if chance < 0.97:
        return signup_services.Step(
            SignUpState.EXCUSED, starts_at, signup_services.Mover.LEADER, random.choice(_WHY_NOT)
        )
    return signup_services.Step(SignUpState.NO_SHOW, ends_at, signup_services.Mover.LEADER)


def _attendances(
    sign_ups: Iterable[signup_services.NewSignUp], teams: list[Crew], random: Random, now: datetime
) -> list[attendance.NewAttendance]:
    """When they came and left; what is older than two days is approved by the leader."""
    leader_of = {member: crew.members[0] for crew in teams for member in crew.members}
    attended = [one for one in sign_ups if one.steps[-1].to == SignUpState.ATTENDED]
    needs = ShiftNeed.objects.select_related("shift").in_bulk({one.need for one in attended})
    made = []
    for one in attended:
        shift, leader = needs[one.need].shift, leader_of[one.member]
        came = shift.starts_at + timedelta(minutes=random.randint(-14, 9))
        left = min(shift.ends_at + timedelta(minutes=random.randint(-8, 18)), now)
        method = random.choices((Method.QR, Method.BUTTON, Method.LEADER), (75, 15, 10))[0]
        approved = shift.ends_at < now - timedelta(days=2)
        made.append(
            attendance.NewAttendance(
                sign_up=one.id,
                came=came,
                left=left,
                method=method,
                recorded_by=leader if method == Method.LEADER else one.member,
                approved_by=leader if approved else None,
                approved_at=left + timedelta(hours=random.randint(1, 20)) if approved else None,
            )
        )
    return made
