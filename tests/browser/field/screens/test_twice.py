"""A thumb that slips, or touches twice, does one thing and nothing final; leaving a phone is meant."""

from playwright.sync_api import Page

from tests.browser.field.screens.conftest import FilledPhone, Filler
from tests.browser.field.screens.test_cases import due
from tests.browser.field.screens.test_matters import comes, conflict, receipt
from tests.browser.field.screens.test_screens import begin, tap

MEANT = 700
# Two touches before anything could be drawn in between.
BOTH = "keys => { document.querySelector(keys[0]).click(); document.querySelector(keys[1]).click(); }"


def touch_twice(page: Page, one: str, other: str = "") -> None:
    page.evaluate(BOTH, [one, other or one])


def names(phone: FilledPhone) -> list[str]:
    return [command["name"] for command in phone.waiting()]


def test_a_class_of_many_is_ended_by_two_meant_touches(filled: Filler) -> None:
    """25 heads: no command may need more than 20 others."""
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go(f"class/{phone.ids['class']}")
    for _ in range(25):
        page.locator(".nf-tile--plus").first.click()
    page.wait_for_function("() => document.querySelector('.nf-count strong').textContent.includes('29')")
    touch_twice(page, ".nf-action button")
    page.wait_for_timeout(MEANT)
    assert names(phone) == ["classes.add_attendees"] * 25
    touch_twice(page, ".nf-action button")
    page.wait_for_selector(".nf-notice--good")
    *heads, closed = phone.waiting()
    assert (closed["name"], closed["needs"]) == ("classes.close", [heads[-1]["id"]])
    assert len(heads) == 25


