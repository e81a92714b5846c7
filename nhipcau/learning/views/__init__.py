"""Pages of the room, by who opens them: those who plan, those who count."""
