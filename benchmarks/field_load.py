"""How soon the field app can be used on a slow phone far from the centre, and how soon a day's work is sent.

    python benchmarks/field_load.py [--runs 5] [--sessions 60] [--cpu 4] [--url … --user … --password …]
                                    [--json FILE]

Real Chromium, the built app, the product's own web server; a processor 4 times slower, a line of 400 kbit/s
with 400 ms there and back (both by Chromium's own means). Without --url it starts a product of its own.

- first: nothing kept yet; until the first key can be pressed. Beside it an empty page in the same conditions:
  what no app can be faster than. The bytes are those of the line, compressed; letters are counted apart.
- again: from what the phone keeps, without any line at all.
- open: from the last digit of the PIN to the screen of the day, with what the phone keeps, without a line.
- day: sessions are recorded in the real app without a line; then "send now" is pressed, until all is sent.

Leaves with 1 when a time is over its limit: 3 s, 1 s, 2 s, 2 s.
"""

import argparse
import contextlib
import json
import os
import secrets
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright  # noqa: E402

from benchmarks.sign_up_race import web  # noqa: E402 - as above
from config.cli import database, say  # noqa: E402 - as above
from config.prepare import prepare  # noqa: E402 - as above

SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
NONE = {**SLOW, "offline": True}
FREE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
PIN = "274916"
LIMITS = {"first": 3.0, "again": 1.0, "open": 2.0, "day": 2.0}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
# Noted in the page itself: nothing of this program's own slowness is in it.
WATCH = """() => {
  const look = () => {
    if (!document.querySelector(".nf-action .nf-button, .nf-pad__key")) return;
    requestAnimationFrame(() => { window.usable ??= performance.now(); });
  };
  new MutationObserver(look).observe(document, {childList: true, subtree: true});
}"""
OPENED = """() => {
  const begun = performance.now();
  document.querySelector(".nf-pad__key--ok").click();
  return new Promise(done => setInterval(() => {
    if (document.querySelector("a.nf-button--large")) done((performance.now() - begun) / 1000);
  }, 10));
}"""
SENT = """() => {
  const begun = performance.now();
  document.querySelector(".nf-action button").click();
  return new Promise(done => setInterval(() => {
    const chip = document.querySelector("a.nf-chip").textContent;
    const good = document.querySelector(".nf-notice--good");
    if (good && !/[0-9]/.test(chip)) done((performance.now() - begun) / 1000);
  }, 10));
}"""


@dataclass
class Phone:
    """One page under slow conditions, and what came over its line."""

    page: Page
    wire: CDPSession
    kinds: dict[str, str] = field(default_factory=dict)
    came: dict[str, int] = field(default_factory=dict)

    def line(self, conditions: dict[str, Any]) -> None:
        self.wire.send("Network.emulateNetworkConditions", conditions)

    def bytes_of(self, *, letters: bool) -> int:
        apart = ("Font", "Image")
        return sum(size for key, size in self.came.items() if (self.kinds.get(key) in apart) == letters)


def phone(context: BrowserContext, cpu: float, conditions: dict[str, Any]) -> Phone:
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    made = Phone(page, context.new_cdp_session(page))
    made.wire.on(
        "Network.responseReceived", lambda said: made.kinds.update({said["requestId"]: said["type"]})
    )
    made.wire.on(
        "Network.loadingFinished",
        lambda said: made.came.update({said["requestId"]: int(said["encodedDataLength"])}),
    )
    made.wire.send("Network.enable")
    made.wire.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
    made.line(conditions)
    return made


class Empty(BaseHTTPRequestHandler):
    """A page with one key and nothing else."""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        body = b"<!doctype html><title>empty</title><p class=nf-action><button class=nf-button>Go</button>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def empty_site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def usable(page: Page, url: str) -> float:
    page.goto(url, wait_until="commit", timeout=60_000)
    page.wait_for_function("() => window.usable !== undefined", timeout=60_000)
    return float(page.evaluate("window.usable")) / 1000


def loads(browser: Browser, url: str, empty: str, runs: int, cpu: float) -> dict[str, list[float]]:
    """First, again and empty, one after the other in each run; the first run is a warm-up."""
    times: dict[str, list[float]] = {"first": [], "again": [], "empty": []}
    for number in range(runs + 1):
        context = browser.new_context(viewport={"width": 360, "height": 740})
        slow = phone(context, cpu, SLOW)
        first = usable(slow.page, f"{url}/field/")
        app, letters = slow.bytes_of(letters=False), slow.bytes_of(letters=True)
        slow.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        slow.page.close()
        context.set_offline(True)
        kept = phone(context, cpu, NONE)
        again = usable(kept.page, f"{url}/field/")
        kept.page.close()
        context.set_offline(False)
        nothing = phone(context, cpu, SLOW)
        bare = usable(nothing.page, empty)
        context.close()
        say(f"run {number}: first {first:.2f} s ({app / 1024:.1f} KB and {letters / 1024:.1f} KB letters), "
            f"again {again:.2f} s, empty page {bare:.2f} s")  # fmt: skip
        if number:
            for name, value in (("first", first), ("again", again), ("empty", bare)):
                times[name].append(value)
    return times


