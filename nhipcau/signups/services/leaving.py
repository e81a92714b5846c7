"""Who has left the team or the programme holds no place in shifts to come: others are free to take it."""

from contextlib import suppress
from datetime import datetime
from typing import Final

from django.utils.translation import gettext

from nhipcau.audit.services import unit_of_work
from nhipcau.messaging.enums import Kind
from nhipcau.shifts.enums import Reason
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.signups.queries.people import held_by_departed
from nhipcau.signups.rules.states import UnableToMoveSignUp
from nhipcau.signups.services.signing import move
from nhipcau.signups.services.telling import tell_of

MOST_AT_ONCE: Final = 500


def release_departed(*, now: datetime) -> int:
    """Gives back the places of those who have left; how many. The waiting list hears of each first."""
    found = list(held_by_departed(now)[:MOST_AT_ONCE])
    for sign_up in found:
        # Somebody may have taken over in this very moment: then there is nothing to give back.
        with suppress(UnableToMoveSignUp), unit_of_work(by=None, now=now):
            move(sign_up, to=SignUpState.CANCELLED, by=None, now=now, reason=Reason.LEFT_TEAM)
            _tell(sign_up, now)
    return len(found)


def _tell(sign_up: SignUp, now: datetime) -> None:
    tell_of(
        sign_up.shift,
        [sign_up.member_id],
        kind=Kind.SIGN_UP,
        subject=lambda: gettext("Your place was cancelled: %(shift)s"),
        body=lambda: str(Reason.LEFT_TEAM.label),
        now=now,
    )
