"""The one place where a request or an offer changes its state."""

from datetime import datetime

from nhipcau.reinforcement.enums import OPEN_REQUESTS, OfferState, RequestState
from nhipcau.reinforcement.models import Offer, Request
from nhipcau.reinforcement.rules.states import (
    can_move_request,
    check_offer_move,
    check_request_move,
    request_state_from,
)


def move_request(request: Request, to: RequestState, *, now: datetime) -> None:
    """Moves a locked request by the table. Raises `UnableToMove`."""
    check_request_move(request.state, to)
    request.state, request.changed_at = to, now
    request.save(update_fields=["state", "changed_at"])


def move_offer(offer: Offer, to: OfferState, *, now: datetime) -> None:
    """Moves a locked offer by the table. Raises `UnableToMove`."""
    check_offer_move(offer.state, to)
    offer.state, offer.changed_at = to, now
    offer.save(update_fields=["state", "changed_at", "sender_by", "sender_at", "receiver_by", "receiver_at"])


def follow_offers(request: Request, *, now: datetime) -> None:
    """Brings a locked open request to where its offers are, one step of the table after the other."""
    if request.state not in OPEN_REQUESTS:
        return
    wanted = request_state_from(request.offers.values_list("state", flat=True))
    steps = (RequestState.OFFERED, RequestState.AGREED, RequestState.SENT)
    for step in (*steps, RequestState.ASKED):
        if request.state == wanted:
            return
        if can_move_request(request.state, wanted):
            move_request(request, wanted, now=now)
        elif can_move_request(request.state, step):
            move_request(request, step, now=now)


def lock_request(request: Request) -> Request:
    """The same request under lock, with what was read beside it."""
    locked = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    request.state, request.changed_at = locked.state, locked.changed_at
    return request
