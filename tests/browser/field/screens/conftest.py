"""The field app as it is built, on a small server of its own: the built files, under the same policy."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.core.middleware import POLICY
from nhipcau.sync.views.shell import SHELL_POLICY
from tests.browser.conftest import PHONE
from tests.browser.field.conftest import ESBUILD, PIN, Province, lease_answer
from tests.browser.field.screens.samples import page as sample_page
from tests.databases import ROOT

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
        if path == "/field/me" and self.server.me is not None:
            return json.dumps(self.server.me).encode(), "application/json"
        name, content_type = APP.get(path, ("", ""))
        file = DIST / "field" / name if name else DIST / path.removeprefix("/static/")
        if not (name or path.startswith("/static/")) or ".." in path or not file.is_file():
            return None
        return file.read_bytes(), content_type or guess_type(file.name)[0] or "application/octet-stream"

    def do_GET(self) -> None:
        found = self.found(self.path.partition("?")[0])
        if found:
            self.answer(200, *found)
        else:
            self.answer(404, b"nothing here", "text/plain")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/field/devices") and self.server.me:
            self.answer(200, json.dumps(lease_answer()).encode(), "application/json")
        else:
            self.answer(502, b"", "text/plain")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    built = tmp_path_factory.mktemp("fill") / "fill.js"
    source = Path(__file__).parent / "fill.ts"
    command = [ESBUILD, str(source), "--bundle", "--target=es2020", f"--outfile={built}", "--log-level=error"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    with Site(("127.0.0.1", 0), Handler) as server:
        server.harness = built.read_bytes()
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

    def waiting(self) -> list[dict[str, Any]]:
        """What lies in the outbox, read in a tab of its own."""
        tab = self.context.new_page()
        tab.goto(f"{self.base}/fill/")
        found: list[dict[str, Any]] = tab.evaluate("a => nc.waiting(a[0], a[1])", [self.device, PIN])
        tab.close()
        return found


def type_pin(page: Page, pin: str = PIN) -> None:
    page.wait_for_selector(".nf-pad")
    for digit in pin:
        page.click(f".nf-pad__key[data-digit='{digit}']")
    page.click(".nf-pad__key--ok")


Filler = Callable[..., FilledPhone]


@pytest.fixture
def filled(chromium: Browser, site: Site, province: Province) -> Iterator[Filler]:
    opened: list[BrowserContext] = []

    def make(language: str = "vi", *, trouble: bool = False) -> FilledPhone:
        context = chromium.new_context(
            viewport={"width": PHONE["width"], "height": PHONE["height"]}, has_touch=True
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        base = f"http://127.0.0.1:{site.server_port}"
        ids = {name: str(new_id()) for name in ("shift", "visit", "class", "case", "conflict")}
        page = context.new_page()
        page.goto(f"{base}/fill/")
        given = {
            "pin": PIN, "spki": province.spki, "language": language, "answer": lease_answer(),
            "page": sample_page(language, clock.now(), ids),
        }  # fmt: skip
        device: str = page.evaluate("a => nc.fill(a)", given)
        if trouble:
            page.evaluate("a => nc.trouble(a[0], a[1], a[2])", [device, PIN, ids["case"]])
        return FilledPhone(context, page, device, ids, base, province.spki)

    yield make
    site.me = None
    for context in opened:
        context.close()
