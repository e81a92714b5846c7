"""What happens by itself when the days of a request have passed."""

from datetime import datetime

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.reinforcement.enums import LIVE_OFFERS, OPEN_REQUESTS, OfferState, RequestState
from nhipcau.reinforcement.models import Request
from nhipcau.reinforcement.services.moving import move_offer, move_request

BATCH = 500


def close_past_requests(*, now: datetime) -> int:
    """Requests whose days are over: done where people came, else expired. Returns how many; idempotent."""
    with unit_of_work(by=None, now=now):
        rows = (
            Request.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(state__in=OPEN_REQUESTS, ends_on__lte=local_date(now))
            .order_by("ends_on", "id")[:BATCH]
        )
        requests = list(rows)
        for request in requests:
            _close(request, now)
    return len(requests)


def _close(request: Request, now: datetime) -> None:
    for offer in request.offers.select_for_update().filter(state__in=LIVE_OFFERS).order_by("id"):
        came = offer.state == OfferState.SENT
        move_offer(offer, OfferState.DONE if came else OfferState.EXPIRED, now=now)
    came = request.state == RequestState.SENT
    move_request(request, RequestState.DONE if came else RequestState.EXPIRED, now=now)
