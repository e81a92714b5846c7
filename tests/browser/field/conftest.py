"""A phone with the field app's store: real Chromium, WebCrypto, IndexedDB. And the product, for others."""

import base64
import contextlib
import secrets
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Error, Page
from pytest_django import DjangoDbBlocker

from nhipcau.core import clock
from tests import databases
from tests.browser.conftest import Server

ROOT = Path(__file__).resolve().parents[3]
ESBUILD = str(ROOT / "node_modules/.bin/esbuild")
PIN = "274916"
OTHER_PIN = "850317"
ROUNDS = "ROUNDS = 6e5"


def with_few_rounds(program: str) -> bytes:
    """The built script, in which a PIN is turned into a key at once. How many rounds the app takes is looked
    at by `test_store.py`; how many a store has is written in its record."""
    assert program.count(ROUNDS) == 1
    return program.replace(ROUNDS, "ROUNDS = 1e3").encode()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def store_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the test page: loopback, so WebCrypto works there."""
    folder = tmp_path_factory.mktemp("store")
    source = Path(__file__).parent / "page.ts"
    command = [ESBUILD, str(source), "--bundle", "--target=es2019", f"--outfile={folder / 'page.js'}"]
    subprocess.run([*command, "--log-level=error"], cwd=ROOT, check=True, timeout=60)
    (folder / "index.html").write_text("<!doctype html><title>store</title><script src=page.js></script>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def product(server: Server, django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """The product; this process looks into its database for as long as the module runs."""
    with django_db_blocker.unblock():
        databases.switch(server.database)
        yield server
        databases.switch("postgres")


def let_sign_ins_grow_old() -> None:
    """In every browser the password was typed an hour ago."""
    ago = (clock.now() - timedelta(hours=1)).timestamp()
    for row in Session.objects.all():
        content = {**row.get_decoded(), "account_authentication_methods": [{"method": "password", "at": ago}]}
        Session.objects.filter(pk=row.pk).update(session_data=SessionStore().encode(content))


class Province:
    """The holder of the key with which a forgotten PIN is not the end of the data."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.spki = base64.b64encode(public).decode()


@pytest.fixture(scope="session")
def province() -> Province:
    return Province()


def lease_answer(days: float = 7, *, secret: str = "", at: datetime | None = None) -> dict[str, str]:
    """What the server answers to an enrolment or a renewal."""
    moment = at or datetime.now(UTC)
    return {
        "token": secrets.token_urlsafe(24),
        "lease_secret": secret or base64.b64encode(secrets.token_bytes(32)).decode(),
        "lease_until": (moment + timedelta(days=days)).isoformat(),
        "server_time": moment.isoformat(),
    }


class Phone:
    """One browser with its store. Tabs come and go, and may be killed; what is kept stays."""

    def __init__(self, context: BrowserContext, url: str, province: Province) -> None:
        self.context, self.url, self.province = context, url, province
        self.page = self.tab()
        self.secrets: dict[str, str] = {}

    def tab(self) -> Page:
        page = self.context.new_page()
        page.goto(self.url)
        return page

    def run(self, script: str, *given: Any, page: Page | None = None) -> Any:
        """Evaluates a function body with `given` as `a`; `nc` is the harness."""
        return (page or self.page).evaluate(f"async (a) => {{ {script} }}", list(given))

    def tried(self, script: str, *given: Any, page: Page | None = None) -> dict[str, Any]:
        """The same; an error of the store comes back as data."""
        found: dict[str, Any] = self.run(f"return nc.tried(async () => {{ {script} }})", *given, page=page)
        return found

    def enrol(self, pin: str = PIN, name: str = "", days: float = 7) -> str:
        answer = lease_answer(days)
        given = {"pin": pin, "name": name, "spki": self.province.spki, "answer": answer}
        device: str = self.run("return nc.enrol(a[0])", given)
        self.secrets[device] = answer["lease_secret"]
        return device

    def unlock(self, device: str, pin: str = PIN, page: Page | None = None) -> dict[str, Any]:
        return self.tried("return nc.unlockHere(a[0], a[1])", device, pin, page=page)

    def renew(self, device: str, days: float = 7) -> dict[str, str]:
        answer = lease_answer(days, secret=self.secrets[device])
        self.run("await nc.renewLease(a[0], a[1])", device, answer)
        return answer

    def record(self, device: str) -> dict[str, Any]:
        found: dict[str, Any] = self.run("return nc.record(a[0])", device)
        return found

    def rows(self, device: str, store: str, page: Page | None = None) -> list[dict[str, Any]]:
        """What lies in a store, sealed as it is."""
        found: list[dict[str, Any]] = self.run(
            "return nc.rows(`nhipcau-${a[0]}`, a[1])", device, store, page=page
        )
        return found

    def tick(self, device: str) -> dict[str, Any]:
        found: dict[str, Any] = self.run("return nc.tick(a[0])", device)
        return found

    def shift(self, *, wall: float = 0, running: float = 0) -> None:
        """Sets this page's clocks off by so many minutes."""
        self.run("Object.assign(nc.shift, {now: a[0] * 60e3, running: a[1] * 60e3})", wall, running)

    def reload(self) -> None:
        self.page.reload()

    def kill(self, page: Page | None = None) -> None:
        """The process of the page ends in the middle of whatever it does."""
        killed = page or self.page
        with contextlib.suppress(Error):
            killed.goto("chrome://crash", timeout=5_000)
        killed.close()
        if page is None:
            self.page = self.tab()


@pytest.fixture
def phone(chromium: Browser, store_site: str, province: Province) -> Iterator[Phone]:
    context = chromium.new_context()
    context.set_default_timeout(20_000)
    yield Phone(context, store_site, province)
    context.close()
