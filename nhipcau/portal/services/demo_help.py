"""The demo's exceptions: a place that is closed, and communes that ask each other for people."""

from datetime import datetime, timedelta
from typing import Final

from nhipcau.core.clock import local_date
from nhipcau.core.ids import new_id
from nhipcau.portal.services.demo_people import HOME_COMMUNE, Crew
from nhipcau.reinforcement import queries
from nhipcau.reinforcement import services as reinforcement
from nhipcau.reinforcement.enums import Why
from nhipcau.reinforcement.models import Request
from nhipcau.shifts.enums import ClosureReason
from nhipcau.staffing.services.closures import close_place
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.volunteers.enums import DayPart

PROVINCE_LOGIN: Final = "dieuphoitinh"
# So many days of help are asked for, from tomorrow.
DAYS: Final = 5


def make_exceptions(crews: list[Crew], short: tuple[str, ...], *, now: datetime) -> int:
    """One commune closed next week, two requests for help, one of them with an offer. How many requests."""
    teams = {crew.unit.code: crew for crew in reversed(crews)}
    _close(teams, short, now)
    near, other = (_ask(teams[code], now) for code in short[:2])
    _offer(near, teams[HOME_COMMUNE], now)
    return len([near, other])


def _close(teams: dict[str, Crew], short: tuple[str, ...], now: datetime) -> None:
    """The first commune that lacks nobody, for two days of next week."""
    today = local_date(now)
    monday = today + timedelta(days=7 - today.weekday())
    code = next(code for code in sorted(teams) if code not in (HOME_COMMUNE, *short))
    close_place(
        by=None,
        now=now,
        commune=teams[code].unit,
        point=None,
        reason=ClosureReason.FLOOD,
        starts_on=monday,
        ends_on=monday + timedelta(days=2),
    )


def _ask(crew: Crew, now: datetime) -> Request:
    leader = actor_of(Member.objects.get(pk=crew.members[0]), now)
    first = local_date(now) + timedelta(days=1)
    short = queries.short_shifts_of_team(
        crew.team, now=now, start=first, end=first + timedelta(days=DAYS), for_=leader
    )
    return reinforcement.ask_for_help(
        request=reinforcement.NewRequest(
            id=new_id(now),
            team=crew.team,
            starts_on=first,
            ends_on=first + timedelta(days=DAYS),
            parts=(DayPart.MORNING, DayPart.AFTERNOON),
            people=2,
            why=Why.MORE_PEOPLE_COME,
            meals=True,
            shifts=tuple(shift.pk for shift in short),
        ),
        by=leader,
        now=now,
    )


def _offer(request: Request, home: Crew, now: datetime) -> None:
    """The province proposes people of the home commune, or of the next best team."""
    province = actor_of(Member.objects.get(username=PROVINCE_LOGIN), now)
    found = queries.candidates(request, for_=province, now=now)
    best = next((team for team in found if team.team == home.team and team.spare), None)
    chosen = best or next((team for team in found if team.useful), None)
    if chosen is not None:
        # The volunteer of the demo comes first, so that somebody who can sign in is asked.
        able = [one.id for one in chosen.people if one.can_be_offered and one.id != home.members[0]]
        able.sort(key=lambda member: member != home.members[1])
        reinforcement.offer_people(
            request_id=request.pk,
            team_id=chosen.team,
            members=able[: min(2, chosen.spare)],
            by=province,
            now=now,
        )
