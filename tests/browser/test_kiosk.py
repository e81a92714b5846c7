"""The kiosk under a finger: large targets, a question after 45 s of rest, a new beginning after 60 s."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

SCREEN = {"width": 1080, "height": 1920}
PAGES = (
    "/kiosk/?province=68",
    "/kiosk/?event=identity&province=68",
    "/kiosk/search/?q=m%E1%BA%A5t+c%C4%83n+c%C6%B0%E1%BB%9Bc",
    "/kiosk/id-card-reissue/",
    "/kiosk/birth-registration/questions/",
    "/kiosk/birth-registration/checklist/",
)
# Smaller than 48 px in either direction, though a finger is meant to touch it.
SMALL = """() => [...document.querySelectorAll("a[href], button, select, input:not([type=hidden])")]
  .map(node => node.matches("[type=radio], [type=checkbox]") ? node.parentElement : node)
  .filter(node => node.offsetParent && !node.classList.contains("govuk-skip-link"))
  .map(node => [node.getBoundingClientRect(), node])
  .filter(([box]) => box.height < 48 || box.width < 48)
  .map(([box, node]) => [node.tagName, node.textContent.trim().slice(0, 30), box.width, box.height])"""
DIALOG = "#kiosk-asleep"


@pytest.fixture
def screen(open_context: Callable[..., BrowserContext]) -> Page:
    page = open_context().new_page()
    page.set_viewport_size(SCREEN)
    return page


@pytest.mark.parametrize("address", PAGES)
def test_targets_are_large(address: str, screen: Page) -> None:
    screen.goto(address)
    assert screen.evaluate(SMALL) == []


def test_it_begins_again_when_nobody_touches_it(screen: Page) -> None:
    screen.clock.install()
    screen.goto("/kiosk/?province=68&lang=th")
    screen.goto("/kiosk/birth-registration/checklist/?province=68")
    screen.clock.run_for(40_000)
    assert not screen.locator(DIALOG).is_visible()
    screen.clock.run_for(7_000)
    assert screen.locator(DIALOG).is_visible()
    screen.click("#kiosk-stay")
    assert not screen.locator(DIALOG).is_visible()
    screen.clock.run_for(46_000)
    assert screen.locator(DIALOG).is_visible()
    screen.clock.run_for(15_000)
    screen.wait_for_url("**/kiosk/?*lang=vi*")
    assert screen.locator("html").get_attribute("lang") == "vi"
    # "Back" stays at the beginning: the answers of the person before are gone.
    screen.evaluate("history.back()")
    screen.wait_for_timeout(300)
    assert "checklist" not in screen.url


def test_the_beginning_rests_without_asking(screen: Page) -> None:
    screen.clock.install()
    screen.goto("/kiosk/?province=68&lang=vi&view=normal")
    screen.clock.run_for(130_000)
    assert not screen.locator(DIALOG).is_visible()
    assert "/kiosk/" in screen.url


@pytest.mark.parametrize("way", ["/", "https://example.org/", "/kiosk/../home/"])
def test_a_link_that_leads_out_is_not_followed(way: str, screen: Page) -> None:
    screen.goto("/kiosk/?province=68")
    screen.evaluate(
        """way => { const link = document.createElement("a"); link.href = way; link.id = "out";
                    link.textContent = "out"; document.querySelector("main").prepend(link); }""",
        way,
    )
    screen.click("#out")
    screen.wait_for_timeout(200)
    assert "/kiosk/" in screen.url


def test_without_a_script_it_begins_again_too(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(script=False).new_page()
    page.goto("/kiosk/marriage/?province=68")
    refresh = page.locator("noscript meta[http-equiv=refresh]").get_attribute("content")
    assert refresh is not None
    assert refresh.startswith("60; url=/kiosk/?province=68")


VOICES = """(voices) => {
  const said = [];
  const fake = {
    speaking: false, getVoices: () => voices, addEventListener: () => {}, cancel() { this.speaking = false; },
    speak(part) { this.speaking = true; said.push([part.text, part.voice.name]); },
  };
  Object.defineProperty(window, "speechSynthesis", {value: fake});
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  window.said = said;
}"""


def speaking(page: Page, voices: list[dict[str, Any]]) -> list[list[str]]:
    """What the page would say with these voices on the phone."""
    page.add_init_script(f"({VOICES})({voices!r})".replace("True", "true").replace("False", "false"))
    page.goto("/guides/marriage/")
    button = page.locator("[data-speak]")
    if button.is_hidden():
        return []
    button.click()
    said: list[list[str]] = page.evaluate("window.said")
    return said


def test_the_phones_own_voice_reads_the_page(screen: Page) -> None:
    said = speaking(screen, [
        {"name": "far", "lang": "vi-VN", "localService": False},
        {"name": "near", "lang": "vi_VN", "localService": True},
    ])  # fmt: skip
    assert {voice for _text, voice in said} == {"near"}
    texts = " ".join(text for text, _voice in said)
    assert screen.locator("h1").inner_text().split()[0] in texts
    assert max(len(text) for text, _voice in said) <= 181


@pytest.mark.parametrize(
    "voices", [[], [{"name": "far", "lang": "vi-VN", "localService": False}],
               [{"name": "other", "lang": "en-GB", "localService": True}]]
)  # fmt: skip
def test_no_voice_that_would_send_the_text_away(voices: list[dict[str, Any]], screen: Page) -> None:
    assert speaking(screen, voices) == []
