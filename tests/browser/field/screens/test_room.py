"""Whether what is kept here stays: the browser is asked at each opening; what may happen is said."""

import pytest

from nhipcau.core.ids import make_code
from tests.browser.field.screens.conftest import FilledPhone, Filler, type_pin
from tests.browser.field.screens.test_screens import faults

# A browser that says no until the app stands on the home screen.
STRICT = """
  window.asked = 0;
  const granted = () => localStorage.getItem("on-home-screen") !== null && window.asked > 0;
  navigator.storage.persisted = async () => granted();
  navigator.storage.persist = async () => { window.asked += 1; return granted(); };
"""
UPGRADE = """name => new Promise((yes, no) => {
  const request = indexedDB.open(name, 99);
  request.onsuccess = () => yes(request.result.version);
  request.onerror = request.onblocked = no;
})"""
# The system closes the store; opened again, it is found held in an older version.
HELD = """async () => {
  const open = IDBFactory.prototype.open, begin = IDBDatabase.prototype.transaction;
  await new Promise(yes => {
    const request = open.call(indexedDB, "held", 1);
    request.onsuccess = () => { window.holding = request.result; yes() };
  });
  IDBFactory.prototype.open = function (_name, version) { return open.call(this, "held", version) };
  IDBDatabase.prototype.transaction = function (...given) {
    this.close();
    return begin.apply(this, given);
  };
  const wait = setTimeout;
  window.setTimeout = (work, time) => wait(work, Math.min(time, 300));
}"""
SAID = {"vi": "màn hình chính", "th": "หน้าจอหลัก", "en": "home screen"}


@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_what_the_browser_may_still_delete_is_said_until_it_may_not(language: str, filled: Filler) -> None:
    phone = filled(language)
    page = phone.page
    page.add_init_script(STRICT)
    warned = f".nf-notice--warn:has-text('{SAID[language]}')"
    phone.unlock()
    page.wait_for_function("() => window.asked === 1")
    phone.go("status")
    page.wait_for_selector(warned)
    assert faults(page) == []
    page.evaluate("localStorage.setItem('on-home-screen', 'yes')")
    page.reload()
    type_pin(page)
    page.wait_for_function("() => window.asked === 1")
    phone.go("today")
    phone.go("status")
    page.wait_for_selector("button.nf-button--quiet")
    assert page.locator(warned).count() == 0


def test_a_browser_that_never_answers_keeps_nobody_waiting(filled: Filler) -> None:
    """Some ask the person, who may look away."""
    phone = filled()
    phone.page.add_init_script("navigator.storage.persist = () => new Promise(() => undefined)")
    phone.unlock()
    phone.go("status")


def check_in(phone: FilledPhone) -> None:
    phone.page.fill("#f-code", make_code())
    phone.page.click(".nf-action button")


def test_a_page_that_is_too_old_for_the_store_says_so(filled: Filler) -> None:
    """To try again would be of no use, today and for ever."""
    phone = filled()
    phone.unlock()
    phone.go(f"shift/{phone.ids['shift']}")
    tab = phone.context.new_page()
    tab.goto(f"{phone.base}/fill/")
    assert tab.evaluate(UPGRADE, f"nhipcau-{phone.device}") == 99
    check_in(phone)
    phone.page.wait_for_selector("#said:has-text('bản cũ, không lưu thêm được nữa')", state="attached")


def test_an_older_page_that_holds_the_store_is_named(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go(f"shift/{phone.ids['shift']}")
    phone.page.evaluate(HELD)
    check_in(phone)
    phone.page.wait_for_selector("#said:has-text('Hãy đóng trang đó')", state="attached")
