"""Both teams say yes or no, and everybody who is named says it for themselves. Then they may telephone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import record_read, unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.reinforcement.enums import LIVE_OFFERS, Answer, OfferState, Side
from nhipcau.reinforcement.models import Offer, OfferedPerson
from nhipcau.reinforcement.queries import (
    can_answer_for,
    get_offer,
    get_own_place,
    is_on_shifts,
    people_of,
    speakers_for,
)
from nhipcau.reinforcement.services.moving import follow_offers, lock_request, move_offer
from nhipcau.reinforcement.services.telling import tell_agreed, tell_fell_through, tell_one_fewer


class UnableToAnswer(UnableTo):
    """The offer is closed, or the answer can no longer be changed here."""

    code = "reinforcement.unable_to_answer"


def answer_for_team(*, offer_id: UUID, side: Side, yes: bool, by: Actor, now: datetime) -> Offer:
    """A leader's yes or no for one of the two teams. Raises `UnableToAnswer`, 404."""
    with unit_of_work(by=by, now=now):
        request = lock_request(get_offer(offer_id, for_=by).request)
        offer = get_offer(offer_id, for_=by, lock=True)
        offer.request = request
        if not can_answer_for(by, offer.team if side == Side.SENDER else request.team):
            raise Http404
        if offer.state != OfferState.OFFERED:
            raise UnableToAnswer(_("This offer is no longer open. Look at it again."))
        if not yes:
            _fall_through(offer, now)
            return offer
        if side == Side.SENDER:
            offer.sender_by_id, offer.sender_at = by.id, now
        else:
            offer.receiver_by_id, offer.receiver_at = by.id, now
        offer.save(update_fields=["sender_by", "sender_at", "receiver_by", "receiver_at"])
        _settle(offer, now)
    return offer


def answer_for_oneself(*, person_id: UUID, yes: bool, by: Actor, now: datetime) -> OfferedPerson:
    """A person's own yes or no. Raises `UnableToAnswer`, 404."""
    with unit_of_work(by=by, now=now):
        found = get_own_place(person_id, for_=by)
        request = lock_request(found.offer.request)
        person = get_own_place(person_id, for_=by, lock=True)
        offer = (
            Offer.objects.select_for_update(of=("self",))
            .select_related("team__commune")
            .get(pk=person.offer_id)
        )
        offer.request = request
        if offer.state not in LIVE_OFFERS:
            raise UnableToAnswer(_("This offer is no longer open. Look at it again."))
        if not yes and is_on_shifts(person):
            raise UnableToAnswer(_("You are on shifts there. Press “I cannot come” on each of them."))
        was_coming = person.answer == Answer.YES
        person.answer, person.answered_at = (Answer.YES if yes else Answer.NO), now
        person.save(update_fields=["answer", "answered_at"])
        if offer.state != OfferState.SENT and not offer.people.exclude(answer=Answer.NO).exists():
            _fall_through(offer, now)
        elif was_coming and not yes and offer.is_agreed:
            tell_one_fewer(offer, still=offer.people.filter(answer=Answer.YES).count(), now=now)
        else:
            _settle(offer, now)
    return person


def _settle(offer: Offer, now: datetime) -> None:
    """Agreed as soon as both teams and at least one person have said yes."""
    coming = [person.member for person in people_of(offer) if person.answer == Answer.YES]
    if offer.state != OfferState.OFFERED or not (offer.sender_at and offer.receiver_at and coming):
        return
    move_offer(offer, OfferState.AGREED, now=now)
    follow_offers(offer.request, now=now)
    tell_agreed(offer, coming, now=now)


def _fall_through(offer: Offer, now: datetime) -> None:
    move_offer(offer, OfferState.DECLINED, now=now)
    follow_offers(offer.request, now=now)
    tell_fell_through(offer, [person.member for person in people_of(offer)], now=now)


@dataclass(frozen=True, slots=True)
class Telephone:
    """A person to call; `leads` whether they speak for the other team."""

    name: str
    number: str
    leads: bool


def show_telephones(*, offer_id: UUID, by: Actor, now: datetime) -> tuple[Offer, list[Telephone]]:
    """The numbers of those who come and of the leaders of both teams, once both have said yes.

    To the leaders of the two teams only; that somebody looked is recorded. Else 404.
    """
    offer = get_offer(offer_id, for_=by)
    leads = can_answer_for(by, offer.team) or can_answer_for(by, offer.request.team)
    if not offer.is_agreed or not leads:
        raise Http404
    today = local_date(now)
    both = [
        *speakers_for(offer.request.team, now=now, today=today),
        *speakers_for(offer.team, now=now, today=today),
    ]
    leaders = {one.pk: one for one in both}
    coming = {
        person.member_id: person.member
        for person in people_of(offer)
        if person.answer == Answer.YES and person.member_id not in leaders
    }
    for member in (*leaders.values(), *coming.values()):
        record_read(
            by=by,
            entity="teams_member",
            entity_id=str(member.pk),
            commune=member.commune_id or offer.request.commune_id,
            now=now,
        )
    numbers = [Telephone(one.name, one.phone, True) for one in leaders.values()]
    return offer, numbers + [Telephone(one.name, one.phone, False) for one in coming.values()]
