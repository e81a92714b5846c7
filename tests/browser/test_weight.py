"""What a citizen's first visit costs on a slow line, and that everything works without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from .conftest import Server

MOST_BYTES = 60 * 1024
MOST_BYTES_OF_FIELD = 120 * 1000
CITIZEN_PAGES = {
    "front": "/",
    "where": "/places/",
    "where, found": "/places/?q=xã Đạ Chais, huyện Lạc Dương",
    "where, unclear": "/places/?q=xã Hòa Bình",
    "commune": "/places/24848/",
    "province": "/places/68/",
    "search": "/guides/",
    "search, found": "/guides/?q=làm lại bằng lái bị mất",
    "guide": "/guides/birth-registration/",
    "question": "/guides/birth-registration/questions/",
    "checklist": "/guides/birth-registration/checklist/",
    "follow": "/follow/",
    "follow a case": "/c/@finished/",
    "figures": "/figures/",
    "figures of a province": "/figures/68/",
    "figures of a commune": "/figures/24848/",
    "privacy": "/privacy/",
}


def transferred(context: BrowserContext, url: str, shown: str = "main") -> dict[str, int]:
    """Address -> bytes on the line, heads included, of everything a first visit loads but fonts."""
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def answered(event: dict[str, object]) -> None:
        kind, response = event["type"], event["response"]
        assert isinstance(response, dict)
        if kind != "Font" and not response["url"].startswith("data:"):
            names[str(event["requestId"])] = response["url"]

    def finished(event: dict[str, object]) -> None:
        if event["requestId"] in names:
            sizes[names[str(event["requestId"])]] = int(event["encodedDataLength"])  # type: ignore[call-overload]

    line.on("Network.responseReceived", answered)
    line.on("Network.loadingFinished", finished)
    page.goto(url, wait_until="networkidle")
    page.wait_for_selector(shown)
    page.close()
    return sizes


@pytest.mark.parametrize("name", CITIZEN_PAGES)
def test_first_visit(name: str, server: Server, open_context: Callable[..., BrowserContext]) -> None:
    """In Thai, whose letters take the most bytes."""
    url = CITIZEN_PAGES[name].replace("@finished", server.samples["finished"])
    sizes = transferred(open_context(language="th"), url)
    assert len(sizes) >= 3, "page, styles and script were not all seen"
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_first_opening_of_the_field_app(server: Server, open_context: Callable[..., BrowserContext]) -> None:
    """All that the page fetches up to the first screen that can be used."""
    sizes = transferred(open_context(language="th"), "/field/", ".nf-action a[href^='/account/login/']")
    assert len(sizes) > 8, "scripts, words and worker were not all seen"
    assert [url for url in sizes if "reader" in url] == []
    assert sum(sizes.values()) <= MOST_BYTES_OF_FIELD, sizes


def test_text_is_compressed(server: Server, open_context: Callable[..., BrowserContext]) -> None:
    page = open_context().new_page()
    encodings: dict[str, str] = {}
    page.on("response", lambda r: encodings.update({r.url: r.headers.get("content-encoding", "")}))
    page.goto("/", wait_until="networkidle")
    plain = [url for url, coding in encodings.items() if re.search(r"(/|css|js)$", url) and not coding]
    assert plain == []


@pytest.fixture
def without_script(server: Server, open_context: Callable[..., BrowserContext]) -> Page:
    """A citizen's browser that runs no script."""
    return open_context(script=False).new_page()


def test_papers_without_script(without_script: Page) -> None:
    page = without_script
    page.goto("/")
    page.fill("input[name=q]", "khai sinh cho con")
    page.click("main form button")
    page.get_by_role("link", name="Đăng ký khai sinh", exact=True).first.click()
    page.get_by_role("link", name="Bắt đầu").click()
    for _step in range(12):
        if "/checklist/" in page.url:
            break
        page.locator("main form input[type=radio]").last.check()
        page.click("main form .nc-actions button >> nth=0")
    assert "/checklist/" in page.url
    assert page.locator(".nc-checklist__item").count() > 0
    assert page.locator("svg.qr").count() == 1


def test_place_without_script(without_script: Page) -> None:
    page = without_script
    page.goto("/places/")
    page.fill("input[name=q]", "xa Da Chais, huyen Lac Duong")
    page.click("main form button")
    page.locator("main a[href='/places/24848/']").first.click()
    assert "Xã Lạc Dương" in page.inner_text("h1")
    assert "07:00" in page.inner_text("main")


def test_case_without_script(without_script: Page, server: Server) -> None:
    page = without_script
    page.goto(f"/c/{server.samples['token']}/")
    code = page.inner_text("h1 .nc-code")
    page.goto("/follow/")
    page.fill("input[name=code]", code.lower().replace("-", " "))
    page.click("main form button")
    assert server.samples["token"] in page.url


def test_figures_without_script(without_script: Page) -> None:
    page = without_script
    page.goto("/figures/68/")
    page.fill("input[name=first]", "2025-07-01")
    page.fill("input[name=last]", "2025-07-06")
    page.click("main form button")
    assert "24.000" in page.inner_text("main")


def test_work_without_script(server: Server, open_context: Callable[..., BrowserContext]) -> None:
    """The volunteer's three taps are a plain form as well."""
    page = open_context("volunteer", script=False).new_page()
    page.goto("/reception/")
    page.locator("input[name=need]").first.check()
    page.locator("input[name=outcome]").first.check()
    page.locator(".nc-tiles button[name=alone]").first.click()
    assert "saved=" in page.url
    page.locator(".nc-notice--good form button").click()
    assert "/reception/" in page.url
    assert "saved=" not in page.url
