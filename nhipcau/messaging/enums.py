"""What a message is about, by which way it goes, and how far it got. Stored values never change."""

from datetime import time
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# What holds for whoever wished nothing else: hours of Vietnam, and messages a day outside the site.
QUIET_FROM: Final = time(21, 0)
QUIET_UNTIL: Final = time(6, 30)
CEILING: Final = 5
HIGHEST_CEILING: Final = 20


class Kind(TextChoices):
    """What a message is about: people choose by kind what they want to hear of."""

    SHIFT_REMINDER = "shift_reminder", _("Reminder before my shift")
    SHIFT_CHANGE = "shift_change", _("My shift changes or is cancelled")
    SIGN_UP = "sign_up", _("My sign-up is confirmed or refused")
    STAND_IN = "stand_in", _("Somebody looks for a stand-in")
    WAITING_OFFER = "waiting_offer", _("A place became free for me")
    UNDERSTAFFED = "understaffed", _("A shift has too few people")
    UNCONFIRMED = "unconfirmed", _("Somebody has not confirmed a shift")
    ROSTER_PUBLISHED = "roster_published", _("A new roster is published")
    HOURS = "hours", _("My hours are approved or changed")
    REINFORCEMENT = "reinforcement", _("Help between teams")
    QUALIFICATION = "qualification", _("My skills and their papers")
    REVIEW = "review", _("Requests to join and skills to check")
    FIELD = "field", _("Phones in the field and work not sent yet")
    CONFLICT = "conflict", _("Two answers from the field to decide between")
    ACCOUNT = "account", _("My account")


class Channel(TextChoices):
    """A way to reach somebody: one folder in `channels` of the same name."""

    IN_APP = "in_app", _("On this site")
    EMAIL = "email", _("E-mail")
    WEB_PUSH = "web_push", _("Notice on the phone or computer")


# Someone who turned these off on the site would stand before a closed door, or a stranger at theirs.
ALWAYS_ON_THE_SITE: Final = frozenset(
    {Kind.SHIFT_CHANGE, Kind.WAITING_OFFER, Kind.ROSTER_PUBLISHED, Kind.ACCOUNT}
)


class DeliveryState(TextChoices):
    """How far one message got by one way. `rules.TRANSITIONS` says what may follow what."""

    QUEUED = "queued", _("Waiting to be sent")
    HELD = "held", _("Held back until a better time")
    SENDING = "sending", _("Being sent")
    FAILED = "failed", _("Did not get through; tried again later")
    DELIVERED = "delivered", _("Delivered")
    GATHERED = "gathered", _("Sent together with another message")
    DECLINED = "declined", _("Not wanted by this way")
    GIVEN_UP = "given_up", _("Given up")


WAITING: Final = (DeliveryState.QUEUED, DeliveryState.HELD, DeliveryState.FAILED)


class Trouble(TextChoices):
    """Why a delivery did not get through: for those who run the programme, never with personal data."""

    NONE = "", ""
    UNREACHABLE = "unreachable", _("The service did not answer")
    BUSY = "busy", _("The service asked to wait")
    REFUSED = "refused", _("The service refused the message")
    ADDRESS_GONE = "address_gone", _("The address no longer exists")
    NO_ADDRESS = "no_address", _("There was no address any more")
    CHANNEL_OFF = "channel_off", _("This way is switched off")
    INTERRUPTED = "interrupted", _("The sending was interrupted")
    TOO_OLD = "too_old", _("The message was too old to be useful")
