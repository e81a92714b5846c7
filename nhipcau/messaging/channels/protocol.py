"""What every channel is: something that takes a notice to an address and says how that went."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from nhipcau.messaging.enums import Trouble


@dataclass(frozen=True, slots=True)
class Item:
    """One message inside a notice."""

    subject: str
    body: str
    link: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What goes out at once: one message, or several gathered, in the recipient's language.

    `id` is the same at every try, so that a service can drop a second copy.
    """

    id: UUID
    language: str
    urgent: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the service answered when it took the notice."""

    text: str = ""


class DeliveryTrouble(Exception):
    """Why a notice did not get through; never holds an address or a text."""

    def __init__(self, trouble: Trouble, retry_after: int = 0) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.retry_after = retry_after  # seconds the service asked for; 0: it did not say


class TemporaryTrouble(DeliveryTrouble):
    """Worth another try."""


class PermanentTrouble(DeliveryTrouble):
    """Trying again would not help."""


class AddressGone(PermanentTrouble):
    """The address itself no longer exists: it is forgotten."""

    def __init__(self) -> None:
        super().__init__(Trouble.ADDRESS_GONE)


class Sender(Protocol):
    """A channel, as each folder offers it under the name `CHANNEL`."""

    def is_on(self) -> bool:
        """Whether this installation is set up for it."""
        ...

    def deliver(self, notice: Notice, address: str) -> Receipt:
        """Takes the notice there; raises `TemporaryTrouble`, `PermanentTrouble` or `AddressGone`."""
        ...
