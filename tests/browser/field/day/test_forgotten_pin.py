"""The PIN is forgotten: what was not sent leaves the phone sealed, and a coordinator hands it in."""

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Page

from nhipcau.cases.models import HelpSession
from tests.browser.conftest import Opener, Server
from tests.browser.field.conftest import OTHER_PIN
from tests.browser.field.screens.test_screens import faults

from .conftest import App, Day, Opened, new_member, plan_day

NUMBERS = re.compile(r"(\d+) trên (\d+)")


def work_without_signal(day: Day, new_app: Opened) -> App:
    """Three people helped; then the app is closed, and the PIN is gone from its owner's mind."""
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.offline()
    for _ in range(3):
        app.help()
    app.kill()
    app.page.goto(f"{app.url}/field/")
    app.page.click("a[href^='#/rescue/']")
    app.page.wait_for_selector(".nf-action button")
    assert faults(app.page) == []
    return app


def hand_in(page: Page, file: Path, url: str) -> str:
    page.goto(f"{url}/phones/rescue/")
    page.set_input_files("input[type=file]", file)
    page.click("main form.nc-form button")
    page.wait_for_selector("dl.govuk-summary-list")
    return page.locator("dl.govuk-summary-list").inner_text()


def count(day: Day) -> int:
    return HelpSession.objects.filter(volunteer=day.member).count()


def test_the_file_is_handed_in_and_the_phone_set_up_anew(
    day: Day, new_app: Opened, open_context: Opener, product: Server, tmp_path: Path
) -> None:
    app = work_without_signal(day, new_app)
    with app.page.expect_download() as saved:
        app.act()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    assert file.suffix == ".nhipcau"
    kept = file.read_text()
    assert not [word for word in ("topic:vneid", "Nguyễn", day.member.username, "minutes") if word in kept]
    desk = open_context("coordinator").new_page()
    assert "3" in hand_in(desk, file, product.url)
    assert count(day) == 3
    hand_in(desk, file, product.url)
    assert count(day) == 3
    app.online()
    app.page.click("a[href='#/enrol']")
    app.page.click(".nf-action a[href^='/account/login/']")
    app.type_password(day.member)
    app.enrol(OTHER_PIN)
    app.shared = True
    app.settle()
    assert count(day) == 3


def codes_shown(app: App) -> list[bytes]:
    """Each code as the screen draws it."""
    app.page.click("main button:has-text('Hiện mã QR')")
    pictures = []
    for _ in range(99):
        app.page.wait_for_selector(".nf-qr svg")
        pictures.append(app.page.locator(".nf-qr").screenshot())
        at, total = NUMBERS.findall(app.page.locator("main [role=status]").first.inner_text())[0]
        if at == total:
            break
        app.act()
    assert faults(app.page) == []
    return pictures


def scan(page: Page, picture: bytes) -> None:
    photo: FilePayload = {"name": "photo.png", "mimeType": "image/png", "buffer": picture}
    page.click(".nf-action button")
    page.set_input_files("#f-photo", [photo])
    page.wait_for_selector("dialog", state="detached")


def test_the_codes_are_read_by_another_phone_and_handed_in(
    day: Day, new_app: Opened, open_context: Opener, product: Server, tmp_path: Path
) -> None:
    pictures = codes_shown(work_without_signal(day, new_app))
    assert len(pictures) > 1
    other = new_app()
    other.sign_in(plan_day(new_member()).member)
    other.enrol()
    other.go("scan")
    # In any order, and one of them twice.
    for number, picture in enumerate([*pictures[1:], pictures[-1]], start=1):
        scan(other.page, picture)
        other.page.wait_for_selector(f".nf-notice:has-text('{min(number, len(pictures) - 1)} trên')")
    assert faults(other.page) == []
    scan(other.page, pictures[0])
    other.page.wait_for_selector(".nf-notice--good")
    with other.page.expect_download() as saved:
        other.page.click("main button:has-text('Lưu thành tệp')")
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    assert "3" in hand_in(open_context("coordinator").new_page(), file, product.url)
    assert count(day) == 3
