"""Sound in parts, as players ask for it."""

import pytest
from django.middleware.gzip import GZipMiddleware
from django.test import RequestFactory

from nhipcau.core.media import sound

DATA = bytes(range(100))


@pytest.mark.parametrize(
    ("asked", "status", "body", "content_range"),
    [
        ("", 200, DATA, None),
        ("bytes=0-", 206, DATA, "bytes 0-99/100"),
        ("bytes=0-1", 206, DATA[:2], "bytes 0-1/100"),
        ("bytes=90-500", 206, DATA[90:], "bytes 90-99/100"),
        ("bytes=-10", 206, DATA[90:], "bytes 90-99/100"),
        ("bytes=-500", 206, DATA, "bytes 0-99/100"),
        ("bytes=100-", 416, b"", "bytes */100"),
        ("bytes=5-4", 416, b"", "bytes */100"),
        ("bytes=-0", 416, b"", "bytes */100"),
        ("bytes=-", 200, DATA, None),
        ("bytes=0-1,5-6", 200, DATA, None),
        ("lines=0-1", 200, DATA, None),
        (f"bytes={'9' * 40}-", 200, DATA, None),
        ("bytes=٠-١", 200, DATA, None),
    ],
)
def test_parts(asked: str, status: int, body: bytes, content_range: str | None) -> None:
    response = sound(RequestFactory().get("/", headers={"Range": asked}), DATA, "audio/ogg")
    assert (response.status_code, response.content) == (status, body)
    assert response.headers.get("Content-Range") == content_range
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_part_is_never_packed() -> None:
    """Its place is counted in bytes of the sound."""
    asked = RequestFactory().get("/", headers={"Range": "bytes=0-2000", "Accept-Encoding": "gzip"})
    answer = sound(asked, bytes(3000), "audio/ogg")
    GZipMiddleware(lambda _request: answer).process_response(asked, answer)
    assert (answer.status_code, len(answer.content)) == (206, 2001)
