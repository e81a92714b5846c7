"""Closed lists of the authoring room: how far a draft has come, and what may happen to it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DraftState(TextChoices):
    """How far a draft has come."""

    DRAFT = "draft", _("Being written")
    FACT_CHECKED = "fact_checked", _("Facts checked")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Kind(TextChoices):
    """What became of one entry between two versions."""

    ADDED = "added", _("Added")
    REMOVED = "removed", _("Removed")
    CHANGED = "changed", _("Changed")
    MOVED = "moved", _("Order changed")


class Act(TextChoices):
    """What an official does to a draft; told in its history."""

    BEGUN = "begun", _("Begun")
    EDITED = "edited", _("Changed")
    SENT_BACK = "sent_back", _("Sent back")
    CHECKED = "checked", _("Facts found right")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
