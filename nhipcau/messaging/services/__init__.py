"""Writing of the messaging room: sending, delivering, addresses, wishes, the inbox, forgetting."""

from nhipcau.messaging.rules import states_page
from nhipcau.messaging.services.addresses import (
    UnableToConfirm,
    UnableToReadEmail,
    UnableToSendMail,
    confirm_email,
    give_browser,
    give_email,
    remove_address,
    send_code,
)
from nhipcau.messaging.services.delivering import deliver_next
from nhipcau.messaging.services.reading import forget, forget_old, open_message, read_all, set_wishes
from nhipcau.messaging.services.sending import (
    Draft,
    SendingOutsideATransaction,
    send_all,
    send_once_a_day,
)
from nhipcau.messaging.services.trying import try_again, try_all_again

__all__ = [
    "Draft",
    "SendingOutsideATransaction",
    "UnableToConfirm",
    "UnableToReadEmail",
    "UnableToSendMail",
    "confirm_email",
    "deliver_next",
    "forget",
    "forget_old",
    "give_browser",
    "give_email",
    "open_message",
    "read_all",
    "remove_address",
    "send_all",
    "send_code",
    "send_once_a_day",
    "set_wishes",
    "states_page",
    "try_again",
    "try_all_again",
]
