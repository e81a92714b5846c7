"""Reading proposed rosters and the demand foreseen."""
