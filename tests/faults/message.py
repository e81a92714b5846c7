"""HTTP/1.1 messages as bytes: enough of the protocol to take one whole, and to cut it anywhere."""

import asyncio
from dataclasses import dataclass

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 16 * 1024 * 1024


class NoMessage(Exception):
    """The other side ended before a message was whole, or it is too large to be one of ours."""


@dataclass(frozen=True)
class Message:
    head: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        return self.head + self.body

    @property
    def first(self) -> list[str]:
        """The three words of the first line."""
        return self.head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)

    @property
    def method(self) -> str:
        return self.first[0]

    @property
    def path(self) -> str:
        return self.first[1]

    @property
    def status(self) -> int:
        """Of an answer."""
        return int(self.first[1])

    @property
    def stays_open(self) -> bool:
        return header(self.head, "connection").lower() != "close"


def header(head: bytes, name: str) -> str:
    wanted = name.lower()
    for line in head.decode("latin-1").split("\r\n")[1:]:
        key, _colon, value = line.partition(":")
        if key.strip().lower() == wanted:
            return value.strip()
    return ""


async def read_message(reader: asyncio.StreamReader, *, answer_to: str = "") -> Message:
    """One whole message; `answer_to` is the method that was asked with, for an answer."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        return Message(head, await _body(reader, head, answer_to))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError) as error:
        raise NoMessage from error


async def _body(reader: asyncio.StreamReader, head: bytes, answer_to: str) -> bytes:
    if answer_to and (answer_to == "HEAD" or int(head.split(b" ", 2)[1][:3]) in {204, 304}):
        return b""
    if header(head, "transfer-encoding").lower() == "chunked":
        return await _chunks(reader)
    length = header(head, "content-length")
    if length:
        return await _exactly(reader, int(length))
    return await _to_the_end(reader) if answer_to else b""


async def _to_the_end(reader: asyncio.StreamReader) -> bytes:
    whole = b""
    while part := await reader.read(HEAD_LIMIT):
        whole += part
        if len(whole) > BODY_LIMIT:
            raise NoMessage
    return whole


async def _exactly(reader: asyncio.StreamReader, length: int) -> bytes:
    if length > BODY_LIMIT:
        raise NoMessage
    return await reader.readexactly(length)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    """The chunks with their framing, as they came."""
    whole = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        whole += line + await _exactly(reader, size + 2)
        if len(whole) > BODY_LIMIT:
            raise NoMessage
        if size == 0:
            return whole
