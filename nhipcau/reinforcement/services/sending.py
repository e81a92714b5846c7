"""Agreed people are put on the shifts they were asked for; the roster's own rules and constraints decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.reinforcement.enums import OfferState
from nhipcau.reinforcement.models import Offer
from nhipcau.reinforcement.queries import can_answer_for, coming, get_offer, needs_of
from nhipcau.reinforcement.services.moving import follow_offers, lock_request, move_offer
from nhipcau.signups import services as signup_services
from nhipcau.signups.enums import Source


class UnableToSend(UnableTo):
    """The offer is not agreed, or somebody or a shift does not belong to it."""

    code = "reinforcement.unable_to_send"


@dataclass(frozen=True, slots=True)
class Refused:
    """A person who could not be put on a shift, and why, in words."""

    need: UUID
    member: UUID
    why: str


def put_on_shifts(
    *, offer_id: UUID, places: Iterable[tuple[UUID, UUID]], by: Actor, now: datetime
) -> tuple[int, list[Refused]]:
    """Puts (need, member) pairs on; how many are on now, and who was refused and why.

    Only people who said yes in this agreed offer, only shifts of the team that asked, in the days asked
    for. One refusal does not undo the others. Raises `UnableToSend`, 404.
    """
    with unit_of_work(by=by, now=now):
        request = lock_request(get_offer(offer_id, for_=by).request)
        offer = get_offer(offer_id, for_=by, lock=True)
        offer.request = request
        if not can_answer_for(by, request.team):
            raise Http404
        wanted = _checked(offer, places, now)
        refused: list[Refused] = []
        for need, member in wanted:
            try:
                # Each in a savepoint: what the database refuses for one holds up nobody else.
                signup_services.put_on(
                    need_id=need, member_id=member, by=by, now=now, source=Source.REINFORCEMENT
                )
            except UnableTo as error:
                refused.append(Refused(need, member, str(error)))
        done = len(wanted) - len(refused)
        if done and offer.state == OfferState.AGREED:
            move_offer(offer, OfferState.SENT, now=now)
            follow_offers(request, now=now)
    return done, refused


def _checked(offer: Offer, places: Iterable[tuple[UUID, UUID]], now: datetime) -> list[tuple[UUID, UUID]]:
    if offer.state not in (OfferState.AGREED, OfferState.SENT):
        raise UnableToSend(_("Both sides have to say yes first."))
    wanted = list(dict.fromkeys(places))
    may_come = {member.pk for member in coming(offer)}
    asked_for = {need.pk for need in needs_of(offer.request, now)}
    if any(member not in may_come or need not in asked_for for need, member in wanted):
        raise UnableToSend(
            _("Somebody has not said yes, or a shift is no longer open. Look at the list again.")
        )
    return wanted
