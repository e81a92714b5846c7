"""Pages of the teams room, by subject."""
