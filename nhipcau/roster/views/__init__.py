"""Pages of rosters, by subject; all of them are for those who run rosters."""

from nhipcau.teams.enums import Permission

EDIT = Permission.ROSTER_EDIT
