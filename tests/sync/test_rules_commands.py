"""Of each command the version of now and the one before are read, and told apart from what nobody knows."""

from typing import Any
from uuid import UUID

import pytest

from nhipcau.core.ids import new_id
from nhipcau.sync.operations import OPERATIONS
from nhipcau.sync.rules.commands import (
    Command,
    Done,
    Envelope,
    Operation,
    Shape,
    UnableToApply,
    digest_of,
    digest_of_command,
    read_command,
)
from tests.factories.cast import NOW

PHONE = UUID(int=7)


class Greeting(Shape):
    words: str
    tone: str


def third(version: int, data: dict[str, Any]) -> Command:
    """Read by a server that knows the third version, and how the second becomes it."""
    operation = Operation(
        "greetings.say", 3, Greeting, lambda *_all: Done(), upgrades={2: lambda old: {**old, "tone": "warm"}}
    )
    return read_command(envelope(version, data), {operation.name: operation}, digest="", at=NOW, device=PHONE)


def envelope(version: int, data: dict[str, Any], **more: Any) -> Envelope:
    content = {
        "id": str(new_id()),
        "seq": 1,
        "name": "greetings.say",
        "v": version,
        "made_at": NOW.isoformat(),
    }
    return Envelope.model_validate({**content, "data": data, **more})


def test_the_version_of_now_and_the_one_before() -> None:
    assert third(3, {"words": "Chào", "tone": "calm"}).data.tone == "calm"
    assert third(2, {"words": "Chào"}).data.tone == "warm"


@pytest.mark.parametrize(
    ("version", "data", "why"),
    [
        (1, {"words": "Chào"}, "sync.old_version"),
        (4, {"words": "Chào"}, "sync.unknown_command"),
        (2, {"words": 7}, "sync.unreadable_command"),
        (3, {"words": "Chào"}, "sync.unreadable_command"),
    ],
)
def test_what_is_too_old_too_new_or_not_it_is_told_apart(
    version: int, data: dict[str, Any], why: str
) -> None:
    with pytest.raises(UnableToApply) as refused:
        third(version, data)
    assert refused.value.why == why
    assert str(refused.value)


def test_every_command_reads_the_version_before_it_where_there_was_one() -> None:
    assert {name: sorted(one.upgrades) for name, one in OPERATIONS.items() if one.version > 1} == {
        "sessions.record": [1]
    }


def test_a_field_that_the_envelope_gets_later_changes_no_digest() -> None:
    """A phone that sends again after the server was renewed gets its receipt again."""
    one = envelope(1, {"words": "Chào"})
    later = type("LaterEnvelope", (Envelope,), {"__annotations__": {"mood": str}, "mood": ""})
    assert digest_of_command(later.model_validate(one.model_dump())) == digest_of_command(one)
    said = {name: getattr(one, name) for name in Envelope.model_fields if name != "chosen"}
    as_before = Envelope.model_construct(**said).model_dump(mode="json", exclude={"chosen"})
    assert digest_of_command(one) == digest_of(as_before)
    assert digest_of_command(one.model_copy(update={"chosen": True})) != digest_of_command(one)
    other = one.model_copy(update={"data": {"words": "Tạm biệt"}})
    assert digest_of_command(other) != digest_of_command(one)
