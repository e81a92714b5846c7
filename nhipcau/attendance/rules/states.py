"""Which state of an attendance may follow which."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.enums import AttendanceState
from nhipcau.core.errors import UnableTo

_S = AttendanceState
TRANSITIONS: Final[Mapping[AttendanceState, tuple[AttendanceState, ...]]] = {
    # Here and recorded once more: the leader corrects the times.
    _S.HERE: (_S.RECORDED, _S.NOT_CHECKED_OUT, _S.HERE, _S.UNDONE),
    _S.NOT_CHECKED_OUT: (_S.RECORDED, _S.UNDONE),
    # Here again: the check-out was a mistake.
    _S.RECORDED: (_S.APPROVED, _S.RECORDED, _S.DISPUTED, _S.HERE, _S.UNDONE),
    _S.DISPUTED: (_S.RECORDED, _S.APPROVED, _S.UNDONE),
    # An approval is taken back with a reason before anything else can change.
    _S.APPROVED: (_S.RECORDED, _S.DISPUTED),
    _S.UNDONE: (_S.HERE, _S.RECORDED),
}
FIRST: Final = (_S.HERE, _S.RECORDED)
_NEEDS_REASON: Final = (_S.DISPUTED, _S.UNDONE)


class UnableToMoveAttendance(UnableTo):
    """The state may not follow the present one, or not without a reason."""

    code = "attendance.forbidden_transition"


def may_follow(state: str, to: str) -> bool:
    """Whether an attendance in `state` may go to `to`; an empty state is a new one."""
    return to in (TRANSITIONS[AttendanceState(state)] if state else FIRST)


def needs_reason(state: str, to: str) -> bool:
    """Disagreeing, taking back, and undoing an approval say why."""
    return to in _NEEDS_REASON or state == _S.APPROVED


def check_move(state: str, to: str, *, reason: str = "") -> None:
    """Raises `UnableToMoveAttendance`."""
    if not may_follow(state, to):
        raise UnableToMoveAttendance(_("This is not possible any more. Look at the shift again."))
    if needs_reason(state, to) and not reason.strip():
        raise UnableToMoveAttendance(_("Say why, in a few words."))


def states_page() -> str:
    """`docs/reference/attendance-states.md`: the diagram and the table, written from `TRANSITIONS`."""
    lines = [
        "# States of an attendance",
        "",
        "Written from the table in `nhipcau/attendance/rules/states.py`; do not edit by hand.",
        "",
        "```mermaid",
        "stateDiagram-v2",
    ]
    lines += [f"    [*] --> {to.value}" for to in FIRST]
    lines += [f"    {state.value} --> {to.value}" for state, targets in TRANSITIONS.items() for to in targets]
    lines += ["```", "", "| State | May be followed by | With a reason |", "|---|---|---|"]
    for state, targets in TRANSITIONS.items():
        why = [to for to in targets if needs_reason(state, to)]
        lines.append(f"| {_english(state)} | {_list(targets)} | {_list(why)} |")
    return "\n".join(lines) + "\n"


def _list(states: tuple[AttendanceState, ...] | list[AttendanceState]) -> str:
    return ", ".join(_english(state) for state in states)


def _english(state: AttendanceState) -> str:
    return state.name.replace("_", " ").capitalize()
