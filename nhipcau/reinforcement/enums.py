"""States and closed lists of requests for help between teams. Stored values never change."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestState(TextChoices):
    """A team that asks for people; the table of moves is in `rules.states`."""

    ASKED = "asked", _("No people offered yet")
    OFFERED = "offered", _("People are offered")
    AGREED = "agreed", _("Agreed by both sides")
    SENT = "sent", _("People are on the shifts")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Nobody can be sent")
    WITHDRAWN = "withdrawn", _("Taken back")
    EXPIRED = "expired", _("The days have passed")


class OfferState(TextChoices):
    """People of one team offered to another, until both sides have said yes or one has not."""

    OFFERED = "offered", _("Waiting for both sides")
    AGREED = "agreed", _("Agreed by both sides")
    SENT = "sent", _("People are on the shifts")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")
    EXPIRED = "expired", _("Not agreed in time")


# Requests that are still looked after, and offers whose people are spoken for.
OPEN_REQUESTS: Final = (
    RequestState.ASKED,
    RequestState.OFFERED,
    RequestState.AGREED,
    RequestState.SENT,
)
LIVE_OFFERS: Final = (OfferState.OFFERED, OfferState.AGREED, OfferState.SENT)
# Both sides have said yes: from here on they may reach each other by telephone.
AGREED_OFFERS: Final = (OfferState.AGREED, OfferState.SENT, OfferState.DONE)


class Why(TextChoices):
    """Why a team cannot do it alone. No reason is about one person."""

    MORE_PEOPLE_COME = "more_people_come", _("More people come than we can help")
    TOO_FEW = "too_few", _("Members cannot come in these days")
    LANGUAGE = "language", _("Nobody of us speaks the language")
    SKILL = "skill", _("Nobody of us has the skill")
    EVENT = "event", _("A special day or a drive")
    DISASTER = "disaster", _("Flood, storm or another emergency")
    OTHER = "other", _("Another reason")


class Answer(TextChoices):
    """What a person who is named in an offer says."""

    ASKED = "asked", _("Not answered yet")
    YES = "yes", _("Yes, I come")
    NO = "no", _("No, I cannot")


class Side(TextChoices):
    """The two teams that must agree."""

    SENDER = "sender", _("The team that sends")
    RECEIVER = "receiver", _("The team that asked")
