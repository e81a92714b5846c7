"""What a cell may mean: a text, a number, a day, a time, as people and spreadsheets write them."""

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo


class BadCell(UnableTo):
    """The cell does not hold what its column asks for."""

    code = "core.bad_cell"


def as_text(value: Any, *, longest: int = 300) -> str:
    """The text of a cell, on one line. A whole number loses the ".0" that spreadsheets add."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str("" if value is None else value).split())
    if len(text) > longest:
        raise BadCell(_("This is too long: at most %(most)s letters.") % {"most": longest})
    if any(not letter.isprintable() for letter in text):
        raise BadCell(_("There are signs here that are no letters."))
    return text


def as_number(value: Any, *, least: int = 0, most: int = 1_000_000) -> int:
    """A whole number within bounds."""
    try:
        number = float(value) if isinstance(value, int | float) else float(str(value).strip())
    except ValueError:
        raise BadCell(_("Write a whole number.")) from None
    if not number.is_integer():
        raise BadCell(_("Write a whole number."))
    if not least <= number <= most:
        raise BadCell(_("Write a number from %(least)s to %(most)s.") % {"least": least, "most": most})
    return int(number)


def as_day(value: Any) -> dt.date:
    """A date: a date cell, `31/12/2026`, `31-12-2026` or `2026-12-31`. Day before month, as people write."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = str(value).strip()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII):
        day, month, year = map(int, found.groups())
    else:
        raise BadCell(_("Write the date as day/month/year, for example 31/12/2026."))
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise BadCell(_("There is no such date.")) from None


def as_time(value: Any) -> dt.time:
    """A time of day: a time cell, `7:30`, `07:30`, `7h30` or `7h`."""
    if isinstance(value, dt.datetime):
        return value.time().replace(second=0, microsecond=0)
    if isinstance(value, dt.time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, dt.timedelta):
        minutes = round(value.total_seconds() / 60)
    elif isinstance(value, float) and 0 <= value < 1:  # the share of a day, as spreadsheets keep it
        minutes = round(value * 1440)
    elif found := re.fullmatch(r"(\d{1,2})\s*[:hH.]\s*(\d{2})?", str(value).strip(), re.ASCII):
        minutes = int(found.group(1)) * 60 + int(found.group(2) or 0)
        minutes = -1 if int(found.group(2) or 0) > 59 else minutes
    else:
        minutes = -1
    if not 0 <= minutes < 1440:
        raise BadCell(_("Write the time as hours and minutes, for example 7:30."))
    return dt.time(minutes // 60, minutes % 60)
