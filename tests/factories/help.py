"""A team that asks for help and an offer that both sides have agreed to, through the services."""

from datetime import datetime, timedelta

from nhipcau.core.clock import local_date
from nhipcau.core.ids import new_id
from nhipcau.reinforcement import services
from nhipcau.reinforcement.enums import Side
from nhipcau.reinforcement.models import OfferedPerson
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member, Team

from .rosters import make_post, make_shift


def make_help(
    *, sender: Team, person: Member, leader: Member, province: Member, now: datetime
) -> dict[str, str]:
    """Another team of the same commune asks for a Saturday morning; `person` of `sender` has said yes.

    The ids that stand in addresses, by their names in tests/flows/pages.py.
    """
    today = local_date(now)
    saturday = today + timedelta(days=19 - today.weekday())
    team = teams.make_team(by=None, now=now, name="Đội xin giúp", commune=sender.commune_id)
    need = make_shift(make_post(team, name="Bàn thứ bảy"), day=saturday, minimum=2, ideal=2, maximum=3)
    by = actor_of(leader, now)
    request = services.ask_for_help(
        request=services.NewRequest(
            id=new_id(),
            team=team.pk,
            starts_on=saturday,
            ends_on=saturday + timedelta(days=1),
            parts=("morning",),
            people=2,
            why="event",
            shifts=(need.shift_id,),
        ),
        by=by,
        now=now,
    )
    offer = services.offer_people(
        request_id=request.pk,
        team_id=sender.pk,
        members=[person.pk],
        by=actor_of(province, now),
        now=now,
    )
    for side in Side:
        services.answer_for_team(offer_id=offer.pk, side=side, yes=True, by=by, now=now)
    place = OfferedPerson.objects.get(offer=offer, member=person)
    services.answer_for_oneself(person_id=place.pk, yes=True, by=actor_of(person, now), now=now)
    return {"request": str(request.pk), "offer": str(offer.pk), "place": str(place.pk)}
