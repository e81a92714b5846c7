"""The screens of a day as the README shows them, with what the product itself gave.

With `NHIPCAU_PICTURES=1` they are taken into `docs/pictures/`.
"""

from playwright.sync_api import Page

from nhipcau.shifts.models import Post
from tests.browser.test_story import picture

from .conftest import Day, Opened

CODES = "/[0-9a-f]{8}-[0-9a-f]{4}-|undefined|null|NaN|\\bprocedure:|\\btopic:/"


def shown(page: Page, name: str) -> None:
    """Taken; and nothing on it is for machines."""
    page.evaluate("document.documentElement.classList.add('nf-letters'); document.fonts.ready")
    page.wait_for_timeout(300)
    picture(page, name)
    assert page.evaluate(f"{CODES}.exec(document.body.innerText)") is None


def test_a_day_in_pictures(day: Day, new_app: Opened) -> None:
    Post.objects.filter(pk=day.shift.post_id).update(name="Bàn hướng dẫn")
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    page = app.page
    page.wait_for_load_state("networkidle")
    app.go("today")
    shown(page, "field-today")
    app.begin()
    shown(page, "field-session")
    app.go("checklist/birth-registration/list")
    shown(page, "field-checklist")
    app.go(f"case/{day.case}/dossier")
    page.fill("#f-code", "G22,99,08-260921-896048")
    page.check("#by-0")
    app.act()
    page.wait_for_selector(f"main[data-route='case/{day.case}']")
    app.send()
    page.wait_for_selector("a.nf-chip--warn")
    app.go("drawer")
    shown(page, "field-drawer")
    app.offline()
    for _ in range(3):
        app.help()
    app.go("status")
    shown(page, "field-status")
    assert "3" in page.locator("main .nf-notice").first.inner_text()
