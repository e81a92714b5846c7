"""What may be done, in which state, by whom: pure."""
