"""What goes wrong on the way between a phone and the server: a seeded plan decides for each request."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """What happens to one request."""

    NONE = "none"
    CUT_BEFORE_SEND = "cut before send"
    CUT_REQUEST = "cut mid-body of the request"
    CUT_BEFORE_ANSWER = "sent, cut before the answer"
    ANSWER_LOST = "answer lost"
    SILENCE = "answer lost, connection left open"
    CUT_ANSWER = "cut mid-body of the answer"
    TWICE = "duplicated"
    TWICE_AT_ONCE = "duplicated at the same moment"
    REORDER = "reordered"
    DELAY = "delayed"
    ANSWER_500 = "answered 500"
    ANSWER_502 = "answered 502"
    ANSWER_413 = "answered 413"
    ANSWER_403 = "answered 403"
    ANSWER_401 = "answered 401"
    ANSWER_422 = "answered 422"
    ANSWER_429 = "answered 429"
    STRANGER_PAGE = "answered by a stranger's page"
    STRANGER_JSON = "answered by a stranger's JSON"
    REDIRECT = "sent to a stranger's page"
    OLD_ANSWER = "answered with an earlier answer"
    CLOSE = "connection closed after the answer"
    SLOW = "slow 3G"


class Disaster(StrEnum):
    """What happens to the server, to the phone, or to the right to send: not to one request."""

    SERVER_KILLED = "server killed -9 in the middle of a transaction"
    DATABASE_LOST = "database gone as in a restart: every connection ended, nobody let in"
    PAGE_KILLED = "page killed in the middle of a write"
    NO_ROOM_CAPTURE = "no room in IndexedDB during capture"
    NO_ROOM_SYNC = "no room in IndexedDB while receiving"
    STORAGE_LOW = "storage almost full"
    CLOCK_BACK = "clock three years back"
    CLOCK_AHEAD = "clock three years ahead"
    TWO_DEVICES = "two devices on one case"
    TWO_USERS = "two users on one phone"
    UPGRADED = "app upgraded with a full outbox"
    SESSION_EXPIRED = "session expired"
    TOKEN_REVOKED = "token revoked"
    ROLE_ENDED = "role ended"


EVERY_FAULT = tuple(fault for fault in Fault if fault is not Fault.NONE)


class Plan:
    """The same seed gives the same faults in the same order; only where the address begins with `prefix`."""

    def __init__(
        self,
        seed: int,
        faults: Iterable[Fault] | Mapping[Fault, float] = (),
        *,
        share: float = 0.5,
        prefix: str = "/",
        most: int | None = None,
    ) -> None:
        weights = dict(faults) if isinstance(faults, Mapping) else dict.fromkeys(faults, 1.0)
        self._random = Random(seed)
        self._faults, self._weights = list(weights), list(weights.values())
        self._share, self._prefix = share, prefix
        self._left = most

    def decide(self, path: str) -> Fault:
        """What this request meets; after `most` faults no more."""
        if not self._faults or self._left == 0 or not path.startswith(self._prefix):
            return Fault.NONE
        if self._random.random() >= self._share:
            return Fault.NONE
        if self._left is not None:
            self._left -= 1
        return self._random.choices(self._faults, self._weights)[0]

    def part(self, length: int) -> int:
        """How many of so many bytes still get through before a cut: at least one is missing."""
        return self._random.randrange(length) if length else 0

    def seconds(self, most: float) -> float:
        return self._random.uniform(0, most)
