"""The story of the product, start to end, on a phone: a person asks, is helped, follows, and is counted.

With `NHIPCAU_PICTURES=1` the pictures of the README in `docs/pictures/` are taken on the way.
"""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import BrowserContext, Page, expect

from nhipcau.cases.enums import Alone, Outcome
from nhipcau.core.clock import local_date, now
from nhipcau.core.documents import qr_svg
from tests.databases import ROOT

from .conftest import ACCOUNTS, DESK, HOME_COMMUNE, Server, sign_in

PICTURES = ROOT / "docs" / "pictures"
TAKE = os.environ.get("NHIPCAU_PICTURES") == "1"
LEVELS = (HOME_COMMUNE, "68", "VN")
GUIDE = "Đăng ký khai sinh"
PERSON, NUMBER = "Mẫu Thị Thử", "0600 999 001"
DOSSIER = "G00.00.00-250703-000999"


def say(msgid: str) -> str:
    """The Vietnamese words of a screen."""
    with translation.override("vi"):
        return gettext(msgid)


def label(choice: Outcome | Alone) -> str:
    with translation.override("vi"):
        return str(choice.label)


def picture(page: Page, name: str, *, at: str = "") -> None:
    """A picture of what the phone shows, with a part of the page at the top if one is named."""
    if not TAKE:
        return
    PICTURES.mkdir(exist_ok=True)
    page.evaluate("document.fonts.ready")
    page.evaluate("window.scrollTo(0, 0)")
    if at:
        page.locator(at).first.evaluate("part => window.scrollBy(0, part.getBoundingClientRect().top - 16)")
    page.screenshot(path=PICTURES / f"{name}.png")


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def figures(page: Page, code: str) -> dict[str, str]:
    """Label -> number of the dashboard of a place, from the first day of the demo until today."""
    page.goto(f"/figures/{code}/?first=2025-07-01&last={local_date(now()):%Y-%m-%d}")
    cards = page.locator(".nc-figure").all()
    return {
        card.locator("p").first.inner_text(): card.locator(".nc-figure__value").inner_text() for card in cards
    }


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def asks(page: Page) -> str:
    """Everyday words without marks -> questions, one not known -> the list; the list's address."""
    page.goto("/")
    picture(page, "front")
    page.fill("input[name=q]", "lam khai sinh cho con")
    press(page, say("Find the papers"))
    picture(page, "search")
    page.get_by_role("link", name=GUIDE).first.click()
    page.get_by_role("link", name=say("Start")).click()
    asked = 0
    while "/questions/" in page.url:
        expect(page.locator("h1")).to_have_count(1)
        choices = page.locator("main input[type=radio]")
        if asked == 1:
            picture(page, "question")
            page.get_by_label(say("I don’t know"), exact=True).check()
        else:
            choices.first.check()
        asked += 1
        assert asked < 15
        press(page, say("Continue"))
    assert asked >= 3
    assert "=unknown" in page.url
    assert page.locator(".nc-checklist__item").count() >= 2
    expect(page.locator("svg.qr")).to_have_count(1)
    picture(page, "checklist")
    return page.url


def prints(page: Page, address: str) -> None:
    """The list as PDF: one A5 page. Its QR code on the screen opens this very list."""
    pdf = page.request.get(address.replace("/checklist/", "/checklist.pdf"))
    assert pdf.ok
    body = pdf.body()
    assert body.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", body)) == 1
    if TAKE:
        path = PICTURES / "checklist-a5"
        path.with_suffix(".pdf").write_bytes(body)
        command = ["pdftoppm", "-png", "-r", "100", "-singlefile", str(path.with_suffix(".pdf")), str(path)]
        subprocess.run(command, check=True)
        path.with_suffix(".pdf").unlink()


def records(page: Page) -> None:
    """Three taps at the reception."""
    page.goto("/reception/")
    need = page.locator("input[name=need]").and_(page.get_by_label(GUIDE, exact=True))
    if need.count() == 0:  # other tests of this run have asked for other things more often
        page.goto("/reception/?" + urlencode({"q": GUIDE}))
    need.check()
    page.get_by_label(label(Outcome.STARTED), exact=True).check()
    picture(page, "reception")
    press(page, label(Alone.MOSTLY_ALONE))
    expect(page.locator(".nc-notice--good h2")).to_have_text(say("Saved"))


def opens_case(page: Page) -> None:
    """From the session just saved; without the person's yes nothing is written down."""
    page.get_by_role("link", name=say("Open a case: this must be followed")).click()
    page.get_by_label(say("Name"), exact=True).fill(PERSON)
    page.locator("input[name=phone]").fill(NUMBER)
    page.locator("input[name=method]").first.check()
    press(page, say("Open the case"))
    expect(page.locator(".govuk-error-summary")).to_contain_text(
        say("Without a yes nothing is written down. Help the person all the same.")
    )
    page.locator("input[name=agreed]").check()
    picture(page, "consent", at="section.nc-panel")
    press(page, say("Open the case"))
    expect(page.locator("h1")).to_have_text(say("Your tracking card"))
    picture(page, "card", at=".nc-sheet")


