"""Pages of the volunteers room, by subject."""
