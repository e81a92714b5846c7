"""Which state of a visit may follow which, and what makes a plan or a result acceptable."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.cases.enums import Topic
from nhipcau.cases.services import NewSession
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.visits.enums import RESULTS, NextStep, VisitState

MOST_VISITORS: Final = 3
# A home visit normally goes in pairs: for the safety of both sides. Fewer is shown, not forbidden.
PAIR: Final = 2
LONGEST_WINDOW: Final = timedelta(hours=12)
FURTHEST: Final = timedelta(days=183)
LONGEST_MINUTES: Final = 480
LONGEST_TEXT: Final = 500
LONGEST_HAMLET: Final = 80
CLOCK_SKEW: Final = timedelta(minutes=10)
OLDEST_RESULT: Final = timedelta(days=92)
# How long address and notes are kept after the day of the visit: a case is followed for longer.
KEEP_DAYS: Final = 30
KEEP_DAYS_WITH_CASE: Final = 90

_S = VisitState
TRANSITIONS: Final[Mapping[VisitState, tuple[VisitState, ...]]] = {
    # Planned once more: another day, other visitors.
    _S.PLANNED: (_S.PLANNED, *RESULTS, _S.CANCELLED),
    # A phone without signal may bring a result of what was called off meanwhile: a person decides.
    _S.CANCELLED: RESULTS,
    # A result is only ever followed by a result: corrected, or chosen from two.
    _S.DONE: RESULTS,
    _S.NOT_HOME: RESULTS,
    _S.POSTPONED: RESULTS,
    _S.REFUSED: RESULTS,
}


class UnableToMoveVisit(UnableTo):
    """The state may not follow the present one."""

    code = "visits.forbidden_transition"


class UnableToPlanVisit(UnableTo):
    """A value of the plan is impossible."""

    code = "visits.invalid_visit"


class UnableToReadResult(UnableTo):
    """A value of the result is impossible."""

    code = "visits.invalid_result"


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit to plan. `id` is made by whoever plans it; exactly one of procedure and topic.

    `[starts_at, ends_at)` lies on one local day. `commune` is a five-digit code, `procedure` a slug.
    """

    id: UUID
    commune: str
    starts_at: datetime
    ends_at: datetime
    visitors: tuple[UUID, ...]
    procedure: str = ""
    topic: str = ""
    case: UUID | None = None
    hamlet: str = ""
    address: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class VisitChange:
    """What may change while a visit is planned; `None` leaves it as it is."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    visitors: tuple[UUID, ...] | None = None
    hamlet: str | None = None
    address: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class VisitResult:
    """What a visit came to. `at` is the moment it happened; `minutes` only where somebody was met."""

    state: str
    at: datetime
    next_step: str
    minutes: int | None = None
    note: str = ""
    session: NewSession | None = None


def may_follow(state: str, to: str) -> bool:
    """Whether a visit in `state` may go to `to`; an empty state is a new one."""
    return to in (TRANSITIONS[VisitState(state)] if state else (_S.PLANNED,))


def check_move(state: str, to: str) -> None:
    """Raises `UnableToMoveVisit`."""
    if not may_follow(state, to):
        raise UnableToMoveVisit(_("This is not possible any more. Look at the visit again."))


def check_need(procedure: str, topic: str) -> None:
    """Exactly one of the two. Raises `UnableToPlanVisit`."""
    if bool(procedure) == bool(topic) or (topic and topic not in Topic.values):
        raise UnableToPlanVisit(_("Choose what the visit is for: one procedure or one topic."))


def check_window(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """From today to half a year ahead, on one day. Raises `UnableToPlanVisit`."""
    if starts_at.tzinfo is None or ends_at.tzinfo is None or not starts_at < ends_at:
        raise UnableToPlanVisit(_("The visit must end after it begins."))
    last_moment = ends_at - timedelta(microseconds=1)
    if ends_at - starts_at > LONGEST_WINDOW or local_date(last_moment) != local_date(starts_at):
        raise UnableToPlanVisit(_("A visit begins and ends on the same day, within 12 hours."))
    if not local_date(now) <= local_date(starts_at) <= local_date(now + FURTHEST):
        raise UnableToPlanVisit(_("Choose a day from today to half a year ahead."))


def check_visitors(visitors: tuple[UUID, ...]) -> None:
    """One to three different members. Raises `UnableToPlanVisit`."""
    if not 1 <= len(visitors) <= MOST_VISITORS or len(set(visitors)) != len(visitors):
        raise UnableToPlanVisit(_("Choose one to three people who go."))


def check_result(result: VisitResult, *, now: datetime) -> None:
    """Raises `UnableToReadResult` for values that cannot be."""
    if result.state not in RESULTS:
        raise UnableToReadResult(_("Choose how the visit went."))
    if result.next_step not in NextStep.values:
        raise UnableToReadResult(_("Choose what comes next."))
    if result.minutes is None and result.state == _S.DONE:
        raise UnableToReadResult(_("Say how many minutes the visit took."))
    if result.minutes is not None and not 1 <= result.minutes <= LONGEST_MINUTES:
        raise UnableToReadResult(_("The minutes must be between 1 and 480."))
    if result.session is not None and result.state != _S.DONE:
        raise UnableToReadResult(_("Help can only be recorded with a visit that took place."))
    if result.at.tzinfo is None or result.at > now + CLOCK_SKEW:
        raise UnableToReadResult(_("The time of the visit lies in the future. Check the phone's clock."))
    if result.at < now - OLDEST_RESULT:
        raise UnableToReadResult(_("The visit is too long ago to be recorded here."))


def clean_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """Free text without control characters; raises `UnableToPlanVisit` when it is too long."""
    kept = "".join(
        sign for sign in text[: longest * 2] if sign in "\n\t" or unicodedata.category(sign)[0] != "C"
    ).strip()
    if len(kept) > longest or len(text) > longest * 2:
        raise UnableToPlanVisit(_("This text is too long. Write less."))
    return kept


def keep_until(day: date, *, with_case: bool) -> date:
    """The last day on which address and notes are kept."""
    return day + timedelta(days=KEEP_DAYS_WITH_CASE if with_case else KEEP_DAYS)


def states_page() -> str:
    """`docs/reference/visit-states.md`: the diagram and the table, written from `TRANSITIONS`."""
    lines = [
        "# States of a home visit",
        "",
        "Written from the table in `nhipcau/visits/rules.py`; do not edit by hand.",
        "These states carry a result: " + ", ".join(f"`{state.value}`" for state in RESULTS) + ".",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> planned",
    ]
    lines += [f"    {state.value} --> {to.value}" for state, targets in TRANSITIONS.items() for to in targets]
    lines += ["```", "", "| State | May be followed by |", "|---|---|"]
    for state, targets in TRANSITIONS.items():
        lines.append(f"| {_english(state)} | {', '.join(_english(to) for to in targets)} |")
    return "\n".join(lines) + "\n"


def _english(state: VisitState) -> str:
    return state.name.replace("_", " ").capitalize()
