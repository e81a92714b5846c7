"""One row of the national catalogue: checked, made canonical, or refused with the reason.

What the file says is kept as it says it; only the way letters and line ends are coded is made one, so that
the same text from JSON, CSV and XLSX is the same content.
"""

import hashlib
import json
import math
import re
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nhipcau.catalogue import rules
from nhipcau.core.sheets.looking import LONGEST_CELL
from nhipcau.core.text import fold

LONG = 200_000
# Text columns and the most letters they may hold.
TEXTS = {
    "code": 20, "decision": 200, "name": 2000, "levels": 200, "type": 200, "field": 200, "steps": LONG,
    "targets": 5000, "agencies": 10_000, "competent_agency": 10_000, "intake_address": 10_000,
    "delegated_agency": 10_000, "coordinating_agency": 10_000, "results": LONG, "conditions": LONG,
    "keywords": 10_000, "description": LONG, "portal_updated_at": 60, "crawled": 60,
}  # fmt: skip
LISTS = {"channels": 200, "documents": 2000, "legal_basis": 2000}
COLUMNS = (*TEXTS, *LISTS, "portal")
MOST_COPIES = 999
DEEPEST = 8
ITEM_TEXTS = {"channels": ("method", "time", "fee_raw", "note"), "documents": ("group", "name")}

# The names on the portal itself, for tables written by hand.
_PORTAL_NAMES = {
    "ma thu tuc": "code", "so quyet dinh cong bo": "decision", "so quyet dinh": "decision",
    "ten": "name", "ten thu tuc": "name", "cap thuc hien": "levels", "loai": "type", "loai thu tuc": "type",
    "linh vuc": "field", "trinh tu": "steps", "trinh tu thuc hien": "steps", "doi tuong": "targets",
    "doi tuong thuc hien": "targets", "co quan thuc hien": "agencies",
    "co quan co tham quyen": "competent_agency", "dia chi tiep nhan": "intake_address",
    "dia chi tiep nhan ho so": "intake_address", "co quan duoc uy quyen": "delegated_agency",
    "co quan phoi hop": "coordinating_agency", "ket qua": "results", "ket qua thuc hien": "results",
    "yeu cau dieu kien": "conditions", "yeu cau dieu kien thuc hien": "conditions", "tu khoa": "keywords",
    "mo ta": "description", "cach thuc": "channels", "cach thuc thuc hien": "channels",
    "thanh phan ho so": "documents", "can cu phap ly": "legal_basis",
}  # fmt: skip
# Neither tab nor line feed; carriage returns are line ends of another machine.
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

Content = dict[str, Any]


class BadRow(Exception):
    """A row that is refused, with the reason for the person who sent the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that may be taken in: those columns it has. The content is packed: thousands wait in memory."""

    number: int
    code: str
    decision: str
    hash: str
    packed: bytes

    @classmethod
    def of(cls, number: int, content: Content) -> "Entry":
        """An entry from checked values."""
        decision = content.get("decision", "").strip()
        packed = zlib.compress(_canonical(content), 1)
        return cls(number, content["code"], decision, hash_of(content), packed)

    @property
    def written(self) -> bytes:
        """The content as JSON."""
        return zlib.decompress(self.packed)

    @property
    def content(self) -> Content:
        found: Content = json.loads(self.written)
        return found


def column_of(name: str) -> str:
    """The column meant by a heading, in our names; a heading we do not know stays as it is."""
    tidy = name.strip().strip("\ufeff")
    ours = tidy.lower()
    return ours if ours in COLUMNS else _PORTAL_NAMES.get(fold(tidy), tidy)


def read_entry(number: int, values: Mapping[str, Any], *, cells: bool = False) -> Entry:
    """Raises `BadRow`."""
    given = {name: value for name, value in values.items() if name in COLUMNS}
    if cells:
        given = {name: _from_cell(name, value) for name, value in given.items()}
    content = {name: _checked(name, value) for name, value in given.items()}
    content["code"] = code = content.get("code", "").strip()
    if not rules.is_code(code):
        raise BadRow(f"“{code[:20]}” is not a code such as 1.001193" if code else "no code")
    if not rules.one_line(content.get("name", "")):
        raise BadRow("no name")
    return Entry.of(number, content)


