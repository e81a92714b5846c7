"""What leaders do with shifts: the week and its cover, changes, closures, calls, reminders."""
