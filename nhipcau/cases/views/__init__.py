"""Pages of the cases room, by subject."""
