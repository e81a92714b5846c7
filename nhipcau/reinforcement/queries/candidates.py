"""Teams that could send people to a request, with what is known of each person: a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Greatest

from nhipcau.core.scope import Actor
from nhipcau.reinforcement.enums import LIVE_OFFERS, Answer
from nhipcau.reinforcement.models import OfferedPerson, Request
from nhipcau.reinforcement.queries.cover import open_needs
from nhipcau.reinforcement.rules.candidates import (
    FAR_KM,
    Candidate,
    Person,
    Slot,
    lacking,
    slots_of,
    speaks,
)
from nhipcau.reinforcement.rules.map import distance_km
from nhipcau.signups.queries.facts import member_facts
from nhipcau.signups.services import MemberFacts
from nhipcau.teams.enums import Permission, TeamKind
from nhipcau.teams.models import Team, TeamMembership
from nhipcau.volunteers import queries as volunteers

# So many near teams are looked at closely, and every team that is made to travel in reach.
MOST_TEAMS: Final = 20
# About 110 km of latitude; at most so far over the border of a province.
_DEGREES: Final = 1.0
TRAVELS: Final = (TeamKind.SPECIALISED, TeamKind.MOBILE)


def candidates(request: Request, *, for_: Actor, now: datetime, only: UUID | None = None) -> list[Candidate]:
    """The teams inside the actor's places that could help, best first; `only` that one.

    At most six queries, whatever the number of teams and people.
    """
    near = _near_teams(request, for_, only)
    if not near:
        return []
    slots = slots_of(request.starts_on, request.ends_on, request.parts)
    members = _members([team for team, _away in near], request)
    short = _short_at_home([team for team, _away in near], request)
    promised = _promised([team.pk for team, _away in near], request)
    taken = {member for _team, member in promised}
    names = {pk: name for rows in members.values() for pk, name in rows}
    people = {
        pk: replace(one, promised=pk in taken) for pk, one in _people(request, slots, names, now).items()
    }
    counted = Counter(team for team, _member in promised)
    found = [
        Candidate(
            team=team.pk,
            name=team.name,
            place=team.commune.full_name,
            kind=team.kind,
            distance=away,
            travels=team.kind in TRAVELS,
            people=tuple(
                sorted(
                    (people[pk] for pk, _name in members[team.pk] if pk in people),
                    key=lambda person: person.rank,
                )
            ),
            own_short=lacking(short[team.pk], slots),
            promised=counted[team.pk],
        )
        for team, away in near
    ]
    return sorted(found, key=lambda candidate: candidate.rank)


def candidate(request: Request, team: UUID, *, for_: Actor, now: datetime) -> Candidate | None:
    """One team as a candidate; None when it is not one the actor may ask."""
    return next(iter(candidates(request, for_=for_, now=now, only=team)), None)


def _near_teams(request: Request, actor: Actor, only: UUID | None) -> list[tuple[Team, float]]:
    here = request.commune
    scope = actor.scope(Permission.REINFORCEMENT_SEND)
    box = Q(
        commune__latitude__range=(here.latitude - _DEGREES, here.latitude + _DEGREES),
        commune__longitude__range=(here.longitude - _DEGREES, here.longitude + _DEGREES),
    )
    teams = (
        Team.objects.active(request.starts_on)
        .filter(scope.q("commune"), box | Q(commune__parent_id=here.parent_id))
        .exclude(pk=request.team_id)
        .exclude(offers_of_help__in=request.offers.filter(state__in=LIVE_OFFERS))
        .select_related("commune")
        .order_by("name", "id")
    )
    if only is not None:
        teams = teams.filter(pk=only)
    centre = (here.latitude, here.longitude)
    rows = [(team, distance_km(centre, (team.commune.latitude, team.commune.longitude))) for team in teams]
    rows.sort(key=lambda row: row[1])
    travelling = [row for row in rows if row[0].kind in TRAVELS][:MOST_TEAMS]
    others = [row for row in rows if row[0].kind not in TRAVELS and (row[1] <= FAR_KM or only)]
    return [*travelling, *others[:MOST_TEAMS]]


def _members(teams: Iterable[Team], request: Request) -> dict[UUID, list[tuple[UUID, str]]]:
    """Team -> its members on the first day; nobody of the team that asks."""
    found: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    own = TeamMembership.objects.active(request.starts_on).filter(team_id=request.team_id)
    rows = (
        TeamMembership.objects.active(request.starts_on)
        .filter(team__in=[team.pk for team in teams], member__is_active=True)
        .exclude(member_id__in=own.values("member_id"))
        .order_by("member__name", "id")
        .values_list("team_id", "member_id", "member__name")
    )
    for team, member, name in rows:
        found[team].append((member, name))
    return found


def _people(
    request: Request, slots: tuple[Slot, ...], names: dict[UUID, str], now: datetime
) -> dict[UUID, Person]:
    """What is known of each person for these days, from the facts by which the roster decides."""
    facts = member_facts(names, start=request.starts_on, end=request.ends_on, now=now)
    return {pk: _person(facts[pk], name, request, slots) for pk, name in names.items() if pk in facts}


def _person(facts: MemberFacts, name: str, request: Request, slots: tuple[Slot, ...]) -> Person:
    day, hours = request.starts_on, facts.free_hours
    minor = facts.minor_until is not None and day < facts.minor_until
    taken = {
        Slot(*touched)
        for duty in facts.duties
        for touched in volunteers.parts_of(duty.starts_at, duty.ends_at)
    } & set(slots)
    free = {slot for slot in slots if hours and hours.free(slot.day, slot.part)} - taken
    away = {slot for slot in slots if hours and hours.away(slot.day, slot.part)}
    return Person(
        id=facts.id,
        name=name,
        may_serve=facts.active and (not minor or any(days.hold(day) for days in facts.consents)),
        qualified=all(facts.has(code, day) for code in request.qualifications),
        speaks=speaks(facts.languages, request.languages),
        said=hours is not None and hours.said,
        free=len(free),
        busy=len(taken | away),
        slots=len(slots),
    )


def _short_at_home(teams: list[Team], request: Request) -> dict[UUID, Counter[Slot]]:
    """Team -> seats lacking at home in each part of a day: a commune team's home is its commune,
    a travelling team's its own shifts."""
    found: dict[UUID, Counter[Slot]] = {team.pk: Counter() for team in teams}
    of_commune = defaultdict(list)
    for team in teams:
        if team.kind not in TRAVELS:
            of_commune[team.commune_id].append(team.pk)
    rows = (
        open_needs(request.starts_on - timedelta(days=1), request.ends_on)
        .filter(Q(shift__commune__in=of_commune) | Q(shift__team__in=found), taken__lt=F("minimum"))
        .exclude(shift__team_id=request.team_id)
        .annotate(lacking=Greatest(F("minimum") - F("taken"), 0))
        .order_by("id")
        .values_list("shift__commune_id", "shift__team_id", "shift__starts_at", "shift__ends_at", "lacking")
    )
    travelling = {team.pk for team in teams if team.kind in TRAVELS}
    for commune, own, starts_at, ends_at, seats in rows:
        homes = {*of_commune.get(commune, ()), *({own} & travelling)}
        for day, part in volunteers.parts_of(starts_at, ends_at):
            for home in homes:
                found[home][Slot(day, part)] += seats
    return found


def _promised(teams: list[UUID], request: Request) -> set[tuple[UUID, UUID]]:
    """(team, member) of people who are already spoken for elsewhere on some of these days."""
    rows = (
        OfferedPerson.objects.filter(
            offer__team__in=teams,
            offer__state__in=LIVE_OFFERS,
            offer__request__starts_on__lt=request.ends_on,
            offer__request__ends_on__gt=request.starts_on,
        )
        .exclude(answer=Answer.NO)
        .exclude(offer__request=request)
        .values_list("offer__team_id", "member_id")
    )
    return set(rows)
