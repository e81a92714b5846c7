"""The one shape of a refusal: a name, a stable code for machines, a sentence for people."""

from typing import ClassVar

from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise

# PostgreSQL's class "program limit exceeded": what was asked is too large or too deep, not the database away.
_ITS_OWN_LIMITS = "54"


class UnableTo(Exception):
    """Base of every `UnableToX`, which lives beside the function that raises it.

    `code` never changes once published (interfaces and phones compare it); `message` is a
    translated sentence and never holds personal data.
    """

    code: ClassVar[str] = "core.unable"
    # The HTTP status by which the programming interface says it.
    status: ClassVar[int] = 422

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def is_database_away(error: Exception) -> bool:
    """Whether asking again later may help: the connection, the server or another transaction was in the way.

    States by https://www.postgresql.org/docs/current/errcodes-appendix.html.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return not state.startswith(_ITS_OWN_LIMITS)
