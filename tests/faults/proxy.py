"""Stands between a phone and the server, on the loopback address, and spoils what its plan says.

    with FaultProxy(8123, Plan(seed, [Fault.ANSWER_LOST])) as proxy:
        ...  # proxy.url

It runs in a thread of its own, holds only so many connections, and stops by itself after `lifetime` seconds.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from .answers import answer_instead, page_of
from .message import HEAD_LIMIT, Message, NoMessage, read_message
from .plan import Fault, Plan

LOOPBACK = "127.0.0.1"
MOST_CONNECTIONS = 64
# Slow 3G as browsers' tools know it: 400 kbit/s, and 400 ms there and back.
SLOW_BYTES_PER_SECOND = 50_000
SLOW_ROUND_TRIP = 0.4
CHUNK = 4096
Pages = Mapping[str, tuple[str, bytes]]
CUTS = frozenset({Fault.CUT_BEFORE_SEND, Fault.CUT_REQUEST, Fault.CUT_BEFORE_ANSWER})


@dataclass(frozen=True)
class Seen:
    """One request as the proxy met it; `status` 0 where the server was not asked or did not answer."""

    fault: Fault
    method: str
    path: str
    status: int


class Cut(Exception):
    """The connection to the phone ends here, without another byte."""


def _place_of(request: Message) -> str:
    return f"{request.method} {request.path.partition('?')[0]}"


class FaultProxy:
    """`plan` may be exchanged at any time; `seen` tells what was done; `pages` it serves itself.

    `limit`: a longer body is answered 413, as many a web server does. `dislikes`: a body with this in it
    meets that fault, whatever the plan says. `most_at_once`: requests side by side.
    """

    def __init__(
        self,
        port: int,
        plan: Plan | None = None,
        *,
        lifetime: float = 900,
        delay: float = 0.4,
        held: float = 2.0,
        pages: Pages | None = None,
        limit: int | None = None,
    ) -> None:
        self.plan = plan or Plan(0)
        self.seen: list[Seen] = []
        self._upstream, self._lifetime, self._delay, self._held = port, lifetime, delay, held
        self._memory: dict[str, bytes] = {}
        self._pages, self.limit = pages or {}, limit
        self.dislikes: tuple[bytes, Fault] | None = None
        self._under_way = self.most_at_once = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    # From the test's own thread.

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the proxy did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def count(self) -> Counter[Fault]:
        """How often each fault was done."""
        return Counter(seen.fault for seen in self.seen)

    # From here on in the proxy's thread.

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._over, self._passed = asyncio.Event(), asyncio.Condition()
        server = await asyncio.start_server(self._client, LOOPBACK, 0, limit=HEAD_LIMIT)
        self.port: int = server.sockets[0].getsockname()[1]
        self._ready.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), self._lifetime)
        server.close()
        for writer in list(self._open):
            writer.transport.abort()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """All requests of one connection of the phone, one after the other."""
        if len(self._open) >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        self._open.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
            await writer.drain()
            writer.close()
        except (Cut, NoMessage, OSError, asyncio.CancelledError):
            # Also when the proxy ends; a task that says so itself would be reported as a failure.
            writer.transport.abort()
        finally:
            self._open.discard(writer)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and what becomes of it; whether the connection stays open."""
        request = await read_message(reader)
        if own := self._pages.get(request.path):
            writer.write(page_of(*own))
            await writer.drain()
            return True
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            return await self._answered(request, reader, writer)
        finally:
            self._under_way -= 1

    async def _answered(
        self, request: Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        fault = self.plan.decide(request.path)
        if self.limit is not None and len(request.body) > self.limit:
            fault = Fault.ANSWER_413
        if self.dislikes and self.dislikes[0] in request.body:
            fault = self.dislikes[1]
        place = len(self.seen)
        self.seen.append(Seen(fault, request.method, request.path, 0))
        instead = answer_instead(fault)
        if fault is Fault.OLD_ANSWER:
            instead = self._memory.get(_place_of(request))
        if instead is not None:
            writer.write(instead)
            await writer.drain()
            return True
        answer = await self._spoil_request(fault, request)
        self._memory.setdefault(_place_of(request), answer.raw)
        self.seen[place] = Seen(fault, request.method, request.path, answer.status)
        async with self._passed:
            self._passed.notify_all()
        if fault is Fault.SILENCE:
            await reader.read()  # until the phone gives up
        await self._spoil_answer(fault, answer, writer)
        return request.stays_open and answer.stays_open and fault is not Fault.CLOSE

    async def _spoil_request(self, fault: Fault, request: Message) -> Message:
        """What the server answers, if the request gets so far."""
        if fault in CUTS:
            if through := self._through(fault, request):
                await self._drop(through)
            raise Cut
        match fault:
            case Fault.TWICE:
                await self._ask(request)
            case Fault.TWICE_AT_ONCE:
                return (await asyncio.gather(self._ask(request), self._ask(request)))[1]
            case Fault.REORDER:
                await self._hold()
            case Fault.DELAY:
                await asyncio.sleep(self.plan.seconds(self._delay))
            case Fault.SLOW:
                await asyncio.sleep(SLOW_ROUND_TRIP / 2 + len(request.raw) / SLOW_BYTES_PER_SECOND)
        return await self._ask(request)

    async def _spoil_answer(self, fault: Fault, answer: Message, writer: asyncio.StreamWriter) -> None:
        match fault:
            case Fault.ANSWER_LOST | Fault.SILENCE:
                raise Cut
            case Fault.CUT_ANSWER:
                writer.write(answer.raw[: len(answer.head) + self.plan.part(len(answer.body))])
                await writer.drain()
                await asyncio.sleep(0.02)
                raise Cut
            case Fault.SLOW:
                await asyncio.sleep(SLOW_ROUND_TRIP / 2)
                await self._trickle(answer.raw, writer)
            case _:
                writer.write(answer.raw)
                await writer.drain()

    def _through(self, fault: Fault, request: Message) -> bytes:
        """How much of the request still reaches the server before the cut."""
        if fault is Fault.CUT_BEFORE_SEND:
            return b""
        if fault is Fault.CUT_BEFORE_ANSWER:
            return request.raw
        if not request.body:
            return request.head[: len(request.head) // 2]
        return request.raw[: len(request.head) + self.plan.part(len(request.body))]

    async def _hold(self) -> None:
        """Until a later request was answered, or none came for a while."""
        async with self._passed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._passed.wait(), self._held)

    async def _trickle(self, raw: bytes, writer: asyncio.StreamWriter) -> None:
        for start in range(0, len(raw), CHUNK):
            part = raw[start : start + CHUNK]
            await asyncio.sleep(len(part) / SLOW_BYTES_PER_SECOND)
            writer.write(part)
            await writer.drain()

    async def _ask(self, request: Message) -> Message:
        reader, writer = await asyncio.open_connection(LOOPBACK, self._upstream, limit=HEAD_LIMIT)
        try:
            writer.write(request.raw)
            await writer.drain()
            return await read_message(reader, answer_to=request.method)
        finally:
            writer.transport.abort()

    async def _drop(self, raw: bytes) -> None:
        """Sends so much to the server and leaves without waiting."""
        _reader, writer = await asyncio.open_connection(LOOPBACK, self._upstream)
        writer.write(raw)
        await writer.drain()
        await asyncio.sleep(0.01)
        writer.transport.abort()
