"""Answers given in place of the server's, by whatever stands on the way."""

import json

from .plan import Fault

PAGE = "<!doctype html><title>Wi-Fi</title><p>Please sign in to use this network.</p>"
_STATUS = {
    Fault.ANSWER_500: "500 Internal Server Error",
    Fault.ANSWER_502: "502 Bad Gateway",
    Fault.ANSWER_413: "413 Content Too Large",
    Fault.ANSWER_403: "403 Forbidden",
    Fault.ANSWER_401: "401 Unauthorized",
    Fault.ANSWER_422: "422 Unprocessable Content",
    Fault.ANSWER_429: "429 Too Many Requests",
    Fault.STRANGER_PAGE: "200 OK",
    Fault.STRANGER_JSON: "200 OK",
    Fault.REDIRECT: "302 Found",
}


def answer_instead(fault: Fault) -> bytes | None:
    """The whole answer of a stranger; nothing for a fault that is none of this kind."""
    if fault not in _STATUS:
        return None
    kind, text = "text/html", PAGE
    if fault is Fault.STRANGER_JSON:
        kind, text = "application/json", json.dumps({"status": "ok", "receipts": "none"})
    more = "Retry-After: 1\r\n" if fault is Fault.ANSWER_429 else ""
    more += "Location: /stranger/\r\n" if fault is Fault.REDIRECT else ""
    body = text.encode()
    head = f"HTTP/1.1 {_STATUS[fault]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def page_of(kind: str, content: bytes) -> bytes:
    """A page that a test puts beside the server's."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content
