"""What counts as a name and as a phone number, and what must never be written down. Pure."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo

LONGEST_NAME = 80
LONGEST_KEEPING_DAYS = 2 * 366

_SEPARATORS = re.compile(r"[\s.\-()/\u00a0\u2010-\u2015]+")
# Nine or more digits, spaces and dots between them allowed: an identity, bank or phone number.
_LONG_NUMBER = re.compile(r"\d(?:[ .]?\d){8,}")
_VIETNAM_CODE = "84"


class UnableToReadPhone(UnableTo):
    """The text is not a telephone number."""

    code = "citizens.unreadable_phone"


class UnableToReadName(UnableTo):
    """The text is not a name."""

    code = "citizens.unreadable_name"


class UnableToWriteDown(UnableTo):
    """The text holds a number that must not be kept."""

    code = "citizens.forbidden_number"


def read_phone(text: str) -> str:
    """Canonical form (E.164, `+84263353342`) of a number as people write it; empty stays empty.

    Tolerant on purpose: mobile and land lines, `0` or `+84` in front, spaces, dots and dashes.
    Ranges are not checked, because operators open new ones; only the count of digits is.
    Raises `UnableToReadPhone`.
    """
    bare = _SEPARATORS.sub("", text[:64])
    if not bare and len(text) <= 64:
        return ""
    digits = bare.removeprefix("+")
    if len(text) > 64 or not (digits.isascii() and digits.isdigit()):
        raise UnableToReadPhone(_("A phone number has only digits, for example 0263 385 1234."))
    national = _national(bare)
    if national is not None:
        if not 9 <= len(national) <= 10 or national.startswith("0"):
            raise UnableToReadPhone(_("A phone number in Vietnam has 10 or 11 digits and starts with 0."))
        return f"+{_VIETNAM_CODE}{national}"
    if bare.startswith("+") and 8 <= len(digits) <= 15:
        return bare
    raise UnableToReadPhone(_("A phone number in Vietnam has 10 or 11 digits and starts with 0."))


def _national(bare: str) -> str | None:
    """The digits after 0, +84, 84 or 0084; None when the number is not written as Vietnamese."""
    for prefix in (f"+{_VIETNAM_CODE}", f"00{_VIETNAM_CODE}"):
        if bare.startswith(prefix):
            return bare.removeprefix(prefix).removeprefix("0")
    if bare.startswith(_VIETNAM_CODE) and len(bare) in (11, 12):
        return bare.removeprefix(_VIETNAM_CODE)
    return bare[1:] if bare.startswith("0") else None


def read_name(text: str) -> str:
    """A person's name with single spaces, composed; raises `UnableToReadName` or `UnableToWriteDown`."""
    if len(text) > 10 * LONGEST_NAME:
        raise UnableToReadName(_("A name has at most 80 characters."))
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if len(name) > LONGEST_NAME:
        raise UnableToReadName(_("A name has at most 80 characters."))
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") for sign in name):
        raise UnableToReadName(_("The name holds a character that cannot be written."))
    if not any(sign.isalpha() for sign in name):
        raise UnableToReadName(_("Write the name in letters."))
    check_no_long_number(name)
    return name


def check_no_long_number(text: str) -> None:
    """Refuses identity, bank and phone numbers in free text: they have no place there."""
    if _LONG_NUMBER.search(text):
        raise UnableToWriteDown(
            _("Do not write identity, bank or phone numbers here. We never keep them in notes or names.")
        )
