"""Codes that are scanned or typed: ours do what they are for, a stranger's is shown as text, never opened."""

import io
import json
import random
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
import segno
from playwright.sync_api import Dialog, FilePayload, Page

from nhipcau.attendance.rules.codes import code_at
from nhipcau.core import clock
from nhipcau.core.ids import UnableToReadCode, make_code, new_id, new_token, read_code
from tests.browser.field.screens.conftest import DIST, Camera, FilledPhone, Filler, Site, type_pin
from tests.browser.field.screens.test_screens import INLINE, SMALL, WIDE, faults

Read = Callable[[list[str]], list[dict[str, Any]]]

PART = "NCR1:0123abcd:2/7:" + "a_-9" * 20
ID_CARD = (
    "068090123456|251234567|Nguyễn Thị Thùy Dương|07031990|Nữ|12 Lang Biang, Lạc Dương, Lâm Đồng|15042021"
)
# The tracks of every camera that was opened, so that a test sees whether they still run.
KEEP_TRACKS = """() => {
  const devices = navigator.mediaDevices, open = devices.getUserMedia.bind(devices);
  window.tracks = [];
  devices.getUserMedia = async wanted => {
    const stream = await open(wanted);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}"""
RUNNING = "() => window.tracks.filter(track => track.readyState === 'live').length"
HOSTILE = (
    "javascript:alert(1)",
    "JaVaScRiPt:7K3M9QXC",
    "data:text/html,<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "https://evil.example/",
    "//evil.example/c/" + "a" * 27,
    "https://user@nhipcau.vn/c/" + "a" * 27 + "/",
    "https://nhipcau.vn\\@evil.example/c/" + "a" * 27 + "/",
    "https://nhipcau.vn/x/../c/" + "a" * 27 + "/",
    "https://nhipcau.vn/c/" + "a" * 27 + "/rate/",
    "https://nhipcau.vn/c/%00" + "a" * 27,
    "https://nhipcau.vn/attendance/in/x/",
    "ftp://nhipcau.vn/badge/" + "a" * 27 + "/",
    "a\x00b\x1b[31m\u202egpj.exe\u2066\u200b\ufeff",
    "A" * 1_000_000,
    "|" * 5_000,
    "𝟟K3M-9QXC",
    "NCR1:",
    "NCR1:zzzzzzzz:1/1:aaaa",
    "NCR1:0123abcd:3/2:aaaa",
    "NCR1:0123abcd:0/2:aaaa",
    "NCR1:0123abcd:1/2:<b>",
    "NCR1:0123abcd:99999999999/99999999999:aaaa",
    "",
    " ",
)


def picture(text: str) -> FilePayload:
    """A photograph of a QR code."""
    content = io.BytesIO()
    segno.make(text, error="m", micro=False).save(content, kind="png", scale=5, border=4)
    return {"name": "photo.png", "mimeType": "image/png", "buffer": content.getvalue()}


def choose(page: Page, text: str) -> None:
    """Opens the camera's dialog and chooses a picture instead."""
    page.click("main button:has(svg):has-text('Quét')")
    page.set_input_files("#f-photo", [picture(text)])


def show(phone: FilledPhone, text: str) -> None:
    phone.go("scan")
    choose(phone.page, text)


def test_every_kind_is_known(read_codes: Read) -> None:
    post, token, short = code_at(new_id(), clock.now()), new_token(), make_code()
    spoken = short.replace("-", " ").lower()
    kinds = {
        post: "post",
        f"https://nhipcau.example/attendance/in/{post}/": "post",
        f"http://127.0.0.1:8000/c/{token}/": "card",
        f"https://nhipcau.example/c/{token}/?lang=th": "card",
        short: "card",
        spoken: "card",
        f"https://NhipCau.example/badge/{token}/": "badge",
        PART: "rescue",
        ID_CARD: "id_card",
        "7K3M-9QX4": "mistyped",
        "hello": "unknown",
    }
    found = [one["code"] for one in read_codes(list(kinds))]
    assert [code["kind"] for code in found] == list(kinds.values())
    assert found[1] == {"kind": "post", "code": post}
    assert found[2] == {"kind": "card", "token": token, "code": ""}
    assert found[5] == {"kind": "card", "token": "", "code": short}
    assert found[6] == {"kind": "badge", "token": token, "host": "nhipcau.example"}
    assert (found[7]["at"], found[7]["total"]) == (2, 7)
    assert found[8] == {"kind": "id_card"}


