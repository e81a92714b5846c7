"""The inbox on the site: there is nothing to send, the message is where it is read."""

from nhipcau.messaging.channels.protocol import Notice, Receipt


class InApp:
    """Always there, and never in doubt: it is delivered in the sender's own transaction."""

    def is_on(self) -> bool:
        return True

    def deliver(self, notice: Notice, address: str) -> Receipt:
        return Receipt()


CHANNEL = InApp()
