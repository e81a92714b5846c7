"""A pack that could not hold everything: what is not on the phone is not said to be nowhere."""

import pytest

from nhipcau.core.ids import new_token
from tests.browser.field.screens.conftest import Filler
from tests.browser.field.screens.test_scan import show
from tests.browser.field.screens.test_screens import begin, faults, tap

CUT = {
    "cases": {"here": 61, "all": 75},
    "guides": {"here": 122, "all": 180},
    "communes": {"here": 4, "all": 6},
}


@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_how_much_is_not_here_is_said_where_it_is_looked_for(language: str, filled: Filler) -> None:
    phone = filled(language, cut=CUT)
    phone.unlock()
    page = phone.page
    assert "75" in page.inner_text("a[href='#/cases']")
    for route, counts in (("cases", (61, 75)), ("guides", (122, 180))):
        phone.go(route)
        said = page.inner_text("main .nf-notice--info")
        assert all(str(count) in said for count in counts)
        assert faults(page) == []
    phone.go("case-open")
    page.check("#f-agreed")
    assert all(str(count) in str(page.text_content("#h-place")) for count in (4, 6))


def test_all_that_there_is_needs_no_words(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    for route in ("cases", "guides"):
        phone.go(route)
        assert phone.page.locator("main .nf-notice--info").count() == 0


def test_the_card_of_a_case_that_is_not_here_may_still_be_mine(filled: Filler) -> None:
    phone = filled(cut={"cases": CUT["cases"]})
    phone.unlock()
    show(phone, f"{phone.base}/c/{new_token()}/")
    phone.page.wait_for_selector("main .nf-notice--warn")
    said = phone.page.inner_text("main .nf-notice--warn")
    assert "61" in said
    assert "75" in said
    assert "không thuộc hồ sơ nào" not in said


def test_a_session_says_it_too(filled: Filler) -> None:
    phone = filled(cut=CUT)
    phone.unlock()
    begin(phone)
    phone.page.click("summary")
    assert "6 xã" in str(phone.page.text_content("#h-place"))
    tap(phone.page, "done")
