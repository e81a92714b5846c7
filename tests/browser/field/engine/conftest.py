"""A phone with the field app's engine in real Chromium, and the product behind a proxy."""

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Error, Page

from nhipcau.cases.models import HelpSession
from nhipcau.core.ids import new_token
from nhipcau.devices.models import Device
from nhipcau.sync.models import Receipt
from nhipcau.teams.models import Member
from tests.browser.conftest import PASSWORD, Opener, Server, sign_in
from tests.browser.field.conftest import ESBUILD, with_few_rounds
from tests.browser.field.people import new_member
from tests.faults.plan import Plan
from tests.faults.proxy import FaultProxy

from .model import Step, ids_of

ROOT = Path(__file__).resolve().parents[4]
PIN = "274916"
BENCH = "/bench/"
SYNC = "/api/v1/sync/"
# As on a phone, a hundred times faster.
PACE = {
    "first": 40,
    "longest": 400,
    "every": 2_000,
    "soon": 20,
    "elsewhere": 100,
    "patience": {"least": 800, "most": 6_000},
}
SECONDS_TO_SETTLE = 60


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, bytes]]:
    """The page with the engine, for the proxy to serve beside the product."""
    built = tmp_path_factory.mktemp("bench") / "bench.js"
    source = Path(__file__).parent / "bench.ts"
    options = ["--bundle", "--target=es2022", "--log-level=error", f"--outfile={built}"]
    subprocess.run([ESBUILD, str(source), *options], cwd=ROOT, check=True, timeout=60)
    page = (
        b"<!doctype html><title>bench</title><link rel=icon href=data:,><script src=/bench/bench.js></script>"
    )
    script = with_few_rounds(built.read_text())
    return {BENCH: ("text/html", page), f"{BENCH}bench.js": ("text/javascript", script)}


@pytest.fixture
def proxy(product: Server, bench: dict[str, tuple[str, bytes]]) -> Iterator[FaultProxy]:
    with FaultProxy(urlsplit(product.url).port or 0, pages=bench) as proxy:
        yield proxy


@dataclass
class Phone:
    """A volunteer's phone. What is kept stays until the end of the test; tabs come and go."""

    context: BrowserContext
    url: str
    page: Page
    member: Member
    device: str = ""
    lies: list[str] = field(default_factory=list)

    def tab(self) -> Page:
        page = self.context.new_page()
        page.goto(self.url + BENCH)
        return page

    def ask(self, name: str, *given: Any, page: Page | None = None) -> Any:
        """Calls a function of the bench."""
        return (page or self.page).evaluate(
            "([name, given]) => window.bench[name](...given)", [name, list(given)]
        )

    def ask_and_leave(self, name: str, *given: Any) -> None:
        """The same, without waiting for what comes of it."""
        self.page.evaluate("([name, given]) => void window.bench[name](...given)", [name, list(given)])

    def exchange_token(self) -> None:
        """The server knows another token for this phone than the phone has."""
        Device.objects.filter(pk=self.device).update(token_hash=new_token())

    def hear(self, kept: set[str]) -> None:
        """From now on what this page says it has kept is noted there."""
        self.page.on(
            "console",
            lambda message: kept.add(message.text[5:]) if message.text.startswith("kept ") else None,
        )

    def enrol(self, **pace: Any) -> None:
        self.device = self.ask("enrol", PIN)
        self.ask("start", {**PACE, **pace})

    def type_password(self) -> None:
        """The session of the browser is older than what opens a store allows: the password once more."""
        page = self.context.new_page()
        page.goto(self.url + "/account/reauthenticate/?next=/field/me")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/field/me")
        page.close()

    def open(self, page: Page | None = None, **pace: Any) -> None:
        self.ask("unlock", self.device, PIN, page=page)
        self.ask("start", {**PACE, **pace}, page=page)

    def state(self, page: Page | None = None) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("state", page=page)
        return found

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool], page: Page | None = None) -> dict[str, Any]:
        """Until the engine says so."""
        until = monotonic() + SECONDS_TO_SETTLE
        while not wanted(state := self.state(page)):
            assert monotonic() < until, state
            sleep(0.05)
        return state

    def settle(self) -> dict[str, Any]:
        """Until nothing waits any more; the line must be good by now."""
        self.ask("run", [{"do": "now"}])
        state = self.wait_for(lambda state: state["waiting"] == 0 and state["phase"] == "idle")
        self.lies += self.ask("lies")
        return state

    def has_its_guides(self) -> bool:
        """Waits for them."""
        until = monotonic() + SECONDS_TO_SETTLE
        while not (found := self.ask("list", "guide")) and monotonic() < until:
            sleep(0.05)
        return bool(found)

    def kill(self) -> None:
        """The process of the page ends in the middle of whatever it does."""
        with contextlib.suppress(Error):
            self.lies += self.ask("lies")
        with contextlib.suppress(Error):
            self.page.goto("chrome://crash", timeout=5_000)
        self.page.close()
        self.page = self.tab()


def hand_over(open_context: Opener, url: str, role: str = "volunteer") -> Phone:
    """To somebody new, who has just signed in."""
    member, context = new_member(role), open_context()
    sign_in(context, member.username)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(url + BENCH)
    return Phone(context, url, page, member)


@pytest.fixture
def phone(proxy: FaultProxy, open_context: Opener) -> Iterator[Phone]:
    """A volunteer's."""
    yield hand_over(open_context, proxy.url)
    proxy.plan = Plan(0)


@dataclass(frozen=True)
class Book:
    """What the product has in its database, of one phone."""

    device: str

    def receipts(self) -> dict[str, str]:
        return {str(row.pk): row.result for row in Receipt.objects.filter(device_id=self.device)}

    def done_about(self) -> list[str]:
        """What the commands were about that did something; one said again does nothing."""
        rows = Receipt.objects.filter(device_id=self.device, result="applied")
        return [str(about) for about in rows.values_list("about", flat=True)]

    def sessions(self, ids: list[str]) -> set[str]:
        return {str(key) for key in HelpSession.objects.filter(pk__in=ids).values_list("pk", flat=True)}


def in_books(phone: Phone, steps: list[Step]) -> bool:
    wanted = ids_of(steps)
    return Book(phone.device).sessions(wanted) == set(wanted)
