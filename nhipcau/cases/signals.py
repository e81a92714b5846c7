"""What the cases room tells the rooms above it."""

from django.dispatch import Signal

# Sent inside the forgetting transaction with `case_ids: list[UUID]` and `now`: whoever holds more about the
# people of these cases forgets it now, or the whole forgetting is rolled back.
forgotten = Signal()
