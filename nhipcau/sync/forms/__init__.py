"""Checks what people type and hand in on the pages of the room."""
