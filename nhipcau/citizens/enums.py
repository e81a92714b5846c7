"""Why personal data is kept and how a person agreed to it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    """The one thing the data may be used for; a new purpose needs a new consent."""

    FOLLOW_UP = "follow_up", _("Follow this case until it is finished")
    HOME_VISIT = "home_visit", _("Come to your home and help there")
    LEARNING = "learning", _("Invite you to free digital skills classes")


class ConsentMethod(TextChoices):
    """How the person said yes."""

    SPOKEN_WITNESSED = "spoken_witnessed", _("Said yes aloud; a second person heard it")
    SIGNED = "signed", _("Signed on paper")
    ON_SCREEN = "on_screen", _("Ticked it on the screen themselves")
