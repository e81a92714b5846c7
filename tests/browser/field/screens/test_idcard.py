"""A citizen's ID card is read to be copied by hand: seen on one screen, and nowhere else, ever."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import whole_chromium
from tests.browser.field.conftest import Province
from tests.browser.field.screens.conftest import VIEW, Camera, FilledPhone, Filler, Site, filler, type_pin
from tests.browser.field.screens.test_scan import KEEP_TRACKS, RUNNING
from tests.browser.field.screens.test_screens import begin, faults, tap

NUMBER, OLD, NAME = "068090123456", "251234567", "Nguyễn Thị Thùy Dương"
STREET = "17 Đường Hoa Mimosa"
CARD = f"{NUMBER}|{OLD}|{NAME}|07031990|Nữ|{STREET}, Lạc Dương, Lâm Đồng|15042021"
SECRETS = (
    NUMBER,
    OLD,
    NAME,
    NAME.upper(),
    "Thùy Dương",
    STREET,
    "Mimosa",
    "07031990",
    "07/03/1990",
    "15042021",
)
# Everything that the browser keeps for the app, as text; bytes one sign each, so that nothing hides in them.
KEPT = """async () => {
  const text = value => {
    if (value instanceof ArrayBuffer) return String.fromCharCode(...new Uint8Array(value));
    if (ArrayBuffer.isView(value)) return text(value.buffer);
    if (value instanceof CryptoKey) return value.algorithm.name;
    if (!value || typeof value !== "object") return String(value);
    return "{" + Object.entries(value).map(([key, one]) => key + ":" + text(one)) + "}";
  };
  const done = asked => new Promise((yes, no) => {
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = no;
  });
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store);
      const rows = await done(all.getAll()), keys = await done(all.getAllKeys());
      found.push(["idb", name, store, rows.length, text(rows), text(keys)].join(" "));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push(["cache", name, request.url, text(await (await cache.match(request)).arrayBuffer().then(
        bytes => bytes.byteLength < 60000 ? bytes : ""))].join(" "));
    }
  }
  found.push("local " + JSON.stringify(localStorage), "session " + JSON.stringify(sessionStorage));
  found.push("cookie " + document.cookie, "title " + document.title, "here " + location.href);
  const visited = (window.navigation?.entries() ?? []).map(one => one.url);
  found.push("history " + JSON.stringify(history.state) + visited);
  return found;
}"""
HIDE = """value => {
  Object.defineProperty(document, 'hidden', {value, configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def ways(secret: str) -> set[bytes]:
    """How a text may lie in bytes."""
    plain = secret.encode()
    escaped = json.dumps(secret).strip('"').encode()
    quoted = "".join(f"%{byte:02X}" if byte > 127 or byte == 32 else chr(byte) for byte in plain).encode()
    return {plain, escaped, quoted, secret.encode("utf-16-le")}


def leaks(haystack: str | bytes, secrets: Iterable[str] = SECRETS) -> list[str]:
    content = haystack if isinstance(haystack, bytes) else haystack.encode("utf-8", "surrogatepass")
    raw = content if isinstance(haystack, bytes) else haystack.encode("latin-1", "ignore")
    return [secret for secret in secrets if any(way in content or way in raw for way in ways(secret))]


def read_card(phone: FilledPhone) -> None:
    phone.go("id-card")
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector(".nf-copy")


Read = Callable[[list[str]], list[dict[str, Any]]]


@pytest.fixture
def on_disk(
    chromium: Browser, camera: Camera, site: Site, province: Province, tmp_path: Path
) -> Iterator[tuple[Filler, Path]]:
    """A phone whose browser writes to a folder that the test can read."""
    opened: list[BrowserContext] = []
    folder = tmp_path / "profile"

    def new_context() -> BrowserContext:
        return chromium.browser_type.launch_persistent_context(
            folder,
            executable_path=whole_chromium(),
            args=camera.arguments,
            viewport=VIEW,
            has_touch=True,
            permissions=["camera"],
        )

    site.seen.clear()
    site.takes = True
    yield filler(new_context, site, province, opened), folder
    site.takes = False
    site.me = None
    for context in opened:
        context.close()


def test_nothing_of_an_id_card_is_kept_or_sent(
    on_disk: tuple[Filler, Path], camera: Camera, site: Site
) -> None:
    make, folder = on_disk
    phone = make()
    heard: list[str] = []
    phone.context.on("console", lambda message: heard.append(message.text))
    phone.context.on(
        "request", lambda asked: heard.append(f"{asked.url} {asked.headers} {asked.post_data_buffer!r}")
    )
    phone.context.on("weberror", lambda error: heard.append(str(error.error)))
    phone.unlock()
    camera.sees(CARD)
    before = phone.page.evaluate(KEPT)
    read_card(phone)
    shown = phone.page.inner_text(".nf-copy")
    assert all(part in shown for part in (NUMBER, OLD, NAME, STREET, "07/03/1990", "15/04/2021"))
    assert {NUMBER, OLD, NAME, STREET} <= set(leaks(phone.page.content()))
    during = phone.page.evaluate(KEPT)
    rows = [
        [line.split(" ")[:4] for line in kept if line.startswith("idb nhipcau-")] for kept in (before, during)
    ]
    assert rows[0] == rows[1]
    assert leaks("\n".join(during)) == []
    begin(phone)
    tap(phone.page, "done")
    phone.page.wait_for_selector(".nf-notice--good")
    wait_until_sent(phone.page)
    assert leaks(phone.page.content()) == []
    assert [path for method, path, *_rest in site.seen if method == "POST" and path.endswith("/commands")]
    kill_and_come_back(phone)
    assert leaks("\n".join(phone.page.evaluate(KEPT))) == []
    assert leaks(phone.page.content()) == []
    assert phone.waiting() == []
    assert leaks("\n".join(heard)) == []
    assert leaks(b"\n".join(f"{m} {p} {h}".encode() + body for m, p, h, body in site.seen)) == []
    phone.context.close()
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) > 20
    assert {file.name: found for file in files if (found := leaks(file.read_bytes()))} == {}


def wait_until_sent(page: Page) -> None:
    page.evaluate("() => { location.hash = '#/status' }")
    page.wait_for_selector("main[data-route=status]")
    page.click(".nf-action button")
    # A conflict of the sample waits for a person all the while.
    page.wait_for_selector(".nf-notice:has-text('Đã gửi hết')")


def kill_and_come_back(phone: FilledPhone) -> None:
    page = phone.context.new_page()
    killed, phone.page = phone.page, page
    with pytest.raises(Exception):  # noqa: B017,PT011  # the page is gone: whatever is said of it
        killed.goto("chrome://crash", timeout=5_000)
    killed.close()
    page.goto(f"{phone.base}/field/#/id-card")
    type_pin(page)
    page.wait_for_selector("main[data-route=id-card]")
    assert page.locator(".nf-copy").count() == 0


@pytest.fixture
def holder(filled_with_camera: Filler, camera: Camera) -> FilledPhone:
    """A phone whose camera sees the card."""
    camera.sees(CARD)
    phone = filled_with_camera()
    phone.page.clock.install()
    phone.unlock()
    phone.page.evaluate(KEEP_TRACKS)
    return phone


def test_it_is_gone_when_the_screen_is_left(holder: FilledPhone) -> None:
    read_card(holder)
    assert holder.page.evaluate(RUNNING) == 0
    assert NUMBER not in holder.page.title()
    assert faults(holder.page) == []
    holder.go("today")
    assert leaks(holder.page.content()) == []
    holder.page.go_back()
    holder.page.wait_for_selector("main[data-route=id-card]")
    assert holder.page.locator(".nf-copy").count() == 0
    assert leaks(holder.page.content()) == []


def test_out_of_sight_it_is_covered_and_gone_after_a_minute(holder: FilledPhone) -> None:
    page = holder.page
    read_card(holder)
    page.evaluate(HIDE, True)
    assert leaks(page.content()) == []
    page.clock.fast_forward("00:50")
    page.evaluate(HIDE, False)
    assert page.locator(".nf-copy").count() == 1
    page.evaluate(HIDE, True)
    page.clock.fast_forward("01:01")
    page.evaluate(HIDE, False)
    page.wait_for_selector(".nf-notice--info")
    assert page.locator(".nf-copy").count() == 0
    assert leaks(page.content()) == []


@pytest.mark.parametrize("event", ["pagehide", "freeze"])
def test_a_page_that_the_browser_lays_aside_has_nothing_in_it(holder: FilledPhone, event: str) -> None:
    read_card(holder)
    holder.page.evaluate("name => window.dispatchEvent(new Event(name))", event)
    assert leaks(holder.page.content()) == []


def test_it_is_gone_when_the_store_is_shut(holder: FilledPhone) -> None:
    read_card(holder)
    tab = holder.context.new_page()
    tab.goto(f"{holder.base}/fill/")
    tab.evaluate("a => nc.endLease(a, 'revoked')", holder.device)
    holder.page.wait_for_selector("main[data-route=unlock]")
    assert leaks(holder.page.content()) == []


def test_it_cannot_be_marked_copied_translated_or_chosen_from_pictures(holder: FilledPhone) -> None:
    page = holder.page
    holder.go("id-card")
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = "
        "() => Promise.reject(new DOMException('', 'NotFoundError')) }"
    )
    page.click(".nf-action button")
    page.wait_for_selector("dialog .nf-camera__said svg")
    assert page.locator("dialog input").count() == 0
    page.click("dialog .nf-button:last-child")
    page.reload()
    type_pin(page)
    page.wait_for_selector("main[data-route=id-card]")
    read_card(holder)
    page.keyboard.press("Control+A")
    assert leaks(page.evaluate("() => getSelection().toString()")) == []
    assert page.get_attribute(".nf-copy", "translate") == "no"
    copied = "new ClipboardEvent('copy', {bubbles: true, cancelable: true})"
    assert not page.evaluate(f"document.querySelector('.nf-copy dd').dispatchEvent({copied})")
    page.click("main .nf-button--quiet")
    page.wait_for_selector(".nf-notice--info")
    assert leaks(page.content()) == []


def test_cards_are_known_by_what_they_hold(read_codes: Read) -> None:
    forms = {
        CARD: (NUMBER, OLD, NAME, "07/03/1990", "Nữ", f"{STREET}, Lạc Dương, Lâm Đồng", "15/04/2021", []),
        f"{NUMBER}||{NAME}|07031990|Nữ|Lạc Dương, Lâm Đồng|15042021": (
            NUMBER, "", NAME, "07/03/1990", "Nữ", "Lạc Dương, Lâm Đồng", "15/04/2021", [],
        ),
        f"{NUMBER}|{NAME}|07031990|Nữ|Thôn 3, Lạc Dương|15042021": (
            NUMBER, "", NAME, "07/03/1990", "Nữ", "Thôn 3, Lạc Dương", "15/04/2021", [],
        ),
        f"{NUMBER}|{OLD}|{NAME}|15042025|07031990|Nữ|Xã Lạc Dương|K’ Brốt|Ka Đơng||": (
            NUMBER, OLD, NAME, "07/03/1990", "Nữ", "Xã Lạc Dương", "15/04/2025", ["K’ Brốt", "Ka Đơng"],
        ),
        f"{NUMBER}||{NAME}|1950|Nữ|Thôn 3, Xã X|15052021": (
            NUMBER, "", NAME, "1950", "Nữ", "Thôn 3, Xã X", "15/05/2021", [],
        ),
        f"{NUMBER}||{NAME}|00001950|Nữ|Thôn 3, Xã X|15052021": (
            NUMBER, "", NAME, "1950", "Nữ", "Thôn 3, Xã X", "15/05/2021", [],
        ),
        f"{NUMBER}||{NAME}|1950|Nữ|Thôn 3, Xã X": (NUMBER, "", NAME, "1950", "Nữ", "Thôn 3, Xã X", "", []),
        f"{NUMBER}||{NAME}||Nữ|Thôn 3, Xã X|15052021": (
            NUMBER, "", NAME, "", "Nữ", "Thôn 3, Xã X", "15/05/2021", [],
        ),
        f"{NUMBER}||{NAME}|07031990|Nữ|Thôn 3, Xã X": (
            NUMBER, "", NAME, "07/03/1990", "Nữ", "Thôn 3, Xã X", "", [],
        ),
    }  # fmt: skip
    names = ("number", "oldNumber", "name", "born", "sex", "address", "issued", "others")
    for wanted, one in zip(forms.values(), read_codes(list(forms)), strict=True):
        assert tuple(one["card"][name] for name in names) == wanted
        assert one["code"] == {"kind": "id_card"}


def test_what_is_no_card_is_none(read_codes: Read) -> None:
    given = [
        "|||||||",
        f"{NUMBER}|{NAME}|07031990",
        f"{NUMBER}|{OLD}|{NAME}|31021990|Nữ|Lạc Dương|99999999",
        f"12345|{OLD}|{NAME}|07031990|Nữ|Lạc Dương, Lâm Đồng|15042021",
        CARD + "|x" * 20,
        CARD.replace("Mimosa", "x" * 400),
    ]
    assert [one["card"] for one in read_codes(given)] == [None] * len(given)


def test_a_card_that_cannot_be_read_is_never_shown_as_a_text(read_codes: Read) -> None:
    given = [
        f"{NUMBER}|{NAME}|07031990|Nữ|Thôn 3, Xã X",
        f"{NUMBER}||{NAME}|không rõ|Nữ|Thôn 3, Xã X|",
        f"v2|{NUMBER[:6]}\u200b{NUMBER[6:]} |{NAME}",
        CARD.replace("Mimosa", "x" * 400),
        CARD + "|x" * 5_000,
        f"{NAME}|{NUMBER}",
    ]
    assert [one["code"] for one in read_codes(given)] == [{"kind": "unknown", "text": ""}] * len(given)
    others = [NUMBER, f"gói|{NUMBER}7|kg", "a|b"]
    assert [one["code"] for one in read_codes(others)] == [{"kind": "unknown", "text": one} for one in others]


@pytest.mark.parametrize("route", ["scan", "shift", "id-card"])
def test_no_screen_prints_what_stands_on_a_card_that_it_does_not_know(
    filled_with_camera: Filler, camera: Camera, route: str
) -> None:
    camera.sees(f"{NUMBER}|{NAME}|07031990|Nữ|{STREET}")
    phone = filled_with_camera()
    phone.unlock()
    phone.go(f"shift/{phone.ids['shift']}" if route == "shift" else route)
    scan = "main .nf-button--quiet:has-text('Quét')" if route == "shift" else ".nf-action button"
    phone.page.click(scan)
    phone.page.wait_for_selector(".nf-notice--warn")
    assert leaks(phone.page.content()) == []
