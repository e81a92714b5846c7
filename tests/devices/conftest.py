"""A phone of the volunteer and a way to send, as in the room of the protocol."""

from tests.sync.conftest import phone, send

__all__ = ["phone", "send"]
