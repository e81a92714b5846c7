"""Writing of the messaging room: sending, delivering, addresses, wishes, the inbox, forgetting."""

from nhipcau.messaging.services.sending import Draft, SendingOutsideATransaction, send, send_all

__all__ = ["Draft", "SendingOutsideATransaction", "send", "send_all"]
