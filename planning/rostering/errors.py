"""What can go wrong at the doors of the rostering core."""


class UnableToReadProblem(ValueError):
    """A problem that cannot be used: not readable, or its parts do not fit together. Says where and why."""


class UnableToReadResult(ValueError):
    """A result that cannot be read. Says where and why."""
