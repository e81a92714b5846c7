"""Pages of the room: the office's list, planning, the volunteer's own visits."""
