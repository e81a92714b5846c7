"""Sound sent to a player: whole, or the part it asks for (phones refuse to play what they cannot seek in)."""

import re

from django.http import HttpRequest, HttpResponse

_RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")


def sound(request: HttpRequest, data: bytes, content_type: str) -> HttpResponse:
    """The answer to a request for `data`, with one byte range where asked (RFC 9110, section 14)."""
    size = len(data)
    part = _part(request.headers.get("Range", ""), size)
    if part is None:
        response = HttpResponse(data, content_type=content_type)
    elif part[0] >= size or part[0] > part[1]:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        first, last = part[0], min(part[1], size - 1)
        response = HttpResponse(data[first : last + 1], status=206, content_type=content_type)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    # Nobody may pack it on the way out: a part counts the bytes of the sound itself.
    response["Content-Encoding"] = "identity"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for; None when the whole is wanted or the wish makes no sense."""
    match = _RANGE.fullmatch(asked.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size - 1 if int(last) else -1
    return int(first), int(last) if last else size - 1
