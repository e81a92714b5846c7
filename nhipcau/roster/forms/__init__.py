"""Checks what is typed on the pages of rosters, by subject."""
