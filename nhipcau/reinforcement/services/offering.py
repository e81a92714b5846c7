"""The province offers people of a team to a team that asked, and may take the offer back."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.reinforcement.enums import OPEN_REQUESTS, Answer, OfferState
from nhipcau.reinforcement.models import Offer, OfferedPerson
from nhipcau.reinforcement.queries import candidate, get_offer, get_request, people_of
from nhipcau.reinforcement.rules.candidates import UnableToOffer, check_offer
from nhipcau.reinforcement.rules.states import UnableToMove
from nhipcau.reinforcement.services.moving import follow_offers, lock_request, move_offer
from nhipcau.reinforcement.services.telling import tell_fell_through, tell_offered
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member, Team

LONGEST_NOTE = 300


def offer_people(
    *, request_id: UUID, team_id: UUID, members: Collection[UUID], by: Actor, now: datetime, note: str = ""
) -> Offer:
    """Names people of one team for a request; they, their leader and the asking leader are told.

    Raises `UnableToOffer` when the team cannot spare them, `UnableToMove` when the request is closed, 404.
    """
    with unit_of_work(by=by, now=now):
        request = get_request(request_id, for_=by, permission=Permission.REINFORCEMENT_SEND, lock=True)
        if request.state not in OPEN_REQUESTS:
            raise UnableToMove(_("This request is closed."))
        # Whoever offers the same team for another request waits here, and then sees these people promised.
        # Always after the request, so that nobody waits in a circle.
        Team.objects.select_for_update(no_key=True).filter(pk=team_id).first()
        check_offer(candidate(request, team_id, for_=by, now=now), members)
        offer = Offer(
            id=new_id(now),
            request=request,
            team_id=team_id,
            note=note.strip()[:LONGEST_NOTE],
            offered_by_id=by.id,
            offered_at=now,
            changed_at=now,
        )
        try:
            with transaction.atomic():
                offer.save(force_insert=True)
        except IntegrityError as error:
            raise UnableToOffer(_("People of this team are offered already.")) from error
        chosen = list(Member.objects.filter(pk__in=members).order_by("name", "id"))
        OfferedPerson.objects.bulk_create(
            [
                OfferedPerson(id=new_id(now), offer=offer, member=member, answer=Answer.ASKED)
                for member in chosen
            ]
        )
        follow_offers(request, now=now)
        tell_offered(offer, chosen, now=now)
    return offer


def withdraw_offer(*, offer_id: UUID, by: Actor, now: datetime) -> Offer:
    """Takes an offer back as long as nobody of it is on a shift. Raises `UnableToMove`, 404."""
    with unit_of_work(by=by, now=now):
        request = get_offer(offer_id, for_=by).request
        get_request(request.pk, for_=by, permission=Permission.REINFORCEMENT_SEND)
        lock_request(request)
        offer = get_offer(offer_id, for_=by, lock=True)
        if offer.state == OfferState.WITHDRAWN:
            return offer
        move_offer(offer, OfferState.WITHDRAWN, now=now)
        follow_offers(request, now=now)
        tell_fell_through(offer, [person.member for person in people_of(offer)], now=now)
    return offer
