"""The field app as it is built, on a small server of its own: the built files, under the same policy."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest
import segno
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from nhipcau.core import clock
from nhipcau.core.ids import new_id, new_token
from nhipcau.core.middleware import POLICY
from nhipcau.sync.views.shell import SHELL_POLICY
from tests.browser.conftest import PHONE, QUIET, whole_chromium
from tests.browser.field.conftest import ESBUILD, PIN, Province, lease_answer, with_few_rounds
from tests.browser.field.screens.samples import page as sample_page
from tests.browser.witness import BROWSERS
from tests.databases import ROOT

VIEW: ViewportSize = {"width": PHONE["width"], "height": PHONE["height"]}
DIST = ROOT / "static" / "dist"
APP = {
    "/field/": ("shell.html", "text/html; charset=utf-8"),
    "/field/sw.js": ("sw.js", "text/javascript; charset=utf-8"),
    "/field/manifest.webmanifest": ("manifest.webmanifest", "application/manifest+json"),
}


class Site(ThreadingHTTPServer):
    """`me` is what the server says of the web session; None: it does not answer."""

    me: dict[str, Any] | None = None
    harness = b""
    # Pages of the product that the app asks for, by their path.
    pages: ClassVar[dict[str, str]] = {}
    # Everything that came: method, path with its question, headers, body.
    seen: ClassVar[list[tuple[str, str, str, bytes]]] = []
    # Whether what is sent is taken, each command with its receipt.
    takes = False
    # Whether what is asked of the pack is answered then.
    gives = True
    # At the end of the worker: other bytes are a new version of the app.
    edition = b""

    def no_more(self, asked: str) -> bytes:
        lease = lease_answer()
        after = int(parse_qs(asked.partition("?")[2])["after"][0])
        page = {"epoch": "sample", "items": [], "next": after, "more": False}
        times = {"server_time": lease["server_time"], "lease_until": lease["lease_until"]}
        return json.dumps({**page, **times}).encode()

    def receipts(self, body: bytes) -> dict[str, Any]:
        commands = json.loads(body)["commands"]
        applied = {"result": "applied", "code": "", "words": "", "about": None}
        lease = lease_answer()
        return {
            "server_time": lease["server_time"],
            "lease_until": lease["lease_until"],
            "receipts": [{"id": command["id"], **applied} for command in commands],
            "later": [],
        }


class Handler(BaseHTTPRequestHandler):
    server: Site

    def log_message(self, format: str, *args: object) -> None:
        pass

    def answer(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", SHELL_POLICY if self.path == "/field/" else POLICY)
        self.end_headers()
        self.wfile.write(body)

    def found(self, path: str) -> tuple[bytes, str] | None:
        if path == "/fill/":
            return b"<!doctype html><title>fill</title><script src=/fill/fill.js></script>", "text/html"
        if path == "/fill/fill.js":
            return self.server.harness, "text/javascript; charset=utf-8"
        if path in self.server.pages:
            return self.server.pages[path].encode(), "text/html; charset=utf-8"
        if path == "/api/v1/sync/pack" and self.server.takes and self.server.gives:
            return self.server.no_more(self.path), "application/json"
        if path == "/field/me" and self.server.me is not None:
            return json.dumps(self.server.me).encode(), "application/json"
        name, content_type = APP.get(path, ("", ""))
        file = DIST / "field" / name if name else DIST / path.removeprefix("/static/")
        if not (name or path.startswith("/static/")) or ".." in path or not file.is_file():
            return None
        edition = self.server.edition if name == "sw.js" else b""
        return file.read_bytes() + edition, content_type or guess_type(file.name)[
            0
        ] or "application/octet-stream"

    def do_GET(self) -> None:
        self.server.seen.append(("GET", self.path, str(self.headers), b""))
        found = self.found(self.path.partition("?")[0])
        if found:
            self.answer(200, *found)
        else:
            self.answer(404, b"nothing here", "text/plain")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append(("POST", self.path, str(self.headers), body))
        if self.path == "/api/v1/sync/commands" and self.server.takes:
            self.answer(200, json.dumps(self.server.receipts(body)).encode(), "application/json")
        elif self.path.startswith("/field/devices") and self.server.me:
            self.answer(200, json.dumps(lease_answer()).encode(), "application/json")
        elif self.path == "/account/logout/":
            self.server.me = {"signed_in": False}
            self.answer(200, b"{}", "application/json")
        else:
            self.answer(502, b"", "text/plain")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    built = tmp_path_factory.mktemp("fill") / "fill.js"
    source = Path(__file__).parent / "fill.ts"
    command = [ESBUILD, str(source), "--bundle", "--target=es2020", f"--outfile={built}", "--log-level=error"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    with Site(("127.0.0.1", 0), Handler) as server:
        server.harness = with_few_rounds(built.read_text())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@dataclass
class FilledPhone:
    """A phone with a store that has its pack; `page` shows the app, locked at first."""

    context: BrowserContext
    page: Page
    device: str
    ids: dict[str, str]
    base: str
    spki: str

    def unlock(self) -> None:
        self.page.goto(f"{self.base}/field/#/today")
        type_pin(self.page)
        self.page.wait_for_selector("a.nf-button--large")

    def go(self, route: str) -> None:
        """Another screen of the open app; waits until it is drawn."""
        self.page.evaluate("route => { location.hash = '#/' + route }", route)
        self.page.wait_for_selector(f"main[data-route='{route}']")

    def ask(self, name: str, *given: Any) -> Any:
        """One of the functions that fill a phone, on its store, in a tab of its own."""
        tab = self.context.new_page()
        tab.goto(f"{self.base}/fill/")
        found = tab.evaluate("a => nc[a[0]](...a.slice(1))", [name, self.device, PIN, *given])
        tab.close()
        return found

    def waiting(self) -> list[dict[str, Any]]:
        """What lies in the outbox."""
        found: list[dict[str, Any]] = self.ask("waiting")
        return found


def signed_in(phone: FilledPhone, language: str) -> dict[str, Any]:
    key = {"id": phone.ids["case"], "spki": phone.spki}
    member = {"id": phone.ids["case"], "name": "Nguyễn Thị Minh", "language": language}
    now = clock.now().isoformat()
    return {
        "signed_in": True,
        "csrf": "x",
        "member": member,
        "may": True,
        "escrow_key": key,
        "server_time": now,
    }


def type_pin(page: Page, pin: str = PIN) -> None:
    page.wait_for_selector(".nf-pad")
    for digit in pin:
        page.click(f".nf-pad__key[data-digit='{digit}']")
    page.click(".nf-pad__key--ok")


Filler = Callable[..., FilledPhone]


def filler(
    new_context: Callable[[], BrowserContext], site: Site, province: Province, opened: list[BrowserContext]
) -> Filler:
    def make(
        language: str = "vi",
        *,
        trouble: bool = False,
        ahead: timedelta = timedelta(0),
        fast: timedelta = timedelta(0),
        cut: dict[str, Any] | None = None,
    ) -> FilledPhone:
        """By how much the server's clock goes `ahead` of this phone's, which is `fast` at first. `cut`: what
        is not all here."""
        context = new_context()
        context.set_default_timeout(20_000)
        opened.append(context)
        base = f"http://127.0.0.1:{site.server_port}"
        ids = {name: str(new_id()) for name in ("shift", "visit", "class", "case", "conflict")}
        ids["token"] = new_token()
        page = context.new_page()
        page.goto(f"{base}/fill/")
        given = {
            "pin": PIN, "spki": province.spki, "language": language,
            "answer": lease_answer(at=clock.now() + fast + ahead), "fast": fast.total_seconds() * 1000,
            "page": sample_page(language, clock.now(), ids, cut),
        }  # fmt: skip
        device: str = page.evaluate("a => nc.fill(a)", given)
        if trouble:
            page.evaluate("a => nc.trouble(a[0], a[1], a[2])", [device, PIN, ids["case"]])
        return FilledPhone(context, page, device, ids, base, province.spki)

    return make


@pytest.fixture
def filled(chromium: Browser, site: Site, province: Province) -> Iterator[Filler]:
    opened: list[BrowserContext] = []
    # A phone of the test before may have logged out after its end.
    site.me = None
    yield filler(lambda: chromium.new_context(viewport=VIEW, has_touch=True), site, province, opened)
    for context in opened:
        context.close()
    site.me, site.takes, site.gives, site.edition = None, False, True, b""


class Camera:
    """What a phone's camera sees: one picture, again and again."""

    width, height = 640, 480

    def __init__(self, file: Path) -> None:
        self.file = file
        self.sees(b"")

    def sees(self, content: str | bytes) -> None:
        """A QR code in the middle of a grey table; nothing: the table alone."""
        rows = [bytearray(b"\xa0" * self.width) for _ in range(self.height)]
        if content:
            modules = list(segno.make(content, error="m", micro=False).matrix_iter(border=4))
            scale = (self.height - 20) // len(modules)
            left, top = (self.width - scale * len(modules)) // 2, (self.height - scale * len(modules)) // 2
            for y, line in enumerate(modules):
                drawn = b"".join((b"\x10" if dark else b"\xeb") * scale for dark in line)
                for row in rows[top + y * scale : top + (y + 1) * scale]:
                    row[left : left + len(drawn)] = drawn
        frame = b"FRAME\n" + b"".join(rows) + b"\x80" * (self.width * self.height // 2)
        head = f"YUV4MPEG2 W{self.width} H{self.height} F10:1 Ip A1:1 C420\n".encode()
        self.file.write_bytes(head + frame * 4)

    @property
    def arguments(self) -> list[str]:
        film = f"--use-file-for-fake-video-capture={self.file}"
        return [*QUIET, "--use-fake-device-for-media-stream", film]


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    return Camera(tmp_path_factory.mktemp("camera") / "seen.y4m")


@pytest.fixture(scope="module")
def browser_with_camera(chromium: Browser, camera: Camera) -> Iterator[Browser]:
    browser = chromium.browser_type.launch(executable_path=whole_chromium(), args=camera.arguments)
    BROWSERS.append(browser)
    yield browser
    BROWSERS.remove(browser)
    browser.close()


@pytest.fixture
def filled_with_camera(browser_with_camera: Browser, site: Site, province: Province) -> Iterator[Filler]:
    opened: list[BrowserContext] = []

    def new_context() -> BrowserContext:
        return browser_with_camera.new_context(viewport=VIEW, has_touch=True, permissions=["camera"])

    yield filler(new_context, site, province, opened)
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def read_codes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str]], list[dict[str, Any]]]:
    """What the app makes of texts: its own modules, run outside of a browser."""
    built = tmp_path_factory.mktemp("codes") / "codes.mjs"
    source = Path(__file__).parent / "codes.ts"
    how = ["--bundle", "--platform=node", "--format=esm", f"--outfile={built}", "--log-level=error"]
    subprocess.run([ESBUILD, str(source), *how], cwd=ROOT, check=True, timeout=60)

    def read(given: list[str]) -> list[dict[str, Any]]:
        ran = subprocess.run(
            ["node", str(built)],
            input=json.dumps(given).encode(),
            check=True,
            timeout=60,
            capture_output=True,
        )
        found: list[dict[str, Any]] = json.loads(ran.stdout)
        return found

    return read
