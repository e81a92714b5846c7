"""The append-only record of who changed and who read what, written by the database itself."""