def unknown_columns(values: Mapping[str, Any]) -> set[str]:
    """Columns of a row that are not among ours and are left out, each cut short."""
    return {rules.printable(str(name)[:60]) for name in values.keys() - set(COLUMNS)}


def hash_of(content: Content) -> str:
    """What two contents share when they say the same about the procedure; blank and absent are the same."""
    told = {name: value for name, value in content.items() if name not in rules.ABOUT_THE_READING and value}
    return hashlib.sha256(_canonical(told)).hexdigest()


def _canonical(content: Content) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


# ---- cells of tables -------------------------------------------------------------------------------


def _from_cell(name: str, value: Any) -> Any:
    """A cell as JSON would have it."""
    if isinstance(value, str):
        if len(value) == LONGEST_CELL:
            raise BadRow(f"{name}: the cell is full ({LONGEST_CELL:,} letters), the rest is cut off")
        return value if name in TEXTS else _json_cell(name, value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and name != "code":
        return str(value)
    if name == "code" and isinstance(value, int | float):
        raise BadRow(f"code: {value} is a number and may have lost its zeros; make the column text")
    return value


def _json_cell(name: str, text: str) -> Any:
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadRow(f"{name}: not readable as JSON") from None


# ---- values ----------------------------------------------------------------------------------------


def _checked(name: str, value: Any) -> Any:
    if name in TEXTS:
        return _text(name, value, TEXTS[name])
    if name == "portal":
        if not isinstance(value, dict | None):
            raise BadRow("portal: an object is needed")
        return _plain(name, value or {})
    if not isinstance(value, list | None):
        raise BadRow(f"{name}: a list is needed")
    if value and len(value) > LISTS[name]:
        raise BadRow(f"{name}: {len(value)} entries, more than {LISTS[name]}")
    return [_item(name, item) for item in value or []]


def _item(name: str, item: Any) -> Any:
    if name == "legal_basis":
        return _text(name, item, LONG)
    if not isinstance(item, dict):
        raise BadRow(f"{name}: each entry must be an object")
    for part in ITEM_TEXTS[name]:
        if not isinstance(item.get(part), str | None):
            raise BadRow(f"{name}, {part}: text is needed, not {_kind(item[part])}")
    for part in ("originals", "copies"):
        count = item.get(part)
        known = count is None or (type(count) is int and 0 <= count <= MOST_COPIES)
        if name == "documents" and not known:
            raise BadRow(f"documents, {part}: a number from 0 to {MOST_COPIES} is needed")
    return _plain(name, item)


def _text(name: str, value: Any, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRow(f"{name}: text is needed, not {_kind(value)}")
    text = _letters(name, value)
    if len(text) > longest:
        raise BadRow(f"{name}: {len(text):,} letters, more than {longest:,}")
    return text


def _kind(value: Any) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "something else")


def _letters(name: str, text: str) -> str:
    """One coding of letters and line ends. Letters that no text may hold refuse the row."""
    if _ODD.search(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if odd := _ODD.search(text):
            broken = "\ud800" <= odd[0] <= "\udfff"
            what = "letters that are not UTF-8" if broken else f"a control character (U+{ord(odd[0]):04X})"
            raise BadRow(f"{name}: {what}")
    return unicodedata.normalize("NFC", text)


def _plain(name: str, value: Any, depth: int = 0) -> Any:
    """Whatever else an entry holds, as long as it can be kept and found equal again."""
    if depth > DEEPEST:
        raise BadRow(f"{name}: lists within lists without end")
    if isinstance(value, str):
        return _text(name, value, LONG)
    if isinstance(value, dict):
        return {_letters(name, str(key)): _plain(name, item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(name, item, depth + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise BadRow(f"{name}: a number without end")
    return value
