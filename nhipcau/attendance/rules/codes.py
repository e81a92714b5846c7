"""The code that a post shows: it changes every half minute and proves that somebody stands before it.

An HMAC of the post and the step of time under the installation's key: nothing is stored, and a code
photographed and sent on is worth nothing a minute later.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from nhipcau.core.crypto import blind_index
from nhipcau.core.ids import UnableToReadCode, make_code, read_code

STEP: Final = 30
_POST: Final = 22
_PROOF: Final = 16
# So many steps before and after.
_NEAR: Final = 20


def _step(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP


def _proof(post: UUID, step: int) -> str:
    return blind_index(f"{post}:{step}", purpose="attendance.code")[:_PROOF]


def code_at(post: UUID, moment: datetime) -> str:
    """The code of a post at a moment: 22 signs for the post, 16 that prove the time."""
    return _code(post, _step(moment))


def _code(post: UUID, step: int) -> str:
    return base64.urlsafe_b64encode(post.bytes).decode().rstrip("=") + _proof(post, step)


def typed_at(post: UUID, moment: datetime) -> str:
    """The same for who cannot scan, such as `7K3M-9QX4`: it proves the time to whoever knows the post."""
    return _typed(post, _step(moment))


def _typed(post: UUID, step: int) -> str:
    return make_code(int.from_bytes(_proof(post, step).encode()))


def whole_code(text: str, *, post: UUID, moment: datetime) -> str:
    """The code of that post for one that was typed, if shown near that moment; else the text itself."""
    step = _step_of(text, post, _near(moment))
    return text if step is None else _code(post, step)


def shown_between(text: str, *, post: UUID, start: datetime, end: datetime) -> datetime | None:
    """When a code, scanned or typed, was on the screen of that post, where nobody knows the hour."""
    step = _step_of(text, post, range(_step(start), _step(end) + 1))
    return None if step is None else _shown(step)


def _step_of(text: str, post: UUID, steps: Iterable[int]) -> int | None:
    """The first of the steps whose code this is, as scanned or as typed."""
    try:
        proof, make = read_code(text), _typed
    except UnableToReadCode:
        proof, make = text, _code
    fits = (step for step in steps if hmac.compare_digest(make(post, step).encode(), proof.encode()))
    return next(fits, None)


def _shown(step: int) -> datetime:
    return datetime.fromtimestamp(step * STEP, UTC)


def seconds_left(moment: datetime) -> int:
    """How long the code of that moment is still the one shown: 1 to 30."""
    return STEP - int(moment.timestamp()) % STEP


def post_in(code: str) -> UUID | None:
    """Which post a code speaks of, good or not; None when it is no code of ours."""
    if len(code) != _POST + _PROOF:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(code[:_POST] + "=="))
    except (binascii.Error, ValueError):
        return None


def is_fresh(code: str, moment: datetime) -> bool:
    """Whether it is the code shown now or the one before; of no other moment, past or future."""
    post = post_in(code)
    if post is None:
        return False
    proof, step = code[_POST:].encode(), _step(moment)
    # Both are compared, so that the time taken tells nothing.
    fits = [hmac.compare_digest(_proof(post, at).encode(), proof) for at in (step, step - 1)]
    return any(fits)


def shown_near(code: str, moment: datetime) -> datetime | None:
    """When a code was on the screen, as near to a moment as can be: a phone's clock may be minutes wrong, the
    code is not. None: it was not there within ten minutes of it."""
    post = post_in(code)
    if post is None:
        return None
    proof = code[_POST:].encode()
    for step in _near(moment):
        if hmac.compare_digest(_proof(post, step).encode(), proof):
            shown = _shown(step)
            return min(max(moment, shown), shown + timedelta(seconds=STEP - 1))
    return None


def _near(moment: datetime) -> Iterator[int]:
    """The steps around a moment, the nearest first; also around the first and the last there are."""
    for away in range(_NEAR + 1):
        yield _step(moment) - away
        yield _step(moment) + away