def test_a_class_that_was_not_closed_can_be_ended_again(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go(f"class/{phone.ids['class']}")

    def end() -> None:
        page.click(".nf-action button")
        page.wait_for_timeout(MEANT)
        page.click(".nf-action button")
        page.wait_for_selector(".nf-notice--good")

    end()
    (refused,) = phone.waiting()
    comes(phone, conflict(phone, ""), 100, receipt(refused, "refused", "classes.not_begun"))
    page.wait_for_selector(".nf-notice--good", state="detached")
    touch_twice(page, ".nf-action button")
    page.wait_for_timeout(MEANT)
    assert phone.waiting() == []
    page.click(".nf-action button")
    page.wait_for_selector(".nf-notice--good")
    assert names(phone) == ["classes.close"]


def test_papers_are_checked_once(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go(f"checklist/case/list/{phone.ids['case']}")
    touch_twice(phone.page, ".nf-action button")
    phone.page.wait_for_selector(f"main[data-route='case/{phone.ids['case']}']")
    assert names(phone) == ["cases.papers"]


def test_a_touch_on_the_neighbour_sends_no_other_outcome(filled: Filler) -> None:
    """While the draft of what was just kept is taken away, the tiles still stand there."""
    phone = filled()
    phone.unlock()
    begin(phone)
    phone.page.evaluate(
        """() => {
          const end = IDBObjectStore.prototype.delete;
          const other = () => document.querySelector(".nf-tile[data-value='papers_missing']")?.click();
          IDBObjectStore.prototype.delete = function (...given) {
            for (const wait of [0, 5, 20, 50]) setTimeout(other, wait);
            return end.apply(this, given);
          };
        }"""
    )
    tap(phone.page, "done")
    phone.page.wait_for_selector("main[data-route='session/saved']")
    phone.page.wait_for_timeout(200)
    assert [command["data"]["outcome"] for command in phone.waiting()] == ["done"]


def test_a_double_tap_drops_nothing(filled: Filler) -> None:
    phone = filled(trouble=True)
    phone.unlock()
    page = phone.page
    begin(phone)
    phone.go("today")
    touch_twice(page, "main .nf-pair button")
    page.wait_for_timeout(MEANT)
    assert page.locator("a[href='#/session/again']").count() == 1
    page.click("main .nf-pair button")
    page.wait_for_selector("a[href='#/session/again']", state="detached")
    phone.go("drawer")
    page.locator("a.nf-row", has_text="Ghi chú").click()
    page.wait_for_selector("main .nf-summary")
    touch_twice(page, "main .nf-button--quiet")
    page.wait_for_timeout(MEANT)
    assert [item["state"] for item in phone.ask("drawer")] == ["open", "open"]
    page.click("main .nf-button--quiet")
    page.wait_for_selector("main[data-route=drawer]")
    assert [item["state"] for item in phone.ask("drawer")] == ["away", "open"]


def test_nobody_leaves_what_they_began(filled: Filler) -> None:
    """It is named, leads back to where it was left, and can be dropped."""
    phone = filled()
    phone.unlock()
    page = phone.page
    begin(phone)
    phone.go(f"case/{phone.ids['case']}/note")
    page.fill("#f-note", "Hẹn")
    phone.go("checklist/birth-registration/list")
    phone.go("status")
    page.click("a[href='#/status/leave']")
    page.wait_for_selector("main[data-route='status/leave'] .nf-notice--warn")
    hrefs = [row.get_attribute("href") for row in page.locator("main a.nf-row").all()]
    assert hrefs == [f"#/case/{phone.ids['case']}/note", "#/session/again"]
    assert page.locator(".nf-action button").count() == 0
    for route in ("session/again", f"case/{phone.ids['case']}/note"):
        row = page.locator(f"main a.nf-row[href='#/{route}']")
        drop = page.locator(f"main a.nf-row[href='#/{route}'] + button")
        drop.dblclick()
        page.wait_for_timeout(MEANT)
        assert row.count() == 1
        drop.click()
        row.wait_for(state="detached")
    page.wait_for_selector(".nf-action button")
    page.wait_for_timeout(MEANT)
    page.click(".nf-action a")
    page.wait_for_selector("main[data-route=status]")


AT_ONCE = """() => {
  document.querySelector("main [role=status]").dataset.before = "1";
  new MutationObserver(() => {
    const key = document.querySelector(".nf-action button");
    if (key && !window.touched) { window.touched = true; key.click(); }
  }).observe(document.body, {subtree: true, childList: true});
}"""


def test_a_touch_that_meant_to_stay_takes_nothing_off(filled: Filler) -> None:
    """The last of it is sent while this screen is open: its key comes to stand where the other one stood."""
    phone = filled()
    phone.unlock()
    page = phone.page
    due(phone, "2027-01-05")
    (waits,) = phone.waiting()
    phone.go("status/leave")
    page.wait_for_selector(".nf-notice--warn")
    page.wait_for_timeout(MEANT)
    page.evaluate(AT_ONCE)
    comes(phone, conflict(phone, "", state="decided", keep="server"), 100, receipt(waits))
    page.wait_for_function("() => window.touched")
    page.wait_for_timeout(MEANT)
    assert page.locator("main[data-route='status/leave']").count() == 1
    told = page.locator("main [role=status][data-before]").inner_text()
    assert "không còn gì của bạn trong Nhịp Cầu" in told
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route='status/leave']", state="detached")
    assert phone.ask("listDevices") == []


def test_what_was_put_away_is_told_before_it_goes(filled: Filler) -> None:
    phone = filled(trouble=True)
    for item in phone.ask("drawer"):
        phone.ask("put_away", item["command"]["id"])
    comes(phone, conflict(phone, "", state="decided", keep="server"), 100)
    phone.unlock()
    phone.go("status/leave")
    assert "2 mục bạn đã cất đi" in phone.page.inner_text("main [role=status]")


def test_who_cannot_leave_is_told(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go("status/leave")
    page.evaluate(
        "() => { IDBObjectStore.prototype.clear = () => { throw new DOMException('', 'AbortError') } }"
    )
    page.wait_for_timeout(MEANT)
    page.click(".nf-action button")
    page.wait_for_selector(".nf-said")
    assert page.locator("main[data-route='status/leave']").count() == 1
