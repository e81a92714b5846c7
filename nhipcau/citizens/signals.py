"""What the citizens room tells the rooms above it."""

from django.dispatch import Signal

# Sent inside the erasing transaction with `citizen_ids: list[UUID]`, `asked: tuple[Asked, ...]` (who those
# were that asked for it; not those whose end date passed), `by` and `now`: whoever holds more about these
# people erases it now, or the whole erasure is rolled back.
erased = Signal()
