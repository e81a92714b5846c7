"""Closed lists of the room: how far an attendance is, how somebody was seen, what became of a walk-in."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AttendanceState(TextChoices):
    """How far the record of one person at one shift is; the table of moves is in `rules.states`."""

    HERE = "here", _("At the post now")
    NOT_CHECKED_OUT = "not_checked_out", _("Left without checking out")
    RECORDED = "recorded", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    DISPUTED = "disputed", _("The volunteer disagrees")
    UNDONE = "undone", _("Taken back")


# States in which there is an end, and so hours that can be counted.
MEASURED: Final = (AttendanceState.RECORDED, AttendanceState.APPROVED, AttendanceState.DISPUTED)
# What waits for a leader's word.
WAITING: Final = (AttendanceState.NOT_CHECKED_OUT, AttendanceState.RECORDED, AttendanceState.DISPUTED)


class Method(TextChoices):
    """How it is known that somebody came or left."""

    QR = "qr", _("Scanned the code at the post")
    BUTTON = "button", _("Pressed the button")
    LEADER = "leader", _("Written down by the leader")
    PAPER = "paper", _("From the signed paper sheet")
    WALK_IN = "walk_in", _("Came on the day")


# Somebody else's word about the member: nobody gives it for themselves.
BY_ANOTHER: Final = (Method.LEADER, Method.PAPER, Method.WALK_IN)


class WalkInState(TextChoices):
    """Somebody at the post without a place on the shift, until the leader has answered."""

    ASKED = "asked", _("Waiting for the leader")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Not needed today")


class Came(TextChoices):
    """What a leader says of one person on the sheet of a shift, in words nobody mixes up."""

    UNKNOWN = "", _("Not said yet")
    CAME = "came", _("Came")
    DID_NOT_COME = "did_not_come", _("Did not come, and told nobody")
    EXCUSED = "excused", _("Could not come, and told us")
