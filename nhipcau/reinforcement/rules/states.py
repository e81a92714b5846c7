"""The tables of moves of requests and offers, and the checks made from them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo
from nhipcau.reinforcement.enums import OfferState, RequestState
from nhipcau.reinforcement.models import LONGEST_DAYS, MOST_PEOPLE
from nhipcau.volunteers.enums import DayPart

_R, _O = RequestState, OfferState
# When the last offer falls away the request is asked again.
REQUEST_MOVES: Final[Mapping[RequestState, tuple[RequestState, ...]]] = {
    _R.ASKED: (_R.OFFERED, _R.DECLINED, _R.WITHDRAWN, _R.EXPIRED),
    _R.OFFERED: (_R.AGREED, _R.ASKED, _R.WITHDRAWN, _R.EXPIRED),
    _R.AGREED: (_R.SENT, _R.OFFERED, _R.ASKED, _R.WITHDRAWN, _R.EXPIRED),
    _R.SENT: (_R.DONE,),
    _R.DONE: (),
    _R.DECLINED: (),
    _R.WITHDRAWN: (),
    _R.EXPIRED: (),
}
# Once people are on shifts, each of those sign-ups is given up by the roster's own rules.
OFFER_MOVES: Final[Mapping[OfferState, tuple[OfferState, ...]]] = {
    _O.OFFERED: (_O.AGREED, _O.DECLINED, _O.WITHDRAWN, _O.EXPIRED),
    _O.AGREED: (_O.SENT, _O.DECLINED, _O.WITHDRAWN, _O.EXPIRED),
    _O.SENT: (_O.DONE,),
    _O.DONE: (),
    _O.DECLINED: (),
    _O.WITHDRAWN: (),
    _O.EXPIRED: (),
}


class UnableToMove(UnableTo):
    """The request or the offer is not in a state from which this can be done."""

    code = "reinforcement.forbidden_transition"


class UnableToAsk(UnableTo):
    """Days, parts or numbers that make no sense."""

    code = "reinforcement.unable_to_ask"


def can_move_request(state: str, to: str) -> bool:
    """Whether a request in `state` may go to `to`."""
    return to in REQUEST_MOVES[RequestState(state)]


def check_request_move(state: str, to: str) -> None:
    """Raises `UnableToMove` when `to` may not follow `state`."""
    if not can_move_request(state, to):
        raise UnableToMove(_("This request has moved on in the meantime. Look at it again."))


def can_move_offer(state: str, to: str) -> bool:
    """Whether an offer in `state` may go to `to`."""
    return to in OFFER_MOVES[OfferState(state)]


def check_offer_move(state: str, to: str) -> None:
    """Raises `UnableToMove` when `to` may not follow `state`."""
    if not can_move_offer(state, to):
        raise UnableToMove(_("This offer has moved on in the meantime. Look at it again."))


# The furthest of the live offers says how far the request is.
_BY_OFFER: Final = (
    (OfferState.SENT, RequestState.SENT),
    (OfferState.AGREED, RequestState.AGREED),
    (OfferState.OFFERED, RequestState.OFFERED),
)


def request_state_from(offers: Iterable[str]) -> RequestState:
    """How far a request that is still open is, from the states of its offers."""
    states = set(offers)
    if OfferState.DONE in states:
        return RequestState.SENT
    return next((reached for offer, reached in _BY_OFFER if offer in states), RequestState.ASKED)


def check_request(*, starts_on: date, ends_on: date, parts: Iterable[str], people: int, today: date) -> None:
    """Raises `UnableToAsk` for what cannot be asked for."""
    wanted = set(parts)
    if not wanted or wanted - set(DayPart.values):
        raise UnableToAsk(_("Choose morning, afternoon or evening."))
    if ends_on <= starts_on:
        raise UnableToAsk(_("The last day is before the first day."))
    if ends_on <= today:
        raise UnableToAsk(_("These days are over. Choose days to come."))
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise UnableToAsk(_("Ask for two months at most, then ask again."))
    if not 1 <= people <= MOST_PEOPLE:
        raise UnableToAsk(_("Ask for at least 1 person and at most 60."))


def states_page() -> str:
    """`docs/reference/reinforcement-states.md`: diagrams and tables, written from the two tables above."""
    lines = [
        "# States of reinforcement",
        "",
        "Written from the tables in `nhipcau/reinforcement/rules/states.py`; do not edit by hand.",
    ]
    lines += _section("A request", REQUEST_MOVES, RequestState.ASKED)
    lines += _section("An offer", OFFER_MOVES, OfferState.OFFERED)
    return "\n".join(lines) + "\n"


def _section(
    title: str,
    moves: Mapping[RequestState, tuple[RequestState, ...]] | Mapping[OfferState, tuple[OfferState, ...]],
    first: RequestState | OfferState,
) -> list[str]:
    lines = ["", f"## {title}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {state} --> {to}" for state, targets in moves.items() for to in targets]
    lines += [f"    {state} --> [*]" for state, targets in moves.items() if not targets]
    lines += ["```", "", "| State | Means | May be followed by |", "|---|---|---|"]
    lines += [
        f"| `{state}` | {state.label} | {', '.join(f'`{to}`' for to in targets)} |"
        for state, targets in moves.items()
    ]
    return lines
