"""States and closed lists of posts, shifts and what closes them."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ShiftState(TextChoices):
    """A shift is prepared, then shown to volunteers; it is called off, never deleted."""

    DRAFT = "draft", _("Being prepared")
    OPEN = "open", _("Open")
    CANCELLED = "cancelled", _("Called off")


class OpenTo(TextChoices):
    """Who may sign up by themselves, always within the qualifications asked for."""

    TEAM = "team", _("The team only")
    COMMUNE = "commune", _("Everybody in the commune's teams")
    REACH = "reach", _("Everybody who can come this far")


class Reason(TextChoices):
    """Why somebody cannot come, or a shift is called off. No health detail is ever asked."""

    ILL = "ill", _("Not well")
    FAMILY = "family", _("Family")
    WORK = "work", _("Work")
    SCHOOL = "school", _("School or exams")
    WEATHER = "weather", _("Weather or roads")
    MISTAKE = "mistake", _("Signed up by mistake")
    POST_CLOSED = "post_closed", _("The post is closed")
    ROSTER_CHANGED = "roster_changed", _("The roster was changed")
    LEFT_TEAM = "left_team", _("Left the team")
    NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")
    OTHER = "other", _("Another reason")


# Why one person cannot come; the other reasons are those of a whole shift.
OWN_REASONS: Final = (
    Reason.ILL, Reason.FAMILY, Reason.WORK, Reason.SCHOOL, Reason.WEATHER, Reason.MISTAKE, Reason.OTHER,
)  # fmt: skip
LEADER_REASONS: Final = (*OWN_REASONS, Reason.ROSTER_CHANGED, Reason.NO_LONGER_NEEDED, Reason.LEFT_TEAM)


class ClosureReason(TextChoices):
    """Why a place does not open on a date."""

    FLOOD = "flood", _("Flood")
    STORM = "storm", _("Storm")
    BUILDING = "building", _("Building work")
    NO_POWER = "no_power", _("No electricity")
    LOCAL_HOLIDAY = "local_holiday", _("Local holiday")
    OTHER = "other", _("Another reason")


class LeftOut(TextChoices):
    """Why a date on which a rule comes round gets no shift, or only if the leader wishes it."""

    PAST = "past", _("Already over")
    HOLIDAY = "holiday", _("Public holiday")
    CLOSED = "closed", _("Closed")
    MADE = "made", _("Already there")
    NOBODY = "nobody", _("Nobody is asked for yet")
    OVERLAPS = "overlaps", _("Another shift at this time")
    CALLED_OFF = "called_off", _("Called off before")


class Cover(TextChoices):
    """Whether those who come are enough."""

    SHORT = "short", _("Too few")
    ENOUGH = "enough", _("Enough")
    FULL = "full", _("Full")


class Starter(TextChoices):
    """Rules that a new post gets by one tap."""

    OPENING = "opening", _("As the service point is open")
    EVENINGS = "evenings", _("Evenings")
    WEEKENDS = "weekends", _("Weekends")