def test_short_codes_are_read_as_the_server_reads_them(read_codes: Read) -> None:
    chance = random.Random(7)
    given = []
    for _ in range(300):
        code = list(make_code(chance.randrange(31**7)))
        if chance.random() < 0.6:
            code[chance.randrange(9)] = chance.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ01ILOđ -.")
        given.append("".join(code).lower() if chance.random() < 0.5 else "".join(code))
    wanted: list[str | None] = []
    for text in given:
        try:
            wanted.append(read_code(text))
        except UnableToReadCode as error:
            wanted.append("" if "right" in str(error.args[0]) or "One character" in str(error) else None)
    assert [one["short"] or None for one in read_codes(given)] == [code or None for code in wanted]
    assert len({code for code in wanted if code}) > 100


def test_a_strangers_code_is_text_and_nothing_else(read_codes: Read) -> None:
    for text, one in zip(HOSTILE, read_codes(list(HOSTILE)), strict=True):
        assert one["code"]["kind"] == "unknown", text[:60]
        seen = one["code"]["text"]
        assert len(seen) <= 201
        assert not [sign for sign in seen if unicodedata.category(sign) in ("Cc", "Cf")]


@pytest.fixture
def phone(filled: Filler) -> FilledPhone:
    made = filled()
    made.unlock()
    return made


def test_a_card_of_mine_opens_its_case(phone: FilledPhone, site: Site) -> None:
    show(phone, f"{phone.base}/c/{phone.ids['token']}/")
    phone.page.wait_for_selector(f"main[data-route='case/{phone.ids['case']}']")
    assert not [path for _method, path, *_rest in site.seen if path.startswith("/c/")]


def test_a_typed_short_code_opens_it_too(phone: FilledPhone) -> None:
    phone.go("scan")
    phone.page.fill("#f-code", "7k3m 9qx4")
    phone.page.click("main .nf-button--quiet")
    phone.page.wait_for_selector(".nf-field--wrong .nf-error")
    phone.page.fill("#f-code", "7k3m 9qxc")
    phone.page.click("main .nf-button--quiet")
    phone.page.wait_for_selector(f"main[data-route='case/{phone.ids['case']}']")


def test_anothers_card_is_told_and_nothing_asked(phone: FilledPhone, site: Site) -> None:
    token = new_token()
    show(phone, f"{phone.base}/c/{token}/")
    phone.page.wait_for_selector(".nf-notice--warn")
    assert "không thuộc hồ sơ nào" in phone.page.inner_text(".nf-notice--warn")
    assert token not in json.dumps([path for _method, path, *_rest in site.seen])


def test_the_code_of_the_post_is_kept_without_its_address(phone: FilledPhone) -> None:
    code = code_at(new_id(), clock.now())
    phone.go(f"shift/{phone.ids['shift']}")
    choose(phone.page, f"{phone.base}/c/{new_token()}/")
    phone.page.wait_for_selector("main .nf-notice--warn")
    choose(phone.page, f"https://elsewhere.example/attendance/in/{code}/")
    phone.page.wait_for_selector(".nf-notice--info")
    (command,) = phone.waiting()
    assert (command["name"], command["data"]["code"]) == ("shifts.check_in", code)
    assert command["data"]["seen_at"]


def test_a_badge_is_asked_of_our_own_server(phone: FilledPhone, site: Site) -> None:
    token = new_token()
    site.pages[f"/badge/{token}/"] = (
        "<!doctype html><title>x</title><img src=/static/never.png><main><h1 data-verdict='valid'>Hợp lệ</h1>"
        "<p><strong>Trần Thị Bích</strong></p><p>Đội 1<br>Lạc Dương</p>"
        "<script>document.title='x'</script></main>"
    )
    phone.context.add_cookies([{"name": "mine", "value": "cookie", "url": phone.base}])
    show(phone, f"{phone.base}/badge/{token}/")
    phone.page.wait_for_selector(".nf-notice--good")
    said = phone.page.inner_text(".nf-notice--good").split("\n")
    assert [line for line in said if line] == ["Hợp lệ", "Trần Thị Bích", "Đội 1", "Lạc Dương"]
    asked = [one for one in site.seen if one[1].startswith("/badge/")]
    assert [path for _method, path, *_rest in asked] == [f"/badge/{token}/?lang=vi"]
    assert "cookie" not in asked[0][2].lower()
    assert not [one for one in site.seen if "never" in one[1]]


