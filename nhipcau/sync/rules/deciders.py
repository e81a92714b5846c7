"""Who decides about what: whoever answers for that kind of record in its commune."""

from collections.abc import Mapping
from typing import Final

from nhipcau.sync.enums import Entity
from nhipcau.teams.enums import Permission

DECIDERS: Final[Mapping[Entity, Permission]] = {
    Entity.CASE: Permission.CASES_EDIT_CASE,
    Entity.SESSION: Permission.CASES_EDIT_CASE,
    Entity.VISIT: Permission.VISITS_PLAN,
    Entity.SHIFT: Permission.ATTENDANCE_MARK,
    Entity.CLASS: Permission.LEARNING_PLAN,
}