def type_pin(page: Page) -> None:
    page.wait_for_selector(".nf-pad")
    for digit in PIN:
        page.click(f".nf-pad__key[data-digit='{digit}']")
    page.click(".nf-pad__key--ok")


def unlocked(page: Page) -> float:
    """The page anew, and the PIN: from its last key to the day."""
    page.reload()
    page.wait_for_selector(".nf-pad")
    for digit in PIN:
        page.click(f".nf-pad__key[data-digit='{digit}']")
    return float(page.evaluate(OPENED))


def one_day(
    browser: Browser, url: str, who: tuple[str, str], sessions: int, cpu: float
) -> tuple[float, float]:
    """Signed in and set up; recorded without a line, three taps each; opened anew on a slow processor, and
    sent over a slow line. How long the opening took, and how long the sending."""
    context = browser.new_context(base_url=url, viewport={"width": 360, "height": 740})
    context.set_default_timeout(60_000)
    made = phone(context, 1, FREE)
    page = made.page
    page.goto("/account/login/?next=/field/")
    page.fill("input[name=login]", who[0])
    page.fill("input[name=password]", who[1])
    page.click("main button[type=submit]")
    page.click(".nf-action button")
    type_pin(page)
    type_pin(page)
    page.wait_for_selector(".nf-rows--more")
    page.wait_for_function("() => !document.querySelector('.nf-notice--info')")
    # All that is given to read has come.
    page.evaluate("location.hash = '#/session'")
    page.wait_for_selector(".nf-tile[data-value]")
    page.wait_for_load_state("networkidle")
    made.line(NONE)
    for _ in range(sessions):
        page.evaluate("location.hash = '#/session'")
        for place, step in enumerate((".nf-tile[data-value]", "#q-alone", "#q-outcome")):
            page.wait_for_selector(step)
            # Not twice at one place, which would be a double tap.
            page.locator(".nf-tile").first.click(position={"x": 12 + 48 * place, "y": 12})
        page.wait_for_selector("main[data-route='session/saved']")
    made.wire.send("Emulation.setCPUThrottlingRate", {"rate": cpu})
    page.evaluate("location.hash = '#/today'")
    opening = unlocked(page)
    page.evaluate("location.hash = '#/status'")
    page.wait_for_selector("main[data-route=status]")
    page.wait_for_selector(".nf-action button")
    made.line(SLOW)
    sending = float(page.evaluate(SENT))
    context.close()
    return opening, sending


def make_volunteer() -> tuple[str, str]:
    from nhipcau.core import clock  # noqa: PLC0415 - after the settings
    from nhipcau.teams.services import grant_role, register_member  # noqa: PLC0415 - as above

    name, password = "thunghiem", secrets.token_urlsafe(12)
    now = clock.now()
    member = register_member(
        by=None, now=now, username=name, name="Mẫu Thị Đo", commune="24848", password=password
    )
    grant_role(by=None, now=now, member=member, role="volunteer", unit_code="24848")
    return name, password


def product(stack: contextlib.ExitStack) -> tuple[str, tuple[str, str]]:
    os.environ["NHIPCAU_HOME"] = stack.enter_context(tempfile.TemporaryDirectory())
    stack.enter_context(database())
    prepare(say)
    import django  # noqa: PLC0415 - reads the environment

    django.setup()
    who = make_volunteer()
    return f"http://127.0.0.1:{stack.enter_context(web(2))}", who


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--cpu", type=float, default=4)
    parser.add_argument("--url", default="", help="a product that runs; else one is started")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--json", type=Path, help="where to write what came of it")
    wanted = parser.parse_args()
    with contextlib.ExitStack() as stack:
        if wanted.url:
            url, who = wanted.url.rstrip("/"), (wanted.user, wanted.password)
        else:
            url, who = product(stack)
        empty = stack.enter_context(empty_site())
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        playwright = stack.enter_context(sync_playwright())
        program = next(
            filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
        )
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        times = loads(browser, url, empty, wanted.runs, wanted.cpu)
        if who[0]:
            opening, sending = one_day(browser, url, who, wanted.sessions, wanted.cpu)
            times |= {"open": [opening], "day": [sending]}
        browser.close()
    middle = {name: statistics.median(values) for name, values in times.items() if values}
    for name, value in middle.items():
        limit = f" (at most {LIMITS[name]:.0f} s)" if name in LIMITS else ""
        print(f"{name}: {value:.2f} s{limit}")
    load = os.getloadavg()[0]
    print(f"first to an empty page: {middle['first'] / middle['empty']:.1f} times; load {load:.1f}")
    if wanted.json:
        found = {**middle, "sessions": wanted.sessions, "cpu": wanted.cpu, "load": load}
        wanted.json.parent.mkdir(parents=True, exist_ok=True)
        wanted.json.write_text(json.dumps(found), encoding="utf-8")
    return int(any(middle.get(name, 0) > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
