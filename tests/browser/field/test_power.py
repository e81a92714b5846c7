"""The whole browser ends without a word, with its data on a disk; what was said to be kept is there again."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import QUIET, whole_chromium

from .conftest import PIN, Phone, Province

SECRET = "Nguyễn Thị Bí Mật 0912345678"
ROUNDS = 4
# Adds without end; what was promised is told to the test, which lives on.
ADDING = """
  nc.told = [];
  nc.adding = (async () => {
    for (let n = 0; ; n += 1) nc.told.push(...await nc.addNotes(a[0], [`${a[1]} ${n}`, `${a[1]} ${n}b`]));
  })();
"""


@contextmanager
def on_disk(chromium: Browser, profile: Path) -> Iterator[tuple[BrowserContext, int]]:
    """A browser of its own with a profile on the disk, and its process."""
    port_file = profile / "DevToolsActivePort"
    port_file.unlink(missing_ok=True)
    program = whole_chromium()
    command = [program, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", *QUIET]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, "about:blank"], start_new_session=True, stdout=quiet, stderr=quiet)
    try:
        deadline = time.monotonic() + 30
        while not port_file.exists() or "\n" not in port_file.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        port = port_file.read_text().split("\n")[0]
        browser = chromium.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")
        yield browser.contexts[0], process.pid
    finally:
        end(process.pid)
        process.wait()


def end(process: int) -> None:
    try:
        os.killpg(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_the_browser_is_killed_while_writing(
    chromium: Browser, store_site: str, province: Province, tmp_path: Path
) -> None:
    device, promised = "", set[str]()
    for number in range(ROUNDS):
        with on_disk(chromium, tmp_path) as (context, process):
            phone = Phone(context, store_site, province)
            if number == 0:
                device = phone.enrol(name=SECRET)
            assert phone.unlock(device, PIN) == {"ok": device}
            kept = phone.run("return nc.of(a[0]).outbox.all()", device)
            assert promised <= {command["id"] for command in kept}
            assert len({command["seq"] for command in kept}) == len(kept)
            assert phone.run("return nc.of(a[0]).outbox.unreadable()", device) == []
            phone.run(ADDING, device, SECRET)
            phone.page.wait_for_timeout(150 + 100 * number)
            promised |= set(phone.run("return nc.told"))
            end(process)
    assert len(promised) > 10 * ROUNDS
    look_at_the_disk(tmp_path)


def look_at_the_disk(profile: Path) -> None:
    """The files themselves, as somebody would who takes the phone apart."""
    wanted = [word.encode(code) for word in ("0912345678", "Nguyễn Thị") for code in ("utf-8", "utf-16-le")]
    found, read = [], 0
    for file in profile.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            read += "IndexedDB" in str(file)
            found += [file.name for word in wanted if word in content]
    assert read > 3
    assert found == []
