"""What was recorded here stands on the screens until the pack shows it; what others did to a plan is said."""

from itertools import count
from typing import Any

import pytest

from nhipcau.attendance.rules.codes import typed_at
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from tests.browser.field.screens.conftest import FilledPhone, Filler
from tests.browser.field.screens.test_matters import receipt
from tests.browser.field.screens.test_screens import begin, faults, tap

MEANT = 700
SEQS = count(100)
TWICE = """() => {
  const key = document.querySelector("main .nf-button--quiet");
  key.click(); key.click();
}"""


def taken(phone: FilledPhone, *items: tuple[str, dict[str, Any]], result: str = "applied") -> None:
    """The server took all that waits; of the pack comes only what is named."""
    entries = [{"seq": next(SEQS), "kind": kind, "id": body["id"], "body": body} for kind, body in items]
    page = {"epoch": "sample", "items": entries, "next": next(SEQS), "more": False}
    phone.ask("answered", [receipt(command, result) for command in phone.waiting()], page)


def body_of(phone: FilledPhone, kind: str, **change: Any) -> dict[str, Any]:
    return phone.ask("body", kind, phone.ids[kind]) | change


def told(phone: FilledPhone) -> str:
    return phone.page.inner_text(".nf-count strong")


def test_heads_that_the_server_took_are_counted_before_the_pack_says_so(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go(f"class/{phone.ids['class']}")
    assert told(phone).startswith("4 ")
    for _ in range(3):
        page.locator(".nf-tile--plus").first.click()
    page.wait_for_function("() => document.querySelector('.nf-count strong').textContent.startsWith('7 ')")
    taken(phone)
    assert phone.waiting() == []
    phone.go("today")
    phone.go(f"class/{phone.ids['class']}")
    assert told(phone).startswith("7 ")
    taken(phone, ("class", body_of(phone, "class", count=7)))
    phone.ask("received")
    page.wait_for_function("() => document.querySelector('.nf-count strong').textContent.startsWith('7 ')")


def test_one_touch_that_cannot_be_kept_stops_no_other(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go(f"class/{phone.ids['class']}")
    page.evaluate(
        """() => {
          const get = IDBObjectStore.prototype.get;
          let once = true;
          IDBObjectStore.prototype.get = function (...given) {
            if (once && this.name === "pack") { once = false; throw new DOMException("", "AbortError") }
            return get.apply(this, given);
          };
        }"""
    )
    for _ in range(2):
        page.locator(".nf-tile--plus").first.click()
    page.wait_for_function("() => document.querySelector('.nf-count strong').textContent.startsWith('6 ')")


def test_a_shift_once_begun_is_not_begun_again_and_not_left_by_a_double_tap(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go(f"shift/{phone.ids['shift']}")
    page.fill("#f-code", typed_at(new_id(), clock.now()))
    page.dblclick(".nf-action button")
    page.wait_for_timeout(MEANT)
    (came,) = phone.waiting()
    assert came["name"] == "shifts.check_in"
    taken(phone)
    phone.go("today")
    assert page.locator(f"a[href='#/shift/{phone.ids['shift']}'] .nf-tag--good").count() == 1
    phone.go(f"shift/{phone.ids['shift']}")
    page.wait_for_timeout(MEANT)
    page.click(".nf-action button")
    page.wait_for_selector(".nf-notice--good")
    assert [command["name"] for command in phone.waiting()] == ["shifts.check_out"]


def test_leaving_waits_for_what_becomes_of_coming(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go(f"shift/{phone.ids['shift']}")
    page.fill("#f-code", typed_at(new_id(), clock.now()))
    page.click(".nf-action button")
    page.wait_for_timeout(MEANT)
    page.click(".nf-action button")
    page.wait_for_selector(".nf-notice--good")
    came, left = phone.waiting()
    assert left["needs"] == [came["id"]]


def write_result(phone: FilledPhone, note: str) -> None:
    page = phone.page
    phone.go(f"visit/{phone.ids['visit']}/result")
    page.locator("label:has(input[value=not_home])").click()
    if page.locator("#f-next").count():
        page.locator("#f-next label").first.click()
    page.fill("#f-note", note)
    page.click(".nf-action button")
    page.wait_for_selector(f"main[data-route='visit/{phone.ids['visit']}']")


def test_a_result_is_not_asked_for_twice(filled: Filler) -> None:
    """Neither before nor after the pack shows it; another one is written only when that is meant."""
    phone = filled()
    phone.unlock()
    page = phone.page
    write_result(phone, "Cửa khóa")
    route = f"visit/{phone.ids['visit']}"
    again = page.locator(f"a[href='#/{route}/result']")
    for change in ({}, {"state": "not_home", "version": 4}):
        taken(phone, *([("visit", body_of(phone, "visit", **change))] if change else []))
        if change:
            phone.ask("received")
        phone.go("today")
        assert page.locator(f"a[href='#/{route}'] .nf-tag").count() == 1
        phone.go(route)
        assert page.locator(".nf-action button").count() == 0
        page.wait_for_selector(".nf-notice--good")
        assert again.count() == (1 if change else 0)
        assert faults(page) == []


def test_what_comes_is_seen_at_once_where_nobody_types(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    route = f"case/{phone.ids['case']}"
    phone.go(route)
    taken(phone, ("case", body_of(phone, "case", due_on="2027-03-09")))
    page.wait_for_selector("dd:has-text('09/03/2027')")
    phone.go(f"{route}/note")
    page.fill("#f-note", "Hẹn")
    taken(phone, ("case", body_of(phone, "case", due_on="2027-03-10")))
    page.wait_for_timeout(MEANT)
    assert page.input_value("#f-note") == "Hẹn"
    phone.go("cases")
    page.wait_for_selector("main:has-text('10/03/2027')")
    taken(phone, ("case", body_of(phone, "case", due_on="2027-03-11")))
    page.wait_for_selector("main:has-text('11/03/2027')")


@pytest.mark.parametrize("kind", ["visit", "class"])
def test_what_is_called_off_says_so(filled: Filler, kind: str) -> None:
    phone = filled()
    taken(phone, (kind, body_of(phone, kind, state="cancelled")))
    phone.unlock()
    page = phone.page
    route = f"{kind}/{phone.ids[kind]}"
    page.wait_for_selector(f"a[href='#/{route}'] .nf-tag--warn")
    phone.go(route)
    page.wait_for_selector("main .nf-notice--warn")
    assert page.locator(".nf-action button").count() == 0
    assert faults(page) == []


def test_a_result_that_was_begun_is_ended_though_the_visit_left_the_pack(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    route = f"visit/{phone.ids['visit']}/result"
    phone.go(route)
    page.fill("#f-note", "Đã gặp")
    taken(phone)
    gone = {"seq": next(SEQS), "kind": "visit", "id": phone.ids["visit"], "body": None}
    phone.ask("answered", [], {"epoch": "sample", "items": [gone], "next": next(SEQS), "more": False})
    phone.go("today")
    phone.go(route)
    assert page.input_value("#f-note") == "Đã gặp"


def test_undone_twice_is_undone_once(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    begin(phone)
    tap(page, "done")
    page.wait_for_selector("main[data-route='session/saved']")
    page.evaluate(TWICE)
    page.wait_for_timeout(MEANT)
    assert [command["name"] for command in phone.waiting()] == ["sessions.record", "sessions.undo"]


def test_a_double_tap_answers_one_question(filled: Filler) -> None:
    """The next question is drawn between the two touches, with a key at the same place."""
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go("session")
    page.evaluate(
        """() => {
          const touch = () => new MouseEvent("click", {bubbles: true, detail: 1, clientX: 90, clientY: 300});
          document.querySelector(".nf-tile[data-value='procedure:birth-registration']").dispatchEvent(touch());
          const draw = new MutationObserver(() => {
            const tile = document.querySelector("[aria-labelledby=q-alone] .nf-tile");
            if (!tile) return;
            draw.disconnect();
            tile.dispatchEvent(touch());
          });
          draw.observe(document.body, {subtree: true, childList: true});
        }"""
    )
    page.wait_for_selector("#q-alone")
    page.wait_for_timeout(MEANT)
    assert page.locator("main[data-route='session/alone']").count() == 1
    page.locator("[aria-labelledby=q-alone] .nf-tile").first.click()
    page.wait_for_selector("#q-outcome")
