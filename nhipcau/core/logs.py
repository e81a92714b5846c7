"""What the log holds: never the key of a card or of a sign-in link, never the values of a row; what an
operator has to look at as a warning, what is expected as information.
"""

import logging
import re
from http import HTTPStatus

# The part of an address that opens something for whoever knows it (`cases.urls`, `teams.urls`).
_KEYS = re.compile(r"(/c/|/teams/start/[^/\s]+/)[^/\s?'\"]+")
# PostgreSQL adds the values that offended: "DETAIL:  Key (username)=(…) already exists."
_DETAIL = re.compile(r"^(DETAIL|CONTEXT|LINE \d+): .*$", re.MULTILINE)


class Line(logging.Formatter):
    """One record as text, secrets left out."""

    def format(self, record: logging.LogRecord) -> str:
        return _DETAIL.sub(r"\1: …", _KEYS.sub(r"\1…", super().format(record)))


class ExpectedRefusals(logging.Filter):
    """A refusal because somebody else was faster (409) is told to the person: information, not a warning.

    Only our own views answer so, each with the reason. Every other answer keeps its level.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) != HTTPStatus.CONFLICT:
            return True
        record.levelno, record.levelname = logging.INFO, logging.getLevelName(logging.INFO)
        return logging.getLogger(record.name).isEnabledFor(logging.INFO)
