"""Closed lists of the room: parts of a day, how gladly, states of claims and applications."""

from datetime import time
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DayPart(TextChoices):
    """The parts of a day in which people say that they are free."""

    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")


# Where each part begins; it ends where the next begins. Local time of the programme.
PART_STARTS: Final[dict[DayPart, time]] = {
    DayPart.MORNING: time(0, 0),
    DayPart.AFTERNOON: time(12, 0),
    DayPart.EVENING: time(17, 30),
}


class Liking(TextChoices):
    """How gladly a member serves in a part of the week."""

    GLADLY = "gladly", _("Gladly")
    CAN = "can", _("I can")
    IF_NEEDED = "if_needed", _("Only if needed")


class GrantState(TextChoices):
    """A qualification that a member says to have, until somebody has looked at the evidence."""

    CLAIMED = "claimed", _("Waiting to be checked")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Not approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ApplicationState(TextChoices):
    """A person who asks to join."""

    SENT = "sent", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Not answered in time")


class ConsentState(TextChoices):
    """Whether a minor may serve."""

    GIVEN = "given", _("Consent given")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")
    REPLACED = "replaced", _("Replaced by a newer consent")


class Refusal(TextChoices):
    """Why a member may not serve on a day, whatever the shift."""

    ACCOUNT_CLOSED = "volunteers.account_closed", _("This person has left the programme.")
    IN_NO_TEAM = "volunteers.in_no_team", _("This person is in no team on that day.")
    NO_GUARDIAN_CONSENT = (
        "volunteers.no_guardian_consent",
        _("This person is under 18, and no guardian has agreed for that day."),
    )


class BadgeVerdict(TextChoices):
    """What a citizen who scans a badge is told."""

    VALID = "valid", _("Volunteer, valid today")
    NOT_TODAY = "not_today", _("This badge is not valid today")
    REPLACED = "replaced", _("This badge is no longer valid")
    ENDED = "ended", _("No longer a volunteer")
    UNKNOWN = "unknown", _("Not a volunteer")


# Given by the programme itself after the first shifts attended; nobody claims it.
EXPERIENCED: Final = "experienced"
