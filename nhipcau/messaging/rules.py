"""When a message may go out, and what may follow what on its way. Pure: the moment is an argument."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

from nhipcau.core.clock import VIETNAM
from nhipcau.messaging.enums import ALWAYS_ON_THE_SITE, Channel, DeliveryState, Kind

QUIET_FROM: Final = time(21, 0)
QUIET_UNTIL: Final = time(6, 30)
CEILING: Final = 5
HIGHEST_CEILING: Final = 20
# Changes that come within ten minutes of each other arrive as one.
GATHERING: Final = timedelta(minutes=10)
# Much longer than any channel takes: a sending older than this died with its worker.
LEASE: Final = timedelta(minutes=5)
MOST_ATTEMPTS: Final = 8
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)
# Outside the site nobody needs news of last week.
USEFUL_FOR: Final = timedelta(days=3)
KEEP: Final = timedelta(days=180)

_S = DeliveryState
TRANSITIONS: Final[Mapping[DeliveryState, tuple[DeliveryState, ...]]] = {
    _S.QUEUED: (_S.SENDING, _S.HELD, _S.GATHERED, _S.DECLINED, _S.GIVEN_UP),
    _S.HELD: (_S.SENDING, _S.HELD, _S.GATHERED, _S.DECLINED, _S.GIVEN_UP),
    _S.FAILED: (_S.SENDING, _S.HELD, _S.GATHERED, _S.DECLINED, _S.GIVEN_UP),
    _S.SENDING: (_S.DELIVERED, _S.FAILED, _S.GIVEN_UP),
    _S.DELIVERED: (),
    _S.GATHERED: (),
    _S.DECLINED: (),
    _S.GIVEN_UP: (),
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
