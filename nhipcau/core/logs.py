"""What a log line may hold: never the key of a card or of a sign-in link, never the values of a row."""

import logging
import re

# The part of an address that opens something for whoever knows it (`cases.urls`, `teams.urls`).
_KEYS = re.compile(r"(/c/|/teams/start/[^/\s]+/)[^/\s?'\"]+")
# PostgreSQL adds the values that offended: "DETAIL:  Key (username)=(…) already exists."
_DETAIL = re.compile(r"^(DETAIL|CONTEXT|LINE \d+): .*$", re.MULTILINE)


class Line(logging.Formatter):
    """One record as text, secrets left out."""

    def format(self, record: logging.LogRecord) -> str:
        return _DETAIL.sub(r"\1: …", _KEYS.sub(r"\1…", super().format(record)))
