"""Commands of the roster room."""
