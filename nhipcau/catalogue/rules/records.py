"""What a record of the national catalogue may claim: its code, which decisions count, which links.

Pure, and careful: the catalogue holds slips of the pen, tests left behind and text from many hands.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from nhipcau.catalogue.enums import Standing

CODE = re.compile(r"[1-9]\.[0-9]{6}")
# When the file was made says nothing about the procedure: alone it makes no new version.
ABOUT_THE_READING = {"crawled", "portal_updated_at"}
PORTAL = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# 2628/QĐ-BTC, 44/2026/QĐ-UBND, 1728a/QĐ-NHNN, 1523/QĐ-BCA-C06, 127/QĐ-VP.UBND.KSTT
_DECISION = re.compile(
    r"0*[1-9][0-9]{0,4}[a-zA-Z]?(?:/(?:19|20)[0-9]{2})?/Q[ĐD]-[A-ZĐ]{2,}(?:[-.][A-ZĐ]+[0-9]{0,2})*"
)
_PREFIX = re.compile(r"^(?:quyết định\s*)?(?:số\s*:?\s*)?(?=[0-9])", re.IGNORECASE)
_SLIPS = re.compile(r"\s+|\.(?=/)|(?<=/)\.|\.$")
# Marks that turn the reading direction, and letters of no width: they can make a text say something else.
_HIDDEN = dict.fromkeys(
    [0x00AD, 0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)]
)
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def is_code(text: str) -> bool:
    """A national code such as 1.001193; nothing more, nothing less."""
    return CODE.fullmatch(text) is not None


def is_signed_decision(text: str) -> bool:
    """Whether this is the number of a signed decision.

    Spaces, a stray full stop, `_` for `-` and the words "Quyết định số" are slips of writing. A proposal
    (TTr), a bare number, a number out of order (QĐ/0001-BCA) or a word (Demo/QĐ-BCA) confirm nothing.
    """
    tidy = unicodedata.normalize("NFC", text).strip()
    tidy = _SLIPS.sub("", _PREFIX.sub("", tidy)).replace("_", "-")
    return _DECISION.fullmatch(tidy) is not None


def standing_of(decision: str) -> Standing:
    """How far a record with this decision may be relied on."""
    return Standing.ANNOUNCED if is_signed_decision(decision) else Standing.IDENTITY_ONLY


def official_page(portal: Any) -> str:
    """The address of the procedure's page on the national portal, or nothing: no other address is trusted."""
    if not isinstance(portal, dict):
        return ""
    url = portal.get("url")
    known = url.removeprefix(PORTAL) if isinstance(url, str) and url.startswith(PORTAL) else portal.get("id")
    number = known.strip().lower() if isinstance(known, str) else ""
    return PORTAL + number if _UUID.fullmatch(number) else ""


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns in which two contents differ; blank and absent are the same."""
    names = sorted({*before, *after} - ABOUT_THE_READING)
    return tuple(name for name in names if (before.get(name) or None) != (after.get(name) or None))


def readable(text: str) -> str:
    """Text of the catalogue as it may be shown: without hidden marks; signs of a lost font become dots."""
    return _PRIVATE.sub("•", text.translate(_HIDDEN)).strip()


def printable(text: str) -> str:
    """Any text as it may stand in a report: letters that no text may hold become question marks."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def one_line(text: str) -> str:
    """`readable`, with every run of space as one space."""
    return " ".join(readable(text).split())
