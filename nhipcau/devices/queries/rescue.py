"""What was taken off a phone without its PIN: the file, or the texts of its codes, read with care.

Whoever hands it in is a stranger until the records open: nothing is unpacked, parsed or counted beyond what
a phone can honestly hold.
"""

import base64
import binascii
import json
import re
import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from nhipcau.core.errors import UnableTo

MOST_FILE_BYTES: Final = 20 * 1024 * 1024
# Three months of the busiest phone, several times over.
MOST_RECORDS: Final = 20_000
_FORMAT: Final = "nhipcau-rescue"
_SHOWN: Final = 20
_NONCE, _TAG = 12, 16
_PART = re.compile(r"NCR1:([0-9a-f]{8}):([1-9][0-9]{0,4})/([1-9][0-9]{0,4}):([A-Za-z0-9_-]+)")
_WHERE = re.compile(r"(?:outbox|drawer)/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class UnableToReadRescue(UnableTo):
    """Not what our app saves, or not all of it."""

    code = "sync.rescue_unreadable"


class UnableToJoinParts(UnableToReadRescue):
    """Some of the codes are missing."""

    code = "sync.rescue_part_missing"


class UnableToTrustRescue(UnableToReadRescue):
    """It was changed on the way, or cut off."""

    code = "sync.rescue_changed"


class UnableToTakeRescue(UnableToReadRescue):
    """More than any phone holds."""

    code = "sync.rescue_too_large"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One record as it lay on the phone. `where` is bound to it: moved elsewhere, it does not open."""

    where: str
    nonce: bytes
    box: bytes


@dataclass(frozen=True, slots=True)
class Rescue:
    """Everything that came off one phone, in its order; None stands for a record that is none."""

    device: UUID
    records: tuple[Sealed | None, ...]


def read_rescue(content: str | bytes) -> Rescue:
    """The content of the file, or the codes in any order, with repeats. Raises `UnableToReadRescue`."""
    if len(content) > MOST_FILE_BYTES:
        raise _too_much()
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError as error:
        raise _not_ours() from error
    text = text.strip()
    return _read_file(text if text.startswith("{") else _joined(text))


def _joined(text: str) -> str:
    """The text behind the codes."""
    found = _PART.findall(text)
    if not found:
        raise _not_ours()
    if len({(checksum, total) for checksum, _at, total, _content in found}) > 1:
        raise UnableToReadRescue(
            _("These codes were not saved at the same moment. Hand in one phone at a time.")
        )
    checksum, _at, count, _content = found[0]
    parts: dict[int, str] = {}
    for _sum, at, _total, content in found:
        if parts.setdefault(int(at), content) != content:
            raise _changed()
    _check_whole(parts, int(count))
    packed = "".join(parts[at] for at in range(1, int(count) + 1))
    whole = _unpacked(packed)
    if sha256(whole).hexdigest()[:8] != checksum:
        raise _changed()
    try:
        return whole.decode()
    except UnicodeDecodeError as error:
        raise _not_ours() from error


def _check_whole(parts: dict[int, str], total: int) -> None:
    if max(parts) > total:
        raise _changed()
    if len(parts) == total:
        return
    missing = [str(at) for at in range(1, total + 1) if at not in parts]
    shown = ", ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
    words = _("Of %(total)d codes these are missing: %(missing)s. Add them and send all of them again.")
    raise UnableToJoinParts(words % {"total": total, "missing": shown})


def _unpacked(packed: str) -> bytes:
    """At most as much as we take: a small code can be made to unfold into a very large text."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        whole = unpacker.decompress(raw, MOST_FILE_BYTES + 1)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise _changed() from error
    if len(whole) > MOST_FILE_BYTES:
        raise _too_much()
    if not unpacker.eof or unpacker.unused_data:
        raise _changed()
    return whole


def _read_file(text: str) -> Rescue:
    if _FORMAT not in text[:200]:
        raise _not_ours()
    _check_shape(text)
    try:
        content = json.loads(text)
        if content["format"] != _FORMAT or content["v"] != 1:
            raise _not_ours()
        device, records = UUID(content["device"]), content["records"]
    except json.JSONDecodeError as error:
        raise _changed() from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _not_ours() from error
    if not isinstance(records, list):
        raise _not_ours()
    return Rescue(device, tuple(_record(each) for each in records))


def _check_shape(text: str) -> None:
    """One list of flat records has no more brackets and colons than this; all else would only cost memory."""
    records = text.count("{") - 1
    if records > MOST_RECORDS:
        raise _too_much()
    if text.count("[") > 1 or text.count(":") > 4 + 3 * records:
        raise _not_ours()


def _record(content: Any) -> Sealed | None:
    try:
        where = content["where"]
        nonce = base64.b64decode(content["iv"], validate=True)
        box = base64.b64decode(content["box"], validate=True)
    except (TypeError, KeyError, ValueError):
        return None
    if not isinstance(where, str) or not _WHERE.fullmatch(where):
        return None
    return Sealed(where, nonce, box) if len(nonce) == _NONCE and len(box) > _TAG else None


def _not_ours() -> UnableToReadRescue:
    return UnableToReadRescue(
        _("This was not saved by our app. Choose the file whose name ends in .nhipcau.")
    )


def _changed() -> UnableToTrustRescue:
    return UnableToTrustRescue(_("This was changed or cut off on the way. Save it on the phone once more."))


def _too_much() -> UnableToTakeRescue:
    return UnableToTakeRescue(_("This is more than a phone of ours can hold."))
