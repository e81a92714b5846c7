"""Who could be asked: members who may take a place, least recently asked first; and the asks there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404

from nhipcau.core.scope import Actor
from nhipcau.shifts.enums import OpenTo
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups.enums import EXPECTED, HOLDING, AskState, StandInMode
from nhipcau.signups.models import Ask, SignUp
from nhipcau.signups.queries.facts import facts_of, members_with_facts, need_facts, needs_with_facts
from nhipcau.signups.rules.eligibility import (
    MemberFacts,
    NeedFacts,
    distance_km,
    refusals,
    said_free,
    when_asked,
)
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member, TeamMembership

MOST: Final = 60
# Out of so many the eligible are chosen; teams are far smaller.
_LOOKED_AT: Final = 400
# Half a degree is 55 km: who lives farther is not called for half a day.
_NEAR_DEGREES: Final = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may take the place. `free`: what they said of that time; None: nothing said."""

    id: UUID
    name: str
    commune: str
    kilometres: float | None
    free: bool | None
    attended: int
    last_asked: datetime | None
    asked: UUID | None


def seat_left_by(need: NeedFacts, leaver: MemberFacts | None) -> NeedFacts:
    """The need as whoever takes over finds it: the place of the one who leaves is theirs, and no line's."""
    experienced = leaver is not None and leaver.is_experienced(need.shift)
    return replace(
        need,
        taken=need.taken - 1,
        reserved=0,
        waiting=0,
        experienced=max(0, need.experienced - experienced),
        newcomers=max(0, need.newcomers - (not experienced)),
    )


def candidates(
    need_id: UUID, *, now: datetime, instead_of: SignUp | None = None, text: str = ""
) -> list[Candidate]:
    """Members who may take a free place now, or the place of `instead_of`: least recently asked first.

    Four queries, however many members.
    """
    row = needs_with_facts(now).filter(pk=need_id).first()
    if row is None:
        raise Http404
    need = need_facts([row])[0]
    day = need.shift.day
    rows = _could_be_asked(row, members_with_facts(day, day + timedelta(days=1), now))
    if text:
        rows = rows.filter(name__icontains=text)
    people = list(rows[:_LOOKED_AT])
    facts = facts_of(people)
    if instead_of is not None:
        need = seat_left_by(need, facts.get(instead_of.member_id))
    found = [
        _candidate(person, facts[person.pk], need)
        for person in people
        if (instead_of is None or person.pk != instead_of.member_id)
        and not when_asked(refusals(facts[person.pk], need, now))
    ]
    return sorted(found, key=_turn)[:MOST]


def known_to(member_id: UUID, people: Sequence[Candidate], *, on: date) -> list[Candidate]:
    """Those of the candidates who are in a team with the member on that day: others stay unnamed."""
    mine = TeamMembership.objects.active(on).filter(member_id=member_id).values("team_id")
    beside = TeamMembership.objects.active(on).filter(
        team_id__in=mine, member_id__in=[one.id for one in people]
    )
    known = set(beside.values_list("member_id", flat=True))
    return [one for one in people if one.id in known]


def _turn(one: Candidate) -> tuple[float, int, float, str, UUID]:
    asked = one.last_asked.timestamp() if one.last_asked else 0.0
    free = {True: 0, None: 1, False: 2}[one.free]
    return asked, free, one.kilometres if one.kilometres is not None else 999.0, one.name, one.id


