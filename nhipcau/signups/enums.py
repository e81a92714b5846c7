"""States and closed lists of sign-ups, questions to stand in and waiting."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SignUpState(TextChoices):
    """One member on one shift; the table of moves is in `rules.states`."""

    APPLIED = "applied", _("Not confirmed yet")
    CONFIRMED = "confirmed", _("Confirmed")
    STAND_IN_SOUGHT = "stand_in_sought", _("Stand-in wanted")
    SWAPPED = "swapped", _("Taken over by another")
    CANCELLED = "cancelled", _("Cancelled")
    ATTENDED = "attended", _("Attended")
    EXCUSED = "excused", _("Excused")
    NO_SHOW = "no_show", _("Did not come")


# States that keep a seat, and those in which the member is not free for another shift.
HOLDING: Final = (
    SignUpState.APPLIED,
    SignUpState.CONFIRMED,
    SignUpState.STAND_IN_SOUGHT,
    SignUpState.ATTENDED,
    SignUpState.NO_SHOW,
)


BUSY: Final = (
    SignUpState.APPLIED,
    SignUpState.CONFIRMED,
    SignUpState.STAND_IN_SOUGHT,
    SignUpState.ATTENDED,
)


# States in which the member is expected at the post.
EXPECTED: Final = (SignUpState.APPLIED, SignUpState.CONFIRMED, SignUpState.STAND_IN_SOUGHT)


class Source(TextChoices):
    """How a sign-up came to be."""

    SELF = "self", _("Signed up")
    LEADER = "leader", _("Put on by the leader")
    PROPOSAL = "proposal", _("From the proposed roster")
    WAITING = "waiting", _("From the waiting list")
    STAND_IN = "stand_in", _("Stands in for another")
    WALK_IN = "walk_in", _("Came on the day")
    REINFORCEMENT = "reinforcement", _("Sent as reinforcement")


class StandInMode(TextChoices):
    """How a stand-in is looked for."""

    NAMED = "named", _("A person I name")
    OPEN = "open", _("Anybody who may")
    LEADER = "leader", _("The leader asks people")


class AskState(TextChoices):
    """A question to one member, or to all: will you take this over?"""

    OPEN = "open", _("Not answered yet")
    TAKEN = "taken", _("Yes")
    DECLINED = "declined", _("No")
    WITHDRAWN = "withdrawn", _("No longer asked")
    LAPSED = "lapsed", _("No answer in time")


class WaitState(TextChoices):
    """A place on the waiting list."""

    WAITING = "waiting", _("Waiting")
    OFFERED = "offered", _("Offered")
    TAKEN = "taken", _("Took the place")
    PASSED = "passed", _("Passed on")
    LAPSED = "lapsed", _("Not answered in time")
    LEFT = "left", _("Left the list")


class Refusal(TextChoices):
    """Why a member cannot take a place on a shift, in words for the member."""

    ACCOUNT_CLOSED = "account_closed", _("The account is closed.")
    CALLED_OFF = "called_off", _("The shift is called off.")
    NOT_OPEN = "not_open", _("The shift is still being prepared.")
    OVER = "over", _("The shift is over.")
    STARTED = "started", _("The shift has begun.")
    TOO_EARLY = "too_early", _("The shift is too far ahead. It cannot be taken yet.")
    ALREADY_ON = "already_on", _("Already on this shift.")
    OVERLAP = "overlap", _("There is another shift at the same time.")
    ADULTS_ONLY = "adults_only", _("This post is for adults only.")
    NO_CONSENT = "no_consent", _("Under 18: the consent of a parent or guardian is missing for that day.")
    QUALIFICATION = "qualification", _("A skill that is needed is missing, or not valid on that day.")
    LANGUAGE = "language", _("A language that is needed is missing.")
    OTHER_TEAM = "other_team", _("The shift is for another team.")
    NO_TEAM = "no_team", _("In no team on that day.")
    TOO_FAR = "too_far", _("The post is farther away than the distance set.")
    WEEK_FULL = "week_full", _("The most shifts for one week are reached.")
    DAY_FULL = "day_full", _("The most hours for one day would be passed.")
    NO_REST = "no_rest", _("There is too little rest between an evening and the next shift.")
    ENOUGH_AHEAD = "enough_ahead", _("The most shifts held ahead are reached. Others want a place too.")
    NEWCOMER = "newcomer", _("A newcomer needs somebody experienced beside them. That place is kept free.")
    FULL = "full", _("All places are taken.")
    IN_LINE = "in_line", _("Others wait in line for this place.")


# What a leader may not pass over either, whatever the note says.
HARD: Final = (
    Refusal.ACCOUNT_CLOSED,
    Refusal.CALLED_OFF,
    Refusal.OVER,
    Refusal.ALREADY_ON,
    Refusal.OVERLAP,
    Refusal.ADULTS_ONLY,
    Refusal.NO_CONSENT,
    Refusal.QUALIFICATION,
    Refusal.LANGUAGE,
    Refusal.FULL,
)
