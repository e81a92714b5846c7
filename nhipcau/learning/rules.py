"""Which state of a class may follow which, and what makes a class or a person who came acceptable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.cases.enums import AgeBand, Alone, Topic
from nhipcau.cases.queries import CLOCK_SKEW, OLDEST_SESSION
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.learning.enums import ClassState
from nhipcau.learning.models import MOST_PEOPLE

LONGEST_CLASS: Final = timedelta(hours=12)
FURTHEST: Final = timedelta(days=366)
LONGEST_TEXT: Final = 120
MOST_TRAINERS: Final = 20

_S = ClassState
# What was cancelled and took place all the same is held: then the phones can send who came.
MOVES: Final[Mapping[ClassState, tuple[ClassState, ...]]] = {
    _S.PLANNED: (_S.HELD, _S.CANCELLED),
    _S.HELD: (),
    _S.CANCELLED: (_S.HELD,),
}


class UnableToMove(UnableTo):
    """The class is not in a state from which this can be done."""

    code = "learning.forbidden_transition"


class UnableToPlan(UnableTo):
    """A value of the class is impossible."""

    code = "learning.invalid_class"


class UnableToAdd(UnableTo):
    """A value of somebody who came is impossible."""

    code = "learning.invalid_attendee"


class UnableToAddBefore(UnableToAdd):
    """The day of the class has not come yet."""

    code = "learning.class_not_yet"


class UnableToAddToCancelled(UnableTo):
    """The class was cancelled."""

    code = "learning.class_cancelled"


class UnableToAddMore(UnableTo):
    """More people than a class can have."""

    code = "learning.class_full"


@dataclass(frozen=True, slots=True)
class NewClass:
    """A class as somebody wants it. `id` is made by whoever plans it; exactly one of procedure and topic.

    `commune` is a five-digit code, `procedure` a slug, `trainers` are members. Given are `place`,
    `service_point` or both.
    """

    id: UUID
    commune: str
    starts_at: datetime
    ends_at: datetime
    trainers: tuple[UUID, ...]
    procedure: str = ""
    topic: str = ""
    title: str = ""
    place: str = ""
    service_point: UUID | None = None
    expected: int = 0


@dataclass(frozen=True, slots=True)
class NewAttendee:
    """Somebody who came. `id` is made by the phone; `at` is the moment by its clock.

    `age_band` of `cases.enums.AgeBand`, `alone` of `cases.enums.Alone` or empty (not asked), `language` a
    code of `teams.enums.languages()` or empty.
    """

    id: UUID
    at: datetime
    age_band: str = AgeBand.NOT_SAID
    language: str = ""
    alone: str = ""


def can_move(state: str, to: str) -> bool:
    """Whether a class in `state` may go to `to`."""
    return to in MOVES[ClassState(state)]


def check_move(state: str, to: str) -> None:
    """Raises `UnableToMove` when `to` may not follow `state`."""
    if not can_move(state, to):
        raise UnableToMove(
            _("This is no longer possible: the class was held or cancelled. Look at it again.")
        )


def check_class(new: NewClass, now: datetime) -> None:
    """Raises `UnableToPlan` for values that cannot be."""
    if bool(new.procedure) == bool(new.topic) or (new.topic and new.topic not in Topic.values):
        raise UnableToPlan(_("Choose what the class is about: one procedure or one topic."))
    if new.topic == Topic.OTHER and not new.title:
        raise UnableToPlan(_("Say in a few words what the class is about."))
    if not new.place and new.service_point is None:
        raise UnableToPlan(_("Say where the class is."))
    if max(len(new.title), len(new.place)) > LONGEST_TEXT:
        raise UnableToPlan(_("Title and place have at most 120 characters each."))
    if not 0 <= new.expected <= MOST_PEOPLE:
        raise UnableToPlan(_("Expect from 0 to 500 people."))
    if not 1 <= len(set(new.trainers)) <= MOST_TRAINERS:
        raise UnableToPlan(_("Choose who teaches: from 1 to 20 people."))
    _check_times(new.starts_at, new.ends_at, now)


def _check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if starts_at.tzinfo is None or ends_at.tzinfo is None or ends_at <= starts_at:
        raise UnableToPlan(_("The class must end after it begins."))
    if ends_at - starts_at > LONGEST_CLASS:
        raise UnableToPlan(_("A class has at most 12 hours. Plan each day by itself."))
    if starts_at > now + FURTHEST:
        raise UnableToPlan(_("Plan at most a year ahead."))
    if starts_at < now - OLDEST_SESSION:
        raise UnableToPlan(_("The class is too long ago to be written down here."))


def check_attendee(new: NewAttendee, now: datetime) -> None:
    """Raises `UnableToAdd` for values that cannot be; a phone may have been without signal for weeks."""
    if new.age_band not in AgeBand.values:
        raise UnableToAdd(_("Choose an age group, or “not said”."))
    if new.alone and new.alone not in Alone.values:
        raise UnableToAdd(_("Choose how much the person did alone."))
    if new.at.tzinfo is None or new.at > now + CLOCK_SKEW:
        raise UnableToAdd(_("This time lies in the future. Check the phone's clock."))
    if new.at < now - OLDEST_SESSION:
        raise UnableToAdd(_("This was too long ago to be recorded here."))


def check_can_add(state: str, day: date, moments: list[datetime]) -> None:
    """Raises `UnableToAddToCancelled`, or `UnableToAddBefore` for who came before the day of the class."""
    if state == ClassState.CANCELLED:
        raise UnableToAddToCancelled(
            _("This class was cancelled. If it took place all the same, ask the leader to mark it as held.")
        )
    if any(local_date(at) < day for at in moments):
        raise UnableToAddBefore(_("The day of this class has not come yet. Look at its date again."))


def check_room(people: int) -> None:
    """Raises `UnableToAddMore` when a class would have that many people."""
    if people > MOST_PEOPLE:
        raise UnableToAddMore(_("A class has at most 500 people. Plan a second class for the others."))


def states_page() -> str:
    """`docs/reference/class-states.md`: the diagram and the table, written from `MOVES`."""
    lines = [
        "# States of a public class",
        "",
        "Written from the table in `nhipcau/learning/rules.py`; do not edit by hand.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {ClassState.PLANNED}",
    ]
    lines += [f"    {state} --> {to}" for state, targets in MOVES.items() for to in targets]
    lines += [f"    {state} --> [*]" for state in (ClassState.HELD, ClassState.CANCELLED)]
    lines += ["```", "", "| State | Means | May be followed by |", "|---|---|---|"]
    lines += [
        f"| `{state}` | {state.label} | {', '.join(f'`{to}`' for to in targets)} |"
        for state, targets in MOVES.items()
    ]
    return "\n".join(lines) + "\n"