def _could_be_asked(need: ShiftNeed, members: QuerySet[Member]) -> QuerySet[Member]:
    shift = need.shift
    at_work = TeamMembership.objects.active(shift.day).filter(member_id=OuterRef("pk"))
    wanted = Q(Exists(at_work.filter(team_id=shift.team_id)))
    if shift.open_to != OpenTo.TEAM:
        wanted |= Q(Exists(at_work.filter(team__commune_id=shift.commune_id)))
    if shift.open_to == OpenTo.REACH:
        north, east = shift.commune.latitude, shift.commune.longitude
        wanted |= Exists(at_work) & Q(
            commune__latitude__range=(north - _NEAR_DEGREES, north + _NEAR_DEGREES),
            commune__longitude__range=(east - _NEAR_DEGREES, east + _NEAR_DEGREES),
        )
    asks = Ask.objects.filter(member_id=OuterRef("pk"))
    last = asks.order_by().values("member_id").annotate(last=Max("asked_at")).values("last")
    open_ask = asks.filter(need_id=need.pk, state=AskState.OPEN).values("pk")[:1]
    return (
        members.filter(wanted, is_active=True)
        .annotate(last_asked_=Subquery(last), asked_=Subquery(open_ask))
        .order_by("last_asked_", "name", "id")
    )


def _candidate(person: Member, facts: MemberFacts, need: NeedFacts) -> Candidate:
    return Candidate(
        id=person.pk,
        name=person.name,
        commune=person.commune.full_name if person.commune else "",
        kilometres=distance_km(facts, need.shift),
        free=said_free(facts, need.shift),
        attended=facts.attended,
        last_asked=person.last_asked_,  # type: ignore[attr-defined]  # an annotation of `_could_be_asked`
        asked=person.asked_,  # type: ignore[attr-defined]  # as above
    )


_WITH_SHIFT: Final = ("need__shift__post__point", "need__shift__commune", "sign_up__member")


def get_ask(ask_id: UUID, *, for_: Actor) -> Ask:
    """A question to this member, with its shift; or 404."""
    found = Ask.objects.select_related(*_WITH_SHIFT).filter(pk=ask_id, member_id=for_.id).first()
    if found is None:
        raise Http404
    return found


def get_call(ask_id: UUID, *, for_: Actor) -> Ask:
    """A leader's question to a member of their places, with the member; or 404."""
    scope = for_.scope(Permission.ROSTER_EDIT)
    found = (
        Ask.objects.select_related(*_WITH_SHIFT, "member__commune")
        .filter(scope.q("need__shift__commune"), pk=ask_id, member__isnull=False)
        .first()
    )
    if found is None:
        raise Http404
    return found


def asks_of(member_id: UUID, *, now: datetime) -> QuerySet[Ask]:
    """What a member is asked now, the soonest shift first."""
    return (
        Ask.objects.filter(member_id=member_id, state=AskState.OPEN, need__shift__starts_at__gt=now)
        .select_related(*_WITH_SHIFT)
        .order_by("need__shift__starts_at", "id")
    )


def get_need_to_fill(need_id: UUID, *, for_: Actor) -> ShiftNeed:
    """A need of the places whose rosters the actor runs, with who holds a seat as `holders`; or 404."""
    holders = SignUp.objects.filter(state__in=HOLDING).select_related("member").order_by("made_at", "id")
    found = (
        ShiftNeed.objects.select_related("shift__post__point", "shift__commune", "shift__team")
        .prefetch_related(Prefetch("sign_ups", holders, to_attr="holders"))
        .filter(for_.scope(Permission.ROSTER_EDIT).q("shift__commune"), pk=need_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def open_ask_for_all(sign_up_id: UUID) -> Ask | None:
    """The question to everybody whether they take over, if it is open."""
    return Ask.objects.filter(sign_up_id=sign_up_id, mode=StandInMode.OPEN, state=AskState.OPEN).first()


def expected_sign_up(sign_up_id: UUID, *, need_id: UUID) -> SignUp | None:
    """A sign-up on this need that still counts on its member."""
    return SignUp.objects.filter(pk=sign_up_id, need_id=need_id, state__in=EXPECTED).first()


def get_sign_up_to_lead(sign_up_id: UUID, *, for_: Actor) -> SignUp:
    """A sign-up on a shift of the places whose rosters the actor runs, with member and shift; or 404."""
    found = (
        SignUp.objects.select_related("member", "need", "shift__post", "shift__commune")
        .filter(for_.scope(Permission.ROSTER_EDIT).q("shift__commune"), pk=sign_up_id)
        .first()
    )
    if found is None:
        raise Http404
    return found
