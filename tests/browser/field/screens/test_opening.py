"""How a phone is set up, opened and shut: by its PIN, with and without signal, in three languages."""

import pytest

from tests.browser.field.screens.conftest import Filler, Site, signed_in, type_pin
from tests.browser.field.screens.test_screens import begin, faults, tap
from tests.browser.waiting import wait_until_told

PRIVATE_WINDOW = {"vi": "cửa sổ ẩn danh", "th": "หน้าต่างส่วนตัว", "en": "private window"}
COUNT_PERSIST = """
  window.persisted = 0;
  const ask = navigator.storage.persist.bind(navigator.storage);
  navigator.storage.persist = () => { window.persisted += 1; return ask(); };
"""


def test_a_wrong_pin_is_told_and_the_screen_stays_shut(filled: Filler) -> None:
    phone = filled()
    page = phone.page
    page.goto(f"{phone.base}/field/#/cases")
    type_pin(page, "918273")
    page.wait_for_selector(".nf-notice--bad")
    assert "9" in page.locator(".nf-notice--bad").inner_text()
    assert page.locator("a.nf-row").count() == 0


def test_a_phone_that_was_shut_and_found_asks_for_its_pin_again(filled: Filler, site: Site) -> None:
    phone = filled()
    page = phone.page
    page.evaluate("a => nc.endLease(a, 'revoked')", phone.device)
    page.goto(f"{phone.base}/field/#/today")
    page.wait_for_selector(".nf-notice--warn")
    assert page.locator(".nf-pad").count() == 0
    site.me = signed_in(phone, "vi")
    page.click("main button.nf-button")
    page.wait_for_selector(".nf-pad")


def test_locked_means_nothing_is_left_on_the_page(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go(f"case/{phone.ids['case']}")
    assert "0912" in phone.page.content()
    phone.go("status")
    phone.page.locator("main .nf-button--quiet").last.click()
    phone.page.wait_for_selector(".nf-pad")
    assert "0912" not in phone.page.content()
    assert "Brốt" not in phone.page.content()


@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_setting_up_a_phone(language: str, filled: Filler, site: Site) -> None:
    """Without network, signed out, told what is kept, the PIN twice, the day."""
    phone = filled()
    context = phone.context.browser.new_context(viewport={"width": 360, "height": 740})  # type: ignore[union-attr] # a context of a browser
    page = context.new_page()
    page.add_init_script(f"localStorage.setItem('nhipcau.language', '{language}')")
    page.add_init_script(COUNT_PERSIST)
    page.goto(f"{phone.base}/field/")
    page.wait_for_selector(".nf-action button")
    assert faults(page) == []
    site.me = {"signed_in": False}
    page.click(".nf-action button")
    page.wait_for_selector(".nf-action a[href^='/account/login/']")
    assert faults(page) == []
    site.me = signed_in(phone, language) | {"fresh": False}
    page.reload()
    page.wait_for_selector(".nf-action a[href^='/account/reauthenticate/']")
    assert faults(page) == []
    site.me = signed_in(phone, language)
    page.reload()
    page.wait_for_selector(f"main li:has-text('{PRIVATE_WINDOW[language]}')")
    page.click(".nf-action button")
    type_pin(page, "111222")
    page.wait_for_selector(".nf-notice--bad")
    assert faults(page) == []
    type_pin(page)
    type_pin(page)
    page.wait_for_selector("a.nf-button--large")
    page.wait_for_function("() => window.persisted === 1")
    context.close()


def test_it_opens_without_any_network(filled: Filler) -> None:
    phone = filled()
    page = phone.page
    page.goto(f"{phone.base}/field/")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    phone.context.set_offline(True)
    page.reload()
    type_pin(page)
    page.wait_for_selector("a.nf-button--large")
    begin(phone)
    tap(page, "done")
    page.wait_for_selector(".nf-notice--good")
    phone.context.set_offline(False)
    assert len(phone.waiting()) == 1


def test_right_after_the_first_load_all_of_it_is_there_without_signal(filled: Filler) -> None:
    """The first worker takes hold of the page that brought it: no new version, and nothing begins anew."""
    phone = filled()
    page = phone.page
    page.goto(f"{phone.base}/field/")
    page.evaluate("window.same = true")
    page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")
    phone.context.set_offline(True)
    page.click("a[href^='#/rescue/']")
    page.wait_for_selector("main[data-route^='rescue/'] a[href='#/enrol']")
    assert page.locator(".nf-update").count() == 0
    assert page.evaluate("window.same")


def test_a_new_version_taken_in_another_tab_can_be_taken_here_too(filled: Filler, site: Site) -> None:
    phone = filled()
    page = phone.page
    phone.unlock()
    page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")
    page.evaluate("window.same = true")
    site.edition = b"\n// newer"
    other = phone.context.new_page()
    other.goto(f"{phone.base}/field/")
    other.evaluate("window.same = true")
    page.wait_for_selector(".nf-update__use")
    other.click(".nf-update__use")
    other.wait_for_function("() => window.same === undefined")
    wait_until_told(page, "async () => !(await navigator.serviceWorker.getRegistration()).waiting")
    assert page.evaluate("window.same"), "what may be half typed here is not ended from there"
    page.click(".nf-update__use")
    page.wait_for_function("() => window.same === undefined")
    page.wait_for_selector(".nf-pad")
    assert page.locator(".nf-update").count() == 0
