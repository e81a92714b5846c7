"""Which state of a sign-up may follow which, and who may bring it there."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo
from nhipcau.signups.enums import HOLDING, SignUpState

# Giving up a shift this close to its start is possible, and shown as late.
LATE: Final = timedelta(hours=24)
# People arrive before the shift begins.
ARRIVES: Final = timedelta(hours=2)
NOT_NOW: Final = _("This step is not possible from the present state. Look at the shift again.")


class Mover(StrEnum):
    """In which part somebody moves a sign-up."""

    MEMBER = "member"  # whose sign-up it is
    LEADER = "leader"  # who runs the team's rosters
    POST = "post"  # what was measured at the post: check-in and check-out
    SYSTEM = "system"  # a stand-in took over, the shift was called off


_S = SignUpState
_M, _L, _P, _Y = Mover.MEMBER, Mover.LEADER, Mover.POST, Mover.SYSTEM
_OVER: Final = (_L, _Y)

# How a sign-up begins.
FIRST: Final[Mapping[SignUpState, tuple[Mover, ...]]] = {
    _S.APPLIED: (_M,),
    _S.CONFIRMED: (_M, _L, _Y),
    _S.ATTENDED: (_L, _P),
}

TRANSITIONS: Final[Mapping[SignUpState, Mapping[SignUpState, tuple[Mover, ...]]]] = {
    _S.APPLIED: {
        _S.CONFIRMED: _OVER, _S.STAND_IN_SOUGHT: (_M, _L), _S.SWAPPED: (_Y,), _S.CANCELLED: (_M, _L, _Y),
        _S.ATTENDED: (_L, _P), _S.EXCUSED: _OVER, _S.NO_SHOW: _OVER,
    },
    _S.CONFIRMED: {
        _S.STAND_IN_SOUGHT: (_M, _L), _S.SWAPPED: (_Y,), _S.CANCELLED: (_M, _L, _Y),
        _S.ATTENDED: (_L, _P), _S.EXCUSED: _OVER, _S.NO_SHOW: _OVER,
    },
    _S.STAND_IN_SOUGHT: {
        _S.APPLIED: (_M,), _S.CONFIRMED: (_M, _L), _S.SWAPPED: (_Y,), _S.CANCELLED: (_M, _L, _Y),
        _S.ATTENDED: (_L, _P), _S.EXCUSED: _OVER, _S.NO_SHOW: _OVER,
    },
    _S.ATTENDED: {_S.CONFIRMED: (_L,), _S.EXCUSED: (_L,), _S.NO_SHOW: (_L,)},
    _S.NO_SHOW: {_S.ATTENDED: (_L,), _S.EXCUSED: (_L,)},
    _S.EXCUSED: {_S.ATTENDED: (_L,), _S.NO_SHOW: (_L,)},
    _S.SWAPPED: {},
    _S.CANCELLED: {},
}  # fmt: skip

# What is decided after the shift; changing it again is an undo and says why.
_DECIDED: Final = (_S.ATTENDED, _S.NO_SHOW, _S.EXCUSED)
_NEEDS_REASON: Final = (_S.CANCELLED, _S.EXCUSED)


class UnableToMoveSignUp(UnableTo):
    """The state may not follow the present one, not by this person, not now, or not without a reason."""

    code = "signups.forbidden_transition"


def may_follow(state: str, to: str, mover: Mover) -> bool:
    """Whether `mover` may bring a sign-up from `state` to `to`; an empty state is a new sign-up."""
    table = TRANSITIONS[SignUpState(state)] if state else FIRST
    return to in SignUpState.values and mover in table.get(SignUpState(to), ())


def needs_reason(state: str, to: str) -> bool:
    """Whether a move is only made with a reason: giving up, excusing, and changing what was decided."""
    return to in _NEEDS_REASON or state in _DECIDED


def check_move(state: str, to: str, mover: Mover, *, reason: str = "") -> None:
    """Raises `UnableToMoveSignUp`."""
    if not may_follow(state, to, mover):
        raise UnableToMoveSignUp(NOT_NOW)
    if needs_reason(state, to) and not reason:
        raise UnableToMoveSignUp(_("Choose a reason."))


def check_moment(to: str, mover: Mover, *, starts_at: datetime, now: datetime) -> None:
    """Who gives up does so before the shift; what happened is written down once it could have."""
    if to in (_S.CANCELLED, _S.STAND_IN_SOUGHT) and mover == Mover.MEMBER and now >= starts_at:
        raise UnableToMoveSignUp(_("The shift has begun. Tell your leader that you cannot be there."))
    early = starts_at - ARRIVES if to == _S.ATTENDED else starts_at
    if to in _DECIDED and now < early:
        raise UnableToMoveSignUp(_("The shift has not begun yet."))


def is_late(starts_at: datetime, at: datetime) -> bool:
    """Whether giving up at that moment leaves little time to find somebody else."""
    return starts_at - LATE < at


def states_page() -> str:
    """`docs/reference/sign-up-states.md`: the diagram and the table, written from `TRANSITIONS`."""
    lines = [
        "# States of a sign-up",
        "",
        "Written from the table in `nhipcau/signups/rules/states.py`; do not edit by hand.",
        "A sign-up keeps its seat in these states: "
        + ", ".join(f"`{state.value}`" for state in HOLDING)
        + ".",
        "",
        "```mermaid",
        "stateDiagram-v2",
    ]
    lines += [f"    [*] --> {to.value}" for to in FIRST]
    lines += [f"    {state.value} --> {to.value}" for state, moves in TRANSITIONS.items() for to in moves]
    lines += [f"    {state.value} --> [*]" for state, moves in TRANSITIONS.items() if not moves]
    lines += ["```", "", "| From | To | By | With a reason |", "|---|---|---|---|"]
    lines += [f"| new | {_english(to)} | {_by(movers)} | |" for to, movers in FIRST.items()]
    for state, moves in TRANSITIONS.items():
        for to, movers in moves.items():
            why = "yes" if needs_reason(state, to) else ""
            lines.append(f"| {_english(state)} | {_english(to)} | {_by(movers)} | {why} |")
    return "\n".join(lines) + "\n"


def _by(movers: tuple[Mover, ...]) -> str:
    return ", ".join(mover.value for mover in movers)


def _english(state: SignUpState) -> str:
    return state.name.replace("_", " ").capitalize()