def follows_up(page: Page) -> None:
    """Papers ready; with the dossier code the case is submitted; the result is ready."""
    press(page, say("All papers are ready"))
    page.get_by_text(say("Write down a dossier")).click()
    page.locator("input[name=code]").fill(DOSSIER)
    page.locator("input[name=submitted_by][value=citizen]").check()
    page.locator("form[action$='/dossier/'] button").click()
    expect(page.locator("main")).to_contain_text(DOSSIER)
    press(page, say("The result is ready"))
    expect(page.locator(".nc-timeline__item")).to_have_count(5)
    picture(page, "case")


def rates(page: Page, code: str) -> str:
    """Without an account, by the short code typed as people type; the address of the follow page."""
    page.goto("/follow/")
    page.fill("input[name=code]", code.lower().replace("-", " "))
    press(page, say("Show my case"))
    address = page.url
    assert "/c/" in address
    assert PERSON not in page.content()
    assert NUMBER[-6:] not in page.content()
    page.locator("input[name=stars][value='5']").check()
    picture(page, "follow")
    press(page, say("Send"))
    expect(page.locator("main")).to_contain_text(say("Thank you. Your answer helps us to help better."))
    return address


def opens_figure(page: Page) -> None:
    """The number of the commune leads to as many rows; the last one is of today."""
    shown = number(figures(page, HOME_COMMUNE)[say("Help sessions")])
    card = page.locator(".nc-figure").filter(has=page.get_by_text(say("Help sessions"), exact=True))
    card.get_by_role("link").click()
    # Thousands are set apart as each language does it.
    written = f"{shown:,} ".replace(",", "[.,]?")
    expect(page.locator("main")).to_contain_text(re.compile(rf"\b{written}"))
    while page.get_by_role("link", name=say("Next page")).count():
        page.get_by_role("link", name=say("Next page")).first.click()
        page.wait_for_load_state()
    assert f"{local_date(now()):%d/%m/%Y}" in page.locator("tbody tr").last.inner_text()


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    return lambda role="": open_context(role).new_page()


def test_the_story(
    phone: Callable[..., Page], open_context: Callable[..., BrowserContext], server: Server
) -> None:
    server.do_queued_work()
    nation = phone("nation")
    before = {code: figures(nation, code) for code in LEVELS}

    citizen = phone()
    prints(citizen, asks(citizen))

    context = open_context()
    sign_in(context, ACCOUNTS["volunteer"])
    volunteer = context.pages[0]
    records(volunteer)
    opens_case(volunteer)
    code = volunteer.locator(".nc-sheet .nc-code").first.inner_text()
    drawn = volunteer.locator("svg.qr path").first.get_attribute("d")
    pdf = volunteer.request.get(volunteer.url.replace("/card/", "/card.pdf"))
    assert pdf.body().startswith(b"%PDF")
    volunteer.get_by_role("link", name=say("Back")).click()
    follows_up(volunteer)

    follow_address = rates(phone(), code)
    expected = re.search(r'<path[^>]* d="([^"]+)"', qr_svg(follow_address))
    assert expected is not None
    assert drawn == expected[1], "the card's QR code leads elsewhere"

    server.do_queued_work()
    after = {code: figures(nation, code) for code in LEVELS}
    for level in LEVELS:
        for name in ("People helped", "Help sessions", "Dossiers filed", "Done mostly alone"):
            grown = number(after[level][say(name)]) - number(before[level][say(name)])
            assert grown == 1, (level, name)
    opens_figure(nation)


def test_pictures_of_the_desk(open_context: Callable[..., BrowserContext]) -> None:
    """The dashboard of the province adds up to the demo, day by day and commune by commune."""
    page = open_context("province").new_page()
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # width and height
    page.goto("/figures/68/?first=2025-07-01&last=2025-07-06")
    shown = page.inner_text("main")
    assert "24.000" in shown
    assert "1.267" in shown
    below = page.locator("tbody tr th + td").all_inner_texts()
    communes = [number(text) for text in below if re.search(r"\d", text)][-124:]
    assert sum(communes) == 24_000
    picture(page, "figures")


def test_pictures_have_no_stray_files() -> None:
    """What the README shows is what this test takes."""
    steps = {"front", "search", "question", "checklist", "reception", "consent", "card", "case", "follow"}
    # Of the field app: tests/browser/field/day takes them.
    app = {f"field-{screen}" for screen in ("today", "session", "checklist", "drawer", "status")}
    known = steps | {"checklist-a5", "figures"} | app
    assert {path.stem for path in Path(PICTURES).glob("*")} - known == set()