def test_a_badge_without_signal_or_of_elsewhere_is_told_as_such(phone: FilledPhone) -> None:
    addresses: list[str] = []
    phone.context.on("request", lambda request: addresses.append(request.url))
    show(phone, "https://evil.example/badge/" + "a" * 27 + "/")
    phone.page.wait_for_selector(".nf-notice--bad")
    phone.context.set_offline(True)
    choose(phone.page, f"{phone.base}/badge/{'b' * 27}/")
    phone.page.wait_for_selector(".nf-notice--warn")
    assert "mạng" in phone.page.inner_text(".nf-notice--warn")
    assert not [address for address in addresses if not address.startswith((phone.base, "blob:", "data:"))]


def test_strange_codes_are_shown_as_text(phone: FilledPhone) -> None:
    fired: list[str] = []

    def asked(dialog: Dialog) -> None:
        fired.append(dialog.message)
        dialog.dismiss()

    phone.page.on("dialog", asked)
    for text in (
        "javascript:alert(1)",
        "<img src=x onerror=alert(1)>",
        "a\u202egpj.exe",
        "https://evil.example/",
    ):
        show(phone, text)
        phone.page.wait_for_selector(".nf-strange")
        shown = phone.page.inner_text(".nf-strange")
        assert shown.replace(" ", "") == text.replace("\u202e", "").replace(" ", "")
        assert phone.page.locator(".nf-notice a, .nf-notice img").count() == 0
        phone.go("today")
    assert fired == []


def test_an_id_card_and_a_rescue_code_are_named_and_not_kept(phone: FilledPhone) -> None:
    show(phone, ID_CARD)
    phone.page.wait_for_selector(".nf-notice--warn")
    assert "068090123456" not in phone.page.content()
    assert "Dương" not in phone.page.inner_text("main .nf-notice--warn")
    choose(phone.page, PART)
    phone.page.wait_for_selector("text=1 trên 7")


def test_the_camera_reads_and_is_stopped(filled_with_camera: Filler, camera: Camera) -> None:
    code = code_at(new_id(), clock.now())
    phone = filled_with_camera()
    camera.sees(f"{phone.base}/attendance/in/{code}/")
    phone.unlock()
    phone.page.evaluate(KEEP_TRACKS)
    phone.go(f"shift/{phone.ids['shift']}")
    phone.page.click("main .nf-button--quiet")
    phone.page.wait_for_selector(".nf-notice--info")
    assert phone.waiting()[0]["data"]["code"] == code
    assert phone.page.evaluate("window.tracks.length") == 1
    assert phone.page.evaluate(RUNNING) == 0
    assert phone.page.locator("dialog").count() == 0


@pytest.mark.parametrize("how", ["close", "escape", "leave", "hide"])
def test_the_camera_stops_whichever_way_it_is_left(
    filled_with_camera: Filler, camera: Camera, how: str
) -> None:
    camera.sees(b"")
    phone = filled_with_camera()
    page = phone.page
    phone.unlock()
    page.evaluate(KEEP_TRACKS)
    phone.go("scan")
    page.click(".nf-action button")
    page.wait_for_function("() => document.querySelector('video')?.videoWidth > 0")
    assert page.evaluate(RUNNING) == 1
    assert [*page.evaluate(WIDE), *page.evaluate(SMALL), *page.evaluate(INLINE)] == []
    if how == "close":
        page.click("dialog .nf-button:last-child")
    elif how == "escape":
        page.keyboard.press("Escape")
    elif how == "leave":
        phone.go("today")
    else:
        page.evaluate(
            "() => { Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
            " document.dispatchEvent(new Event('visibilitychange')); }"
        )
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate(RUNNING) == 0


TROUBLES = {
    "NotAllowedError": {"vi": "cho phép", "th": "อนุญาต", "en": "not allowed"},
    "NotFoundError": {"vi": "không có máy ảnh", "th": "ไม่มีกล้อง", "en": "no camera"},
    "NotReadableError": {"vi": "đang dùng máy ảnh", "th": "กำลังใช้กล้อง", "en": "using the camera"},
}


