"""The code that a post shows: it changes every half minute and proves that somebody stands before it.

An HMAC of the post and the step of time under the installation's key: nothing is stored, and a code
photographed and sent on is worth nothing a minute later.
"""

import base64
import binascii
import hmac
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from nhipcau.core.crypto import blind_index

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
    return base64.urlsafe_b64encode(post.bytes).decode().rstrip("=") + _proof(post, _step(moment))


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
    """When a code was shown, as near to a moment as can be: a phone's clock may be minutes wrong, the code is
    not. None: not within ten minutes of it."""
    for steps in range(_NEAR + 1):
        for at in (moment - steps * timedelta(seconds=STEP), moment + steps * timedelta(seconds=STEP)):
            if is_fresh(code, at):
                return at
    return None
