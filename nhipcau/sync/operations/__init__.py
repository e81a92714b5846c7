"""Which use case each command stands for, by the room that has it. Phones know commands by these names."""

from nhipcau.sync.operations import cases, classes, sessions, shifts, visits
from nhipcau.sync.rules.commands import Operation

OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for room in (sessions, cases, visits, shifts, classes)
    for operation in room.OPERATIONS
}
