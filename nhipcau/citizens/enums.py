"""Why personal data is kept and how a person agreed to it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    """The one thing the data may be used for; a new purpose needs a new consent."""

    FOLLOW_UP = "follow_up", _("to follow this case until it is finished")
    HOME_VISIT = "home_visit", _("to come to your home and help there")
    LEARNING = "learning", _("to invite you to free digital skills classes")


class ConsentMethod(TextChoices):
    """How the person said yes."""

    SPOKEN_WITNESSED = "spoken_witnessed", _("said yes aloud, a second person heard it")
    SIGNED = "signed", _("signed on paper")
    ON_SCREEN = "on_screen", _("ticked on the screen themselves")
