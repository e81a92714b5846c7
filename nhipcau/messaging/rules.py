"""When a message may go out, and what may follow what on its way. Pure: the moment is an argument."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from nhipcau.core.clock import VIETNAM
from nhipcau.messaging.enums import (
    ALWAYS_ON_THE_SITE,
    CEILING,
    QUIET_FROM,
    QUIET_UNTIL,
    WAITING,
    Channel,
    DeliveryState,
    Kind,
)

# Changes that come within ten minutes of each other arrive as one.
GATHERING: Final = timedelta(minutes=10)
# Much longer than any channel takes: a sending older than this died with its worker.
LEASE: Final = timedelta(minutes=5)
# With the pauses below: about a day, as long as a mail server may be away.
MOST_ATTEMPTS: Final = 12
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)
# Outside the site nobody needs news of last week.
USEFUL_FOR: Final = timedelta(days=3)
KEEP: Final = timedelta(days=180)

_S = DeliveryState
TRANSITIONS: Final[Mapping[DeliveryState, tuple[DeliveryState, ...]]] = {
    _S.QUEUED: (_S.SENDING, _S.HELD, _S.GATHERED, _S.DECLINED, _S.GIVEN_UP),
    _S.HELD: (_S.SENDING, _S.HELD, _S.GATHERED, _S.DECLINED, _S.GIVEN_UP),
    # Tried once, it stays what it was: a second copy with more in it could be dropped as a double.
    _S.FAILED: (_S.SENDING, _S.HELD, _S.GIVEN_UP),
    _S.SENDING: (_S.DELIVERED, _S.FAILED, _S.GIVEN_UP),
    _S.DELIVERED: (),
    _S.GATHERED: (),
    _S.DECLINED: (),
    # Only when somebody who runs the programme says so.
    _S.GIVEN_UP: (_S.QUEUED, _S.FAILED),
}


class IllegalStep(AssertionError):
    """A delivery was about to skip its states: a fault of ours, never of a person."""


def check_step(state: str, to: DeliveryState) -> None:
    """Raises `IllegalStep` unless the table allows the step."""
    if to not in TRANSITIONS[DeliveryState(state)]:
        raise IllegalStep(f"a delivery that is {state} cannot become {to}")


def quiet_end(moment: datetime, *, quiet_from: time, quiet_until: time) -> datetime | None:
    """When the quiet hours around a moment end; None outside them. Hours are Vietnam's; equal ends: none.

    The start belongs to the quiet hours, the end does not; they may go over midnight.
    """
    local = moment.astimezone(VIETNAM)
    clock = local.time().replace(tzinfo=None)
    if quiet_from < quiet_until:
        inside, tomorrow = quiet_from <= clock < quiet_until, False
    else:
        tomorrow = clock >= quiet_from
        inside = quiet_from != quiet_until and (tomorrow or clock < quiet_until)
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if tomorrow else 0)
    return datetime.combine(day, quiet_until, tzinfo=VIETNAM)


def next_morning(moment: datetime, *, quiet_from: time, quiet_until: time) -> datetime:
    """When the next day's messages may begin: midnight in Vietnam, or later where quiet hours cover it."""
    day = moment.astimezone(VIETNAM).date() + timedelta(days=1)
    midnight = datetime.combine(day, time.min, tzinfo=VIETNAM)
    return quiet_end(midnight, quiet_from=quiet_from, quiet_until=quiet_until) or midnight


@dataclass(frozen=True, slots=True)
class Wishes:
    """When somebody wants peace outside the site."""

    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL
    urgent_at_night: bool = False
    daily_ceiling: int = CEILING


def held_until(moment: datetime, wishes: Wishes, *, urgent: bool, sent_today: int) -> datetime | None:
    """Until when a notice has to wait; None: it may go now.

    `sent_today` counts the messages already taken out to the person on this day of Vietnam.
    """
    quiet = {"quiet_from": wishes.quiet_from, "quiet_until": wishes.quiet_until}
    end = quiet_end(moment, **quiet)
    if end is not None and not (urgent and wishes.urgent_at_night):
        return end
    if not urgent and sent_today >= wishes.daily_ceiling:
        return next_morning(moment, **quiet)
    return None


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: one minute, two, four … at most six hours."""
    doublings = min(max(0, attempts - 1), 20)
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << doublings))


def can_decline(kind: str, channel: str) -> bool:
    """Whether a person may turn a kind off on a channel."""
    if kind == Kind.ACCOUNT:
        return False
    return channel != Channel.IN_APP or kind not in ALWAYS_ON_THE_SITE


def is_inner_link(link: str) -> bool:
    """Whether a link leads to a page of ours: a path, nothing that a browser reads as another host."""
    return link.startswith("/") and not link.startswith(("//", "/\\")) and link.isprintable()


def states_page() -> str:
    """`docs/reference/delivery-states.md`: the diagram and the table, written from `TRANSITIONS`."""
    lines = [
        "# States of a delivery",
        "",
        "Written from the table in `nhipcau/messaging/rules.py`; do not edit by hand.",
        "A delivery is one message on its way by one channel.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> queued",
    ]
    lines += [f"    {state.value} --> {to.value}" for state, steps in TRANSITIONS.items() for to in steps]
    lines += [f"    {state.value} --> [*]" for state in TRANSITIONS if state not in (*WAITING, _S.SENDING)]
    lines += ["```", "", "| State | Stored as | May be followed by |", "|---|---|---|"]
    for state, steps in TRANSITIONS.items():
        lines.append(f"| {_english(state)} | `{state.value}` | {', '.join(_english(to) for to in steps)} |")
    return "\n".join(lines) + "\n"


def _english(state: DeliveryState) -> str:
    return state.name.replace("_", " ").capitalize()
