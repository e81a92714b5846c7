"""Every page in three languages, on a phone and on a desk, by whoever may open it.

Each page is loaded in one language, in turn with its neighbours; in a whole run (`tests/depth.py`) in
each. Every load checks, at 360 px and at 1280 px wide: nothing sticks out at the side, one main heading,
the right language, no message on the console, no request to another host. Axe (WCAG 2.2 AA) takes longer
than all of that, so each page meets it in one of its six views; neighbours in the list take turns with
language and width, so that each kind of page is met in all of them. The words are the only thing that
differs between languages.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request

from tests.databases import ROOT
from tests.depth import WHOLE
from tests.flows.pages import PAGES, Address

from .conftest import DESK, PASSWORD, PHONE, Server

LANGUAGES = ("vi", "th", "en")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ASK_AXE = """async (tags) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  const where = (rule) => rule.nodes.map(node => node.target.join(" ")).slice(0, 5).join(" | ");
  return found.violations.map(rule => rule.id + ": " + where(rule));
}"""
# What sticks out at the right, or is cut there: elements inside a frame that scrolls are meant to.
STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const contains = ["auto", "scroll", "hidden", "clip"];
  const scrolls = (node) => node && node !== document.body &&
    (contains.includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter(node => node.getBoundingClientRect().right > width + 1 && !scrolls(node.parentElement))
    .map(node => node.tagName + "." + node.className).slice(0, 5)
    .concat("page is " + document.documentElement.scrollWidth + " px wide");
}"""
LOOK = f"""() => [({STICKS_OUT})(), document.querySelectorAll("h1").length, document.documentElement.lang,
  document.title]"""
TURN = {str(address): number for number, address in enumerate(PAGES)}
LOADS = [
    (address, language)
    for address in PAGES
    for language in LANGUAGES
    if WHOLE or language == ("vi", "th", "vi", "en")[TURN[str(address)] % 4]
]


class Ears:
    """What a page says on the console, and whom it asks."""

    def __init__(self, page: Page, server: Server) -> None:
        self.heard: list[str] = []
        self.strangers: list[str] = []
        self.url, self.host = server.url, urlsplit(server.url).netloc
        page.on("console", self._said)
        page.on("pageerror", self._broke)
        page.on("request", self._asked)

    def leave(self, page: Page) -> None:
        """Stops listening: the page is used again."""
        page.remove_listener("console", self._said)
        page.remove_listener("pageerror", self._broke)
        page.remove_listener("request", self._asked)

    def _said(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.heard.append(f"{said.type}: {said.text}")

    def _broke(self, error: Error) -> None:
        self.heard.append(f"error: {error}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.strangers.append(request.url)


def look(page: Page, language: str) -> list[str]:
    """Problems of the page as it is shown now."""
    found, headings, spoken, title = page.evaluate(LOOK)
    found += [] if headings == 1 else [f"{headings} main headings"]
    found += [] if spoken == language else [f"language is {spoken}"]
    found += [] if title.strip(" –") not in ("", "Nhịp Cầu") else ["no title"]
    return found


def axe_speaks(turn: int) -> str:
    """In which of its languages a page meets axe."""
    return "vi" if turn % 3 == 0 else ("th", "en")[turn % 2]


def axe(page: Page) -> list[str]:
    """Violations; the script is put in by the browser itself, past the policy of the page."""
    page.evaluate(AXE.read_text("utf-8"))
    violations: list[str] = page.evaluate(ASK_AXE, RULES)
    return violations


def visit(page: Page, ears: Ears, url: str, language: str, turn: int, status: int = 200) -> dict[str, Any]:
    """Loads a page and collects everything that is wrong with it."""
    wrong: dict[str, Any] = {}
    # The page before may have chosen another language, as a kiosk does for whoever comes next.
    page.context.add_cookies([{"name": "lang", "value": language, "url": ears.url}])
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    answer = page.goto(url, wait_until="load")
    assert answer is not None
    assert answer.status == status, url
    if "/reauthenticate/?" in page.url:  # the password once more, before a secret is shown
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"**{url}")
    mine = language == axe_speaks(turn)
    wrong["phone"] = look(page, language) + (axe(page) if mine and turn % 2 == 0 else [])
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # width and height
    wrong["desk"] = look(page, language) + (axe(page) if mine and turn % 2 else [])
    wrong["heard"] = [line for line in ears.heard if status == 200 or "Failed to load resource" not in line]
    wrong["asked elsewhere"] = ears.strangers
    return {name: found for name, found in wrong.items() if found}


def test_the_checks_can_fail(server: Server, open_context: Callable[..., BrowserContext]) -> None:
    page = open_context().new_page()
    ears = Ears(page, server)
    page.set_content(
        "<!DOCTYPE html><title>Nhịp Cầu</title><div style='width: 500px'>wide</div><img src='https://example.org/x.png'>"
        "<script>console.error('broken')</script>"
    )
    found = " ".join(look(page, "vi"))
    assert "px wide" in found
    assert "0 main headings" in found
    assert "language is" in found
    assert "no title" in found
    assert any(line.startswith("image-alt") for line in axe(page))
    assert "error: broken" in ears.heard
    assert ears.strangers == ["https://example.org/x.png"]


@pytest.mark.parametrize(("address", "language"), LOADS, ids=str)
def test_page(
    address: Address, language: str, server: Server, shared_page: Callable[[str, str], Page]
) -> None:
    page = shared_page(address.opener, language)
    status = 404 if address.label == "spent" else 200
    url = address.url(server.samples) + (f"?lang={language}" if address.own_language else "")
    ears = Ears(page, server)
    wrong = visit(page, ears, url, language, TURN[str(address)], status)
    ears.leave(page)
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["", "volunteer"])
def test_no_such_page(
    role: str, language: str, server: Server, open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(role, language=language).new_page()
    assert visit(page, Ears(page, server), "/no/such/page/", language, LANGUAGES.index(language), 404) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_form_sent_from_elsewhere(
    language: str, server: Server, open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(language=language).new_page()
    page.goto("/follow/")
    page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value = 'x'")
    page.fill("input[name=code]", "7K3M-9QX4")
    with page.expect_navigation():
        page.click("main form button")
    assert look(page, language) == []
    assert axe(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_refused_forms(language: str, server: Server, open_context: Callable[..., BrowserContext]) -> None:
    """An error is announced, tied to its field, and looks right."""
    page = open_context(language=language).new_page()
    page.goto("/follow/")
    with page.expect_navigation():
        page.click("main form button")
    assert page.locator(".govuk-error-summary").count() == 1
    assert page.title().count(":") == 1
    assert look(page, language) == []
    assert axe(page) == []


@pytest.mark.parametrize("path", ["/", "/guides/", "/places/24848/"])
def test_large_view(path: str, server: Server, open_context: Callable[..., BrowserContext]) -> None:
    page = open_context().new_page()
    page.goto(f"{path}?view=large")
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
    assert size >= 22
    assert look(page, "vi") == []
    assert axe(page) == []
