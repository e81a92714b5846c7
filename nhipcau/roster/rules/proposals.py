"""Which state of a proposal may follow which, and the words for the rules of the solver. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo
from nhipcau.roster.enums import ProposalState

FORTNIGHT, MONTH, MOST_DAYS = 14, 28, 62
SECONDS: Final = (10, 30, 60, 120)
# A run that has not been heard of for so long is dead; it is tried once more.
SILENT: Final = timedelta(minutes=2)
# Who waits to be published for so long waits for a worker that has died: it may be asked for again.
LOST: Final = timedelta(minutes=5)
MOST_TRIES: Final = 2

_S = ProposalState
TRANSITIONS: Final[Mapping[ProposalState, tuple[ProposalState, ...]]] = {
    _S.QUEUED: (_S.SOLVING, _S.FAILED, _S.DISCARDED),
    _S.SOLVING: (_S.READY, _S.QUEUED, _S.FAILED, _S.DISCARDED),
    _S.READY: (_S.QUEUED, _S.PUBLISHED, _S.DISCARDED),
    _S.FAILED: (_S.QUEUED, _S.DISCARDED),
    _S.PUBLISHED: (),
    _S.DISCARDED: (),
}

# Why people cannot serve, by the code of the rule: said after a name, or after a number of people.
RULES: Final[Mapping[str, Promise]] = {
    "unknown": _("not in this team then, or the shift has begun or was called off"),
    "duplicate": _("on this shift already"),
    "locked": _("locked there, but missing"),
    "left": _("gave this shift up meanwhile"),
    "full": _("no place left"),
    "team": _("in another team"),
    "qualification": _("without a skill that is needed, or not on that day"),
    "language": _("without a language that is needed"),
    "travel": _("farther away than the distance set"),
    "availability": _("not free then, or nothing said of it"),
    "forbidden": _("kept off by a leader, not in the team that day, or under age"),
    "mixing": _("new, and not enough experienced people beside them"),
    "overlap": _("on another shift at that time"),
    "gap": _("too little time between two places"),
    "rest": _("too little rest after the shift before or before the next"),
    "succession": _("the shift of the day before does not go with this one"),
    "duties_per_day": _("all the shifts wanted on that day"),
    "minutes_per_day": _("more hours on that day than wanted"),
    "duties_per_week": _("all the shifts wanted in that week"),
    "duties": _("all the shifts wanted"),
    "minimum_minutes": _("too few hours"),
    "maximum_minutes": _("too many hours"),
    "per_kind": _("all the shifts of this kind wanted"),
    "consecutive_days": _("too many days in a row"),
    "minimum_consecutive_days": _("too few days in a row"),
    "minimum_consecutive_days_off": _("too few days off in a row"),
    "weekends": _("too many weekends"),
}

# Why there is no answer, by the word kept in the row.
TROUBLE: Final[Mapping[str, Promise]] = {
    "stopped": _("Stopped before it was begun."),
    "died": _("The program stopped while working this out. Try again."),
    "failed": _("Something went wrong while working this out. Those who run the program see what."),
}

# What a leader may pass over after having asked the person; the duty is locked by that.
SOFT: Final = frozenset(
    {"availability", "travel", "rest", "duties_per_day", "minutes_per_day", "duties_per_week", "mixing"}
)


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """A member on a need of a shift."""

    member: UUID
    shift: UUID
    need: UUID


@dataclass(frozen=True, slots=True)
class Comparison:
    """A draft against what is published now.

    `joined`: seats taken since the draft was made, which stay; `left`: seats given up since, although the
    draft counts on them.
    """

    added: tuple[Seat, ...]
    removed: tuple[Seat, ...]
    kept: tuple[Seat, ...]
    joined: tuple[Seat, ...]
    left: tuple[Seat, ...]

    @property
    def after(self) -> tuple[Seat, ...]:
        """Who serves once the draft is published."""
        return (*self.kept, *self.added, *self.joined)


def compare(draft: Iterable[Seat], published: Iterable[Seat], base: Iterable[Seat]) -> Comparison:
    """`base`: what was published when the draft was made. Another role of a shift counts as a change."""
    wanted, now, then = set(draft), set(published), set(base)
    of_draft = {(seat.member, seat.shift) for seat in wanted}
    gone = {seat for seat in now - wanted if seat in then or (seat.member, seat.shift) in of_draft}
    return Comparison(
        added=tuple(sorted(wanted - now - then)),
        removed=tuple(sorted(gone)),
        kept=tuple(sorted(wanted & now)),
        joined=tuple(sorted(now - wanted - gone)),
        left=tuple(sorted((wanted & then) - now)),
    )


def reasons_of(refused: Mapping[str, Any], version: int) -> list[str]:
    """Why a proposal was left out when its batch was published, as long as it is still the same version."""
    if refused.get("version") != version:
        return []
    rules: Mapping[str, int] = refused["rules"]
    if not rules:
        return [gettext("It could not be published as it was ticked. Look at it again.")]
    found = sorted(rules.items(), key=lambda item: (-item[1], item[0]))
    return [f"{RULES[rule]} ({number})" for rule, number in found]


class UnableToChangeProposal(UnableTo):
    """The proposal is being worked out, published or discarded, or somebody else changed it meanwhile."""

    code = "roster.unable_to_change_proposal"


class UnableToPropose(UnableTo):
    """There is nothing to propose for, or the period does not fit."""

    code = "roster.unable_to_propose"


def check_move(state: str, to: ProposalState) -> None:
    """Raises `UnableToChangeProposal` where the table does not lead from one state to the other."""
    if to not in TRANSITIONS[ProposalState(state)]:
        raise UnableToChangeProposal(_("This is not possible any more. Look at the proposal again."))


def check_open(state: str, version: int, seen: int) -> None:
    """Only what is ready is changed, and only as it was seen, so that nobody overwrites what another did."""
    if state != ProposalState.READY:
        raise UnableToChangeProposal(_("This proposal cannot be changed now."))
    if version != seen:
        raise UnableToChangeProposal(
            _("Somebody else changed this proposal meanwhile. Look at it again before you go on.")
        )


def check_period(start: date, end: date, *, today: date) -> None:
    """Raises `UnableToPropose` for days that are over, empty or too many."""
    if start < today:
        raise UnableToPropose(_("The first day is over already."))
    if not timedelta(0) < end - start <= timedelta(days=MOST_DAYS):
        raise UnableToPropose(_("Choose between one day and two months."))


def waits_to_be_published(asked_at: datetime | None, now: datetime) -> bool:
    """Whether somebody asked for it lately, so that a worker is still to do it."""
    return asked_at is not None and asked_at + LOST > now


def proposal_states_page() -> str:
    """`docs/reference/proposal-states.md`: the diagram and the table, written from `TRANSITIONS`."""
    lines = [
        "# States of a proposed roster",
        "",
        "Written from the table in `nhipcau/roster/rules/proposals.py`; do not edit by hand.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {_S.QUEUED.value}",
    ]
    lines += [f"    {state.value} --> {to.value}" for state, moves in TRANSITIONS.items() for to in moves]
    lines += [f"    {state.value} --> [*]" for state, moves in TRANSITIONS.items() if not moves]
    lines += ["```", "", "| From | To |", "|---|---|"]
    lines += [f"| {_name(state)} | {_name(to)} |" for state, moves in TRANSITIONS.items() for to in moves]
    return "\n".join(lines) + "\n"


def _name(state: ProposalState) -> str:
    return state.name.capitalize()
