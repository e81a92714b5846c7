"""The one way a sign-up is written: under the lock of its need, with its step, refusals in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups.enums import HOLDING
from nhipcau.signups.models import SignUp, SignUpStep
from nhipcau.signups.queries.prepared import Prepared
from nhipcau.signups.rules.states import NOT_NOW


class UnableToTakeSeat(UnableTo):
    """The last place is taken."""

    code = "signups.full"


class UnableToBeInTwoPlaces(UnableTo):
    """The member is on another shift at that time."""

    code = "signups.overlap"


class UnableToSignUpTwice(UnableTo):
    """The member is on the shift already."""

    code = "signups.twice"


LAST_TAKEN: Final = _("The last place was just taken. You can wait in line for a free place.")
# What the database refuses, by the name of the constraint.
_REFUSED: Final[dict[str, tuple[type[UnableTo], "str | Promise"]]] = {
    "shifts_shiftneed_capacity": (UnableToTakeSeat, LAST_TAKEN),
    "signups_signup_no_overlap": (
        UnableToBeInTwoPlaces,
        _("There is another shift at the same time. Nobody can be in two places."),
    ),
    "signups_signup_once": (UnableToSignUpTwice, _("This person is on the shift already.")),
    # The id of a tap comes from the page: one that belongs to another sign-up already is no tap.
    "signups_signup_pkey": (UnableToSignUpTwice, NOT_NOW),
}


@contextmanager
def in_words() -> Iterator[None]:
    """What the database refuses becomes a sentence, which ends the unit of work it is raised in."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        refusal = _REFUSED.get(getattr(diagnosis, "constraint_name", None) or "")
        if refusal is None:
            raise
        kind, words = refusal
        raise kind(words) from error


def lock_need(need_id: UUID) -> ShiftNeed:
    """The need, locked: whoever changes a seat takes this lock, and before that of a sign-up. Or 404.

    So nobody waits in a circle. What is read afterwards is fresh; references to the need from other rows
    are not held up.
    """
    for found in _LOCKED.rows(need=need_id):
        return found
    raise Http404


_LOCKED = Prepared[ShiftNeed](
    lambda need: ShiftNeed.objects.select_for_update(no_key=True).filter(pk=need), need=UUID
)


def lock_sign_up(sign_up_id: UUID) -> SignUp:
    """The sign-up with need, shift, post and member, locked after its need; or 404."""
    rows = SignUp.objects.select_for_update(of=("self",), no_key=True)
    related = ("need__shift__post", "shift__post", "shift__commune", "member")
    found = rows.select_related(*related).filter(pk=sign_up_id).first()
    if found is None:
        raise Http404
    return found


def take_seat(
    need: ShiftNeed,
    *,
    id: UUID,
    member_id: UUID,
    state: str,
    source: str,
    by: Actor | None,
    now: datetime,
    stands_in_for: SignUp | None = None,
    note: str = "",
) -> SignUp:
    """Writes a new sign-up with its first step; the database counts the seat and refuses overlap.

    Within a unit of work, by callers who have checked everything else.
    """
    sign_up = SignUp(
        id=id,
        need=need,
        shift=need.shift,
        starts_at=need.shift.starts_at,
        ends_at=need.shift.ends_at,
        member_id=member_id,
        state=state,
        source=source,
        note=note,
        made_at=now,
        changed_at=now,
        stands_in_for=stands_in_for,
    )
    with in_words():
        sign_up.save(force_insert=True)
    add_step(sign_up, "", by, now)
    return sign_up


def change_state(
    sign_up: SignUp, to: str, *, by: Actor | None, now: datetime, reason: str = "", note: str = ""
) -> None:
    """Writes a checked move with its step. Within a unit of work; seat changes under the need's lock."""
    was, sign_up.state = sign_up.state, to
    sign_up.reason, sign_up.note, sign_up.changed_at = reason, note or sign_up.note, now
    with in_words():
        sign_up.save(update_fields=["state", "reason", "note", "changed_at"])
    add_step(sign_up, was, by, now)


def add_step(sign_up: SignUp, was: str, by: Actor | None, now: datetime) -> None:
    """The move in the history of the sign-up."""
    SignUpStep.objects.create(
        id=new_id(now),
        sign_up=sign_up,
        from_state=was,
        to_state=sign_up.state,
        at=now,
        by_id=by.id if by else None,
        reason=sign_up.reason,
    )


def changes_seat(was: str, to: str) -> bool:
    """Whether a move gives a seat back or takes one."""
    return (was in HOLDING) != (to in HOLDING)
