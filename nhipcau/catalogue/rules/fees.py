"""Fees and times as the catalogue writes them, as far as their text can be trusted.

A machine wrote the amounts: 0 where nobody filled one in, 10 for 10,000, dollars as đồng. A person wrote the
words in brackets; they are shown, and where they do not say how much, the officer is to be asked.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from nhipcau.catalogue.rules.records import one_line

# "20000 VNĐ (Theo khoản 1 Điều 3 …)": what a machine wrote, and in brackets what a person wrote.
_AMOUNT = re.compile(r"(\d[\d.,]*)\s*(?:VNĐ|VND|đồng|đ)\s*(?:\((.*?)\)?)?", re.DOTALL | re.IGNORECASE)
# No amount is longer; without an end, a page of digits would be read again from each of them.
_MONEY = re.compile(r"\d[\d.,]{0,40}+\s*(?:đ\b|đồng|vnđ|vnd|usd|%)", re.IGNORECASE)
_NOTHING_TO_PAY = re.compile(
    r"(?:không(?: có| thu(?: phí| lệ phí)*)?|miễn(?: phí| lệ phí)*)\W*", re.IGNORECASE
)
_FOREIGN = re.compile(r"usd|đô la|eur\b", re.IGNORECASE)
# Less than this is no fee in đồng but one in dollars, in thousands, or a slip.
SMALLEST_FEE = 1000
SHORTEST_NOTE = 12
_TIME = re.compile(r"(\d+(?:[.,]\d+)?)\s*(WORKING_DAY|DAY|HOUR|MONTH|YEAR|ngày)")


@dataclass(frozen=True, slots=True)
class Fee:
    """What the catalogue writes about a fee. `ask`: it does not say how much."""

    text: str
    ask: bool


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A time in our words, or the catalogue's own text. Neither: ask the officer."""

    words: str = ""
    text: str = ""


def fees_of(raw: Any) -> tuple[Fee, ...]:
    """The fees that may be shown; none means: ask. 0 alone is not free, and "10 VNĐ" is no amount."""
    pieces = re.split(r"\s\|\s|\A\s*\||\|\s*\Z", raw) if isinstance(raw, str) else []
    found = [fee for piece in pieces if (fee := _fee_of(one_line(piece))) is not None]
    return tuple(dict.fromkeys(found))


def _fee_of(piece: str) -> Fee | None:
    written = _AMOUNT.fullmatch(piece)
    note = ((written.group(2) or "") if written else piece).strip(" -*+;")
    if not any(letter.isalpha() for letter in note):
        return None
    digits = re.sub(r"\D", "", written.group(1)) if written else ""
    amount = int(digits) if digits and len(digits) < 13 else 0
    if amount >= SMALLEST_FEE and not _FOREIGN.search(note):
        return Fee(f"{amount:,}".replace(",", ".") + f" VNĐ ({note})", ask=False)
    clear = bool(_MONEY.search(note) or _NOTHING_TO_PAY.fullmatch(note))
    return Fee(note, ask=not clear) if clear or len(note) >= SHORTEST_NOTE else None


def time_of(raw: Any) -> TimeLimit:
    """How long it takes: "7 WORKING_DAY" in words, a sentence as it stands; "1 OTHER" says nothing."""
    text = one_line(raw) if isinstance(raw, str) else ""
    written = _TIME.fullmatch(text)
    if written is None:
        text = text.removesuffix("OTHER").strip(" -")
        return TimeLimit(text=text if sum(letter.isalpha() for letter in text) > 4 else "")
    number, unit = written.group(1).replace(",", "."), written.group(2)
    if float(number) == 0:
        return TimeLimit()
    return TimeLimit(words=str(_TIME_WORDS[unit]) % {"count": number})


_TIME_WORDS = {
    "WORKING_DAY": _("%(count)s working days"),
    "DAY": _("%(count)s days"),
    "ngày": _("%(count)s days"),
    "HOUR": _("%(count)s hours"),
    "MONTH": _("%(count)s months"),
    "YEAR": _("%(count)s years"),
}
