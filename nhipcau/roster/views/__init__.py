"""Pages of rosters, by subject."""
