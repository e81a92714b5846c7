"""Public classes: planned, held, and counted without a name."""
