"""States of a public class. Stored values never change."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ClassState(TextChoices):
    """Where a class stands; the table of moves is in `rules`."""

    PLANNED = "planned", pgettext_lazy("class", "Planned")
    HELD = "held", pgettext_lazy("class", "Held")
    CANCELLED = "cancelled", pgettext_lazy("class", "Cancelled")
