"""What counts as an hour, which state may follow which, which code is good now. Pure."""
