"""What was not sent and does not open any more: all else goes on, it is handed in, and then put away."""

from tests.browser.field.screens.conftest import FilledPhone, Filler
from tests.browser.field.screens.test_screens import begin, faults, tap

MEANT = 700
SPOIL = """device => new Promise((done, failed) => {
  const request = indexedDB.open(`nhipcau-${device}`);
  request.onerror = failed;
  request.onsuccess = () => {
    const db = request.result, store = db.transaction("outbox", "readwrite").objectStore("outbox");
    store.getAll().onsuccess = event => {
      const row = event.target.result[0];
      new Uint8Array(row.box)[3] ^= 1;
      store.put(row).onsuccess = () => { db.close(); done() };
    };
  };
})"""


def record(phone: FilledPhone) -> None:
    begin(phone)
    tap(phone.page, "done")
    phone.page.wait_for_selector(".nf-notice--good")


def test_what_does_not_open_any_more_is_handed_in_and_then_put_away(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    for _ in range(2):
        record(phone)
    first, second = phone.waiting()
    page.evaluate(SPOIL, phone.device)
    phone.go("drawer")
    row = page.locator("a[href='#/drawer/damaged']")
    row.tap()
    page.wait_for_selector(f"a[href='#/rescue/{phone.device}/open']")
    assert faults(page) == []
    away = page.locator("main .nf-button--quiet")
    away.dblclick()
    page.wait_for_timeout(MEANT)
    assert page.locator("main[data-route='drawer/damaged']").count() == 1, "a double tap is no yes"
    away.click()
    page.wait_for_selector("main[data-route=drawer]")
    assert row.count() == 0
    assert [command["id"] for command in phone.waiting()] == [second["id"]]
    assert first["id"] != second["id"]
