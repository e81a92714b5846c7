"""Listens on the line between a phone and the server, on the loopback address: every byte the phone sends."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"
CHUNK = 65536


@dataclass(frozen=True)
class Heard:
    """A request as it went over the line; `heads` without their values' case changed."""

    method: str
    path: str
    heads: dict[str, str]
    body: bytes

    def said(self, *, without: str = "") -> str:
        """Everything but the body, and but one head."""
        heads = {name: value for name, value in self.heads.items() if name != without}
        return f"{self.method} {self.path} {heads}"


def requests_in(stream: bytes) -> list[Heard]:
    """The whole requests of one connection, one after the other."""
    found = []
    while b"\r\n\r\n" in stream:
        head, _end, stream = stream.partition(b"\r\n\r\n")
        first, *lines = head.decode("utf-8", "surrogateescape").split("\r\n")
        heads = {
            name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)
        }
        method, path, _version = first.split(" ")
        assert "transfer-encoding" not in heads, "a body that is not counted would not be read"
        size = int(heads.get("content-length", 0))
        found.append(Heard(method, path, heads, stream[:size]))
        stream = stream[size:]
    return found


class Tap:
    """`with Tap(port) as tap: ...  # tap.url`; then `tap.heard()`."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._streams: list[bytearray] = []
        self._sockets: list[socket.socket] = []
        self._door = socket.create_server((LOOPBACK, 0))
        self.url = f"http://{LOOPBACK}:{self._door.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._let_in, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in (self._door, *self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def heard(self) -> list[Heard]:
        return [request for stream in list(self._streams) for request in requests_in(bytes(stream))]

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                phone, _address = self._door.accept()
                server = socket.create_connection((LOOPBACK, self._upstream))
                self._sockets += (phone, server)
                stream = bytearray()
                self._streams.append(stream)
                threading.Thread(target=self._carry, args=(phone, server, stream), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, phone, None), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, kept: bytearray | None) -> None:
        with suppress(OSError):
            while content := source.recv(CHUNK):
                if kept is not None:
                    kept += content
                target.sendall(content)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
