"""The one shape of a refusal: a name, a stable code for machines, a sentence for people."""

from typing import ClassVar

from django.utils.functional import Promise


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
