"""The ways to reach people, by name. A further one is a folder here and a line in `enums.Channel`."""

from functools import cache
from importlib import import_module

from nhipcau.messaging.channels.protocol import Sender
from nhipcau.messaging.enums import Channel


@cache
def channel(name: str) -> Sender:
    """The channel of that name: `CHANNEL` of its folder."""
    found: Sender = import_module(f"{__name__}.{Channel(name).value}").CHANNEL
    return found


def outward() -> list[Channel]:
    """The channels that leave the site and that this installation is set up for."""
    return [name for name in Channel if name != Channel.IN_APP and channel(name).is_on()]