@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_trouble_with_the_camera_is_said_in_words(filled: Filler, language: str) -> None:
    phone = filled(language)
    phone.unlock()
    phone.go("scan")
    for name, words in TROUBLES.items():
        phone.page.evaluate(
            "name => { navigator.mediaDevices.getUserMedia = "
            "() => Promise.reject(new DOMException('', name)) }",
            name,
        )
        phone.page.click(".nf-action button")
        phone.page.wait_for_selector("dialog .nf-camera__said svg")
        assert words[language] in phone.page.inner_text("dialog .nf-camera__said")
        assert faults(phone.page) == []
        phone.page.click("dialog .nf-button:last-child")


def test_a_picture_without_a_code_is_told(phone: FilledPhone) -> None:
    no_picture: FilePayload = {"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"}
    phone.go("scan")
    phone.page.click(".nf-action button")
    phone.page.set_input_files("#f-photo", [no_picture])
    phone.page.wait_for_selector("text=Không thấy mã")


def test_the_reader_is_kept_after_its_first_use_and_works_without_signal(phone: FilledPhone) -> None:
    reader = set(re.findall(r"/static/field/(?:chunks/)?reader-[^\"]+", (DIST / "field/sw.js").read_text()))
    assert len(reader) == 2
    page = phone.page
    page.evaluate("() => navigator.serviceWorker.ready")
    kept = "(await (await caches.open('nhipcau-reader')).keys())"
    held = f"async () => {kept}.map(one => new URL(one.url).pathname)"
    assert page.evaluate(held) == []
    page.evaluate("async () => (await navigator.serviceWorker.ready).active.postMessage('keep-reader')")
    for _ in range(100):
        if len(page.evaluate(held)) == len(reader):
            break
        page.wait_for_timeout(200)
    assert set(page.evaluate(held)) == reader
    phone.context.set_offline(True)
    page.reload()
    type_pin(page)
    page.wait_for_selector("main[data-route=today]")
    show(phone, f"{phone.base}/c/{phone.ids['token']}/")
    page.wait_for_selector(f"main[data-route='case/{phone.ids['case']}']")


def test_no_other_server_is_named_in_what_is_built() -> None:
    for file in (DIST / "field").rglob("*.js"):
        assert not re.search(r"jsdelivr|unpkg|cdnjs", file.read_text(encoding="utf-8")), file.name


def test_a_reader_that_gives_up_is_told_and_the_key_has_the_focus_again(
    filled_with_camera: Filler, camera: Camera
) -> None:
    """The browser's own reader fails, and ours is not on the phone."""
    camera.sees(b"")
    phone = filled_with_camera()
    page = phone.page
    page.add_init_script(
        """window.BarcodeDetector = class {
          static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
          detect() { return Promise.reject(new Error("gone")); }
        };"""
    )
    phone.unlock()
    phone.go("scan")
    page.evaluate("async () => { for (const name of await caches.keys()) await caches.delete(name) }")
    phone.context.route(re.compile(r"/reader-"), lambda route: route.abort())
    page.click(".nf-action button")
    page.wait_for_selector("dialog .nf-camera__said svg")
    assert "Phần đọc mã" in page.inner_text("dialog .nf-camera__said")
    page.click("dialog .nf-button:last-child")
    page.wait_for_selector("dialog", state="detached")
    assert page.evaluate("document.activeElement.matches('.nf-action button')")


def test_a_browser_that_reads_codes_by_itself_needs_no_reader_of_ours(
    filled_with_camera: Filler, camera: Camera, site: Site
) -> None:
    """Its answer leads on, from the camera; ours is not fetched, nor kept for later."""
    camera.sees(b"")
    phone = filled_with_camera()
    phone.page.add_init_script(
        f"""window.BarcodeDetector = class {{
          constructor({{formats}}) {{ window.formats = formats; }}
          static getSupportedFormats() {{ return Promise.resolve(["qr_code"]); }}
          detect() {{ return Promise.resolve([{{rawValue: "{phone.base}/c/{phone.ids["token"]}/"}}]); }}
        }};"""
    )
    site.seen.clear()
    phone.unlock()
    phone.go("scan")
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector(f"main[data-route='case/{phone.ids['case']}']")
    assert phone.page.evaluate("window.formats") == ["qr_code"]
    paths = [path for _method, path, *_rest in site.seen]
    assert len(paths) > 5
    assert [path for path in paths if "reader" in path or path.endswith(".wasm")] == []
