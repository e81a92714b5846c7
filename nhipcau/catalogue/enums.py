"""Closed lists of the catalogue room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Standing(TextChoices):
    """How far a record may be relied on."""

    ANNOUNCED = "announced", _("Announced by a signed decision")
    IDENTITY_ONLY = "identity_only", _("Name and code only: no signed decision confirms the rest")
