"""The proxy does what it says, against a small real server: every test behind it leans on that."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep

import pytest

from .plan import EVERY_FAULT, Fault, Plan
from .proxy import FaultProxy

BODY = json.dumps({"text": "x" * 3000})


@dataclass
class Book:
    """What the server took in whole."""

    taken: list[str] = field(default_factory=list)
    port: int = 0


@pytest.fixture(scope="module")
def book() -> Iterator[Book]:
    book = Book()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                self.close_connection = True
                return
            book.taken.append(self.path)
            answer = json.dumps({"path": self.path, "length": length, "rest": "y" * 3000}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            if self.path == "/chunked":
                self.send_header("Transfer-Encoding", "chunked")
                answer = b"%x\r\n%s\r\n0\r\n\r\n" % (len(answer), answer)
            else:
                self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the tests' screen."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Connections are cut here on purpose."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    book.port = server.server_port
    yield book
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def through(book: Book) -> Iterator[Callable[[Fault], FaultProxy]]:
    """A proxy that does one fault to every request."""
    opened: list[FaultProxy] = []
    book.taken.clear()

    def make(fault: Fault) -> FaultProxy:
        proxy = FaultProxy(book.port, Plan(1, [fault], share=1), delay=0.2).__enter__()
        opened.append(proxy)
        return proxy

    yield make
    for proxy in opened:
        proxy.__exit__(None, None, None)


def send(proxy: FaultProxy, path: str = "/one", *, timeout: float = 5) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", proxy.port, timeout=timeout)
    try:
        connection.request("POST", path, BODY)
        answer: HTTPResponse = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_for(count: int, book: Book) -> None:
    until = monotonic() + 3
    while len(book.taken) < count and monotonic() < until:
        sleep(0.01)


@pytest.mark.parametrize("path", ["/one", "/chunked"])
def test_without_a_fault_everything_passes_as_it_is(
    through: Callable[[Fault], FaultProxy], book: Book, path: str
) -> None:
    status, body = send(through(Fault.NONE), path)
    assert status == 200
    assert json.loads(body)["length"] == len(BODY)
    assert book.taken == [path]


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        (Fault.CUT_BEFORE_SEND, 0),
        (Fault.CUT_REQUEST, 0),
        (Fault.CUT_BEFORE_ANSWER, 1),
        (Fault.ANSWER_LOST, 1),
        (Fault.CUT_ANSWER, 1),
    ],
)
def test_a_cut_leaves_no_whole_answer(
    through: Callable[[Fault], FaultProxy], book: Book, fault: Fault, taken: int
) -> None:
    with pytest.raises((HTTPException, OSError)):
        send(through(fault))
    wait_for(taken, book)
    assert len(book.taken) == taken


def test_silence_ends_only_when_the_phone_gives_up(
    through: Callable[[Fault], FaultProxy], book: Book
) -> None:
    with pytest.raises(TimeoutError):
        send(through(Fault.SILENCE), timeout=0.4)
    assert book.taken == ["/one"]


@pytest.mark.parametrize("fault", [Fault.TWICE, Fault.TWICE_AT_ONCE])
def test_a_duplicate_reaches_the_server_twice(
    through: Callable[[Fault], FaultProxy], book: Book, fault: Fault
) -> None:
    assert send(through(fault))[0] == 200
    assert book.taken == ["/one", "/one"]


def test_a_later_request_passes_the_one_before(book: Book) -> None:
    book.taken.clear()
    plan = Plan(1, [Fault.REORDER], share=1, most=1)
    with FaultProxy(book.port, plan) as proxy, ThreadPoolExecutor() as pool:
        first = pool.submit(send, proxy, "/first")
        sleep(0.2)
        assert send(proxy, "/second")[0] == 200
        assert first.result()[0] == 200
    assert book.taken == ["/second", "/first"]


def test_a_held_request_is_let_go_when_none_follows(
    through: Callable[[Fault], FaultProxy], book: Book
) -> None:
    assert send(through(Fault.REORDER))[0] == 200
    assert book.taken == ["/one"]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.ANSWER_500, 500),
        (Fault.ANSWER_502, 502),
        (Fault.ANSWER_413, 413),
        (Fault.ANSWER_403, 403),
        (Fault.ANSWER_401, 401),
        (Fault.ANSWER_422, 422),
        (Fault.ANSWER_429, 429),
        (Fault.STRANGER_PAGE, 200),
        (Fault.STRANGER_JSON, 200),
        (Fault.REDIRECT, 302),
    ],
)
def test_a_stranger_answers_and_the_server_hears_nothing(
    through: Callable[[Fault], FaultProxy], book: Book, fault: Fault, status: int
) -> None:
    proxy = through(fault)
    assert send(proxy)[0] == status
    assert book.taken == []
    assert proxy.count() == {fault: 1}


def test_an_earlier_answer_comes_again(book: Book) -> None:
    book.taken.clear()
    with FaultProxy(book.port) as proxy:
        first = send(proxy, "/same?a=1")
        proxy.plan = Plan(1, [Fault.OLD_ANSWER], share=1)
        assert send(proxy, "/same?a=2") == first
        assert json.loads(send(proxy, "/other")[1])["path"] == "/other"
    assert book.taken == ["/same?a=1", "/other"]


def test_the_connection_is_closed_after_a_whole_answer(through: Callable[[Fault], FaultProxy]) -> None:
    connection = HTTPConnection("127.0.0.1", through(Fault.CLOSE).port, timeout=5)
    connection.request("POST", "/one", BODY)
    assert len(connection.getresponse().read()) > 3000
    assert connection.sock is not None
    assert connection.sock.recv(1) == b""
    connection.close()


def test_one_connection_serves_many_requests_where_nothing_is_cut(
    through: Callable[[Fault], FaultProxy],
) -> None:
    connection = HTTPConnection("127.0.0.1", through(Fault.NONE).port, timeout=5)
    for _time in range(3):
        connection.request("POST", "/one", BODY)
        assert connection.getresponse().read()
    connection.close()


@pytest.mark.parametrize(("fault", "least", "most"), [(Fault.SLOW, 0.5, 1.5), (Fault.DELAY, 0.0, 0.4)])
def test_slow_is_as_slow_as_it_says(
    through: Callable[[Fault], FaultProxy], fault: Fault, least: float, most: float
) -> None:
    proxy, begun = through(fault), monotonic()
    assert send(proxy)[0] == 200
    assert least <= monotonic() - begun < most


def test_the_same_seed_plans_the_same() -> None:
    def faults(seed: int) -> list[Fault]:
        plan = Plan(seed, EVERY_FAULT, prefix="/api/")
        return [plan.decide("/api/v1/") for _time in range(200)]

    assert faults(7) == faults(7)
    assert faults(7) != faults(8)
    assert set(faults(7)) == set(Fault)


def test_a_plan_leaves_other_addresses_alone_and_comes_to_an_end() -> None:
    plan = Plan(3, {Fault.ANSWER_500: 1.0}, share=1, prefix="/api/", most=2)
    assert plan.decide("/field/") is Fault.NONE
    assert [plan.decide("/api/") for _time in range(3)] == [Fault.ANSWER_500, Fault.ANSWER_500, Fault.NONE]


def test_a_body_beyond_the_limit_is_answered_413(book: Book) -> None:
    book.taken.clear()
    with FaultProxy(book.port, limit=len(BODY)) as proxy:
        assert send(proxy)[0] == 200
        proxy.limit = len(BODY) - 1
        assert send(proxy)[0] == 413
        assert proxy.most_at_once == 1
    assert book.taken == ["/one"]


def test_a_page_of_the_test_is_served_beside_the_server(book: Book) -> None:
    with FaultProxy(
        book.port, Plan(1, [Fault.ANSWER_500], share=1), pages={"/own": ("text/html", b"own")}
    ) as proxy:
        assert send(proxy, "/own") == (200, b"own")
        assert proxy.seen == []


def test_it_stops_by_itself(book: Book) -> None:
    with FaultProxy(book.port, lifetime=0.3) as proxy:
        assert send(proxy)[0] == 200
        sleep(0.6)
        with pytest.raises(OSError, match="refused"):
            send(proxy)


def test_a_server_that_is_gone_cuts_the_phone_off_and_nothing_else() -> None:
    with FaultProxy(1) as proxy:
        for _time in range(2):
            with pytest.raises((HTTPException, OSError)):
                send(proxy)
