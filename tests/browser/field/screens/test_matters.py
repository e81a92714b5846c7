"""What needs a person: decided once, a matter until the server says so; a day is the one that was chosen."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from nhipcau.core import clock
from tests.browser.field.screens.conftest import FilledPhone, Filler

CHOSEN = "Bạn đã chọn"
THEIRS, MINE = 0, 1
MEANT = 700


def conflict(phone: FilledPhone, command: str, **change: Any) -> dict[str, Any]:
    return {
        "id": phone.ids["conflict"], "command": command, "about": phone.ids["case"], "title": "7K3M-9QX4",
        "reason": "Một người khác đã đổi ngày xem lại.", "state": "open", "mark": "0f3c", "keep": "",
        "raised_at": clock.now().isoformat(),
        "fields": [
            {"name": "due_on", "label": "Ngày", "base": None, "theirs": "2026-12-01", "mine": "2026-12-08"}
        ],
    } | change  # fmt: skip


def comes(phone: FilledPhone, body: dict[str, Any], seq: int, *receipts: dict[str, Any]) -> None:
    """Answers to what was sent, then a page of the pack."""
    items = [{"seq": seq, "kind": "conflict", "id": body["id"], "body": body}]
    page = {"epoch": "sample", "items": items, "next": seq, "more": False}
    phone.ask("answered", list(receipts), page)


def receipt(command: dict[str, Any], result: str = "applied", code: str = "") -> dict[str, Any]:
    return {"id": command["id"], "result": result, "code": code, "words": "", "about": None}


def states(phone: FilledPhone) -> list[tuple[str, str]]:
    return [(item["command"]["name"], item["state"]) for item in phone.ask("drawer")]


def choose(phone: FilledPhone) -> None:
    phone.go(f"drawer/conflict/{phone.ids['conflict']}")
    keep(phone, MINE)


def keep(phone: FilledPhone, side: int) -> None:
    """Touched, and meant."""
    key = phone.page.locator(".nf-action button").nth(side)
    key.click()
    phone.page.wait_for_timeout(MEANT)
    key.click()
    phone.page.wait_for_selector("main[data-route=drawer]")


def noted(phone: FilledPhone) -> dict[str, Any]:
    """A note on the case, waiting."""
    phone.go(f"case/{phone.ids['case']}/note")
    phone.page.fill("textarea", "Gọi lại thứ Ba")
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector(f"main[data-route='case/{phone.ids['case']}']")
    (note,) = phone.waiting()
    return note


def test_no_side_is_chosen_by_one_touch(filled: Filler) -> None:
    """Nor by one on each key, nor by a double tap."""
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go(f"drawer/conflict/{phone.ids['conflict']}")
    keys = page.locator(".nf-action button")
    for side in (THEIRS, MINE):
        keys.nth(side).dblclick()
        page.wait_for_timeout(MEANT)
        page.wait_for_selector(f".nf-action button:nth-child({side + 1}):has-text('Chạm lần nữa')")
        assert page.locator(".nf-action button:has-text('Chạm lần nữa')").count() == 1
    assert phone.waiting() == []
    keep(phone, THEIRS)
    assert [command["data"]["keep"] for command in phone.waiting()] == ["server"]


def chosen(filled: Filler) -> tuple[FilledPhone, str, dict[str, Any]]:
    """A phone on which one of two sides was chosen: the disputed command, and the decision that waits."""
    phone = filled()
    command = phone.ask("disputed", phone.ids["case"])
    comes(phone, conflict(phone, command), 100)
    phone.unlock()
    choose(phone)
    (decision,) = phone.waiting()
    return phone, command, decision


def test_a_choice_stays_a_matter_until_it_was_taken_and_is_asked_for_once(filled: Filler) -> None:
    phone, command, decision = chosen(filled)
    assert "replaces" not in decision
    assert states(phone) == [("cases.change", "open")]
    page = phone.page
    page.wait_for_selector(f"main a.nf-row:has-text('{CHOSEN}')")
    assert page.locator("main a.nf-row").count() == 1
    # It waits for the network now, not for a person.
    page.wait_for_selector(".nf-chip:not(.nf-chip--warn)")
    # Taken; the pack has not come yet.
    comes(phone, conflict(phone, command), 101, receipt(decision))
    phone.go(f"drawer/conflict/{phone.ids['conflict']}")
    assert CHOSEN in page.inner_text("main")
    assert page.locator(".nf-action button").count() == 0
    # Decided as I chose: no news to me.
    phone.go("today")
    comes(phone, conflict(phone, command, state="decided", keep="phone", fields=[]), 102)
    page.wait_for_function("() => !document.querySelector('.nf-chip--warn')")
    assert states(phone) == [("cases.change", "away")]


def test_the_bar_counts_what_the_drawer_lists(filled: Filler) -> None:
    """Two that were refused, and one that came up on another phone of the same person."""
    phone = filled(trouble=True)
    phone.unlock()
    phone.page.wait_for_selector(".nf-chip--warn")
    phone.go("drawer")
    assert phone.page.locator("main a.nf-row").count() == 3
    assert "3" in phone.page.inner_text(".nf-chip--warn")


def test_a_choice_that_came_too_late_is_made_anew_on_what_stands_now(filled: Filler) -> None:
    phone, command, decision = chosen(filled)
    why = "Bản đang có đã đổi. Hãy xem lại cả hai bản."
    refused = {**receipt(decision, "refused", "sync.changed_meanwhile"), "words": why}
    comes(phone, conflict(phone, command, mark="beef"), 101, refused)
    page = phone.page
    page.wait_for_function(f"() => !document.querySelector('main').textContent.includes('{CHOSEN}')")
    assert page.locator("main a.nf-row").count() == 1
    page.click("main a.nf-row")
    page.wait_for_selector(f".nf-notice--warn:has-text('{why}')")
    keep(phone, THEIRS)
    (anew,) = phone.waiting()
    assert anew["data"] == {"conflict": phone.ids["conflict"], "keep": "server", "seen": "beef"}
    assert anew["replaces"] == decision["id"]
    assert states(phone) == [("cases.change", "open"), ("conflicts.decide", "replaced")]


def test_what_somebody_else_decided_otherwise_is_told(filled: Filler) -> None:
    phone, command, decision = chosen(filled)
    decided = conflict(phone, command, state="decided", keep="server", fields=[])
    comes(phone, decided, 101, receipt(decision, "refused", "sync.already_decided"))
    page = phone.page
    phone.go(f"drawer/{command}")
    page.wait_for_selector("main:has-text('Một người đã quyết định')")
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route=drawer]")
    phone.go(f"drawer/{decision['id']}")
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route=drawer]")
    assert {state for _name, state in states(phone)} == {"away"}


def test_what_was_put_away_or_sent_anew_is_reached_when_nothing_needs_anybody(filled: Filler) -> None:
    phone = filled(trouble=True)
    phone.unlock()
    page = phone.page
    for matter in ("Ghi chú", "Mã hồ sơ"):
        phone.go("drawer")
        page.locator("a.nf-row", has_text=matter).click()
        page.wait_for_selector("main .nf-summary")
        page.click("main .nf-button--quiet")
        page.wait_for_timeout(MEANT)
        page.click("main .nf-button--quiet")
        page.wait_for_selector("main[data-route=drawer]")
    phone.go("status")
    page.click("main a[href='#/drawer']")
    page.wait_for_selector("main[data-route=drawer]")
    assert page.locator("h2 ~ .nf-rows a.nf-row").count() == 2


def open_wrong_time(phone: FilledPhone) -> None:
    phone.go("drawer")
    phone.page.locator("a.nf-row", has_text="Mã hồ sơ").click()
    phone.page.click(".nf-action button")


def test_the_chosen_day_holds_on_a_phone_whose_clock_is_behind(filled: Filler) -> None:
    """The phone is five days late, and knows it; what a person says is no claim of its clock."""
    behind = timedelta(days=5)
    phone = filled(trouble=True, ahead=behind)
    phone.unlock()
    open_wrong_time(phone)
    day = clock.local_date(clock.now() + behind - timedelta(days=1)).isoformat()
    phone.page.fill("#f-day", day)
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector("main[data-route=drawer]")
    (command,) = phone.waiting()
    made = datetime.fromisoformat(command["made_at"])
    assert (command["chosen"], clock.local_date(made).isoformat()) == (True, day)


def test_a_day_can_be_chosen_after_the_clock_was_put_right(filled: Filler) -> None:
    """It went three years ahead when the server was met last, and somebody has set it since."""
    years = timedelta(days=3 * 365)
    phone = filled(trouble=True, ahead=-years, fast=years)
    phone.unlock()
    open_wrong_time(phone)
    page = phone.page
    page.fill("#f-day", clock.local_date(clock.now() + timedelta(days=2)).isoformat())
    page.click(".nf-action button")
    page.wait_for_selector(".nf-field--wrong .nf-error")
    day = clock.local_date(clock.now() - timedelta(days=1)).isoformat()
    page.fill("#f-day", day)
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route=drawer]")
    (command,) = phone.waiting()
    made = datetime.fromisoformat(command["made_at"])
    assert (command["chosen"], clock.local_date(made).isoformat()) == (True, day)


def test_of_who_is_forgotten_no_word_stays(filled: Filler) -> None:
    """Nor in what was sent anew; the other matters stay as they are."""
    phone = filled(trouble=True)
    (note, late) = phone.ask("drawer")
    phone.unlock()
    page = phone.page
    phone.go(f"drawer/{note['command']['id']}")
    page.click(".nf-action button")
    page.fill("#f-note", "Gọi lại vào buổi chiều")
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route=drawer]")
    (anew,) = phone.waiting()
    gone = conflict(phone, anew["id"], state="forgotten", fields=[])
    comes(phone, gone, 100, receipt(anew, "needs_person", "sync.same_field"))
    rows = page.locator("main a.nf-row:has-text('Đã xóa nội dung')")
    page.wait_for_function(
        "() => document.querySelectorAll('main a.nf-row').length === 3"
        " && document.querySelector('main').textContent.split('Đã xóa nội dung').length === 3"
    )
    assert rows.count() == 2
    kept = {item["command"]["id"]: item for item in phone.ask("drawer")}
    assert [kept[each["id"]]["command"]["data"] for each in (note["command"], anew)] == [{}, {}]
    assert kept[note["command"]["id"]]["receipt"]["words"] == ""
    assert kept[late["command"]["id"]]["command"] == late["command"]
    rows.first.click()
    page.wait_for_selector(".nf-notice:has-text('Đã xóa nội dung')")
    assert page.locator("main .nf-button").count() == 1
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route=drawer]")
    assert [state for _name, state in states(phone)] == ["replaced", "open", "away"]


def test_what_comes_after_its_person_was_forgotten_is_not_kept_here_either(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    note = noted(phone)
    hangs_on_it = phone.ask("disputed", phone.ids["case"], [note["id"]])
    other = phone.ask("disputed", phone.ids["case"])
    nothing = {"epoch": "sample", "items": [], "next": 100, "more": False}
    phone.ask("answered", [receipt(note, "refused", "sync.forgotten")], nothing)
    phone.go("drawer")
    phone.page.wait_for_function(
        "() => document.querySelector('main').textContent.split('Đã xóa nội dung').length === 3"
    )
    kept = {item["command"]["id"]: item["command"]["data"] for item in phone.ask("drawer")}
    assert kept[note["id"]] == kept[hangs_on_it] == {}
    assert kept[other] != {}


@pytest.mark.parametrize(("days", "left"), [(91, 2), (93, 0)])
def test_what_is_settled_goes_in_the_end(filled: Filler, days: int, left: int) -> None:
    phone = filled()
    phone.ask("old_matters", phone.ids["case"], days)
    assert len(phone.ask("drawer")) == left


def test_no_day_and_a_day_to_come_are_said_and_the_key_stays_alive(filled: Filler) -> None:
    phone = filled(trouble=True)
    phone.unlock()
    open_wrong_time(phone)
    page = phone.page
    for day in ("", (clock.local_date(clock.now()) + timedelta(days=2)).isoformat()):
        page.fill("#f-day", day)
        page.click(".nf-action button")
        page.wait_for_selector(".nf-field--wrong .nf-error")
        assert phone.waiting() == []
    page.fill("#f-day", clock.local_date(clock.now()).isoformat())
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route=drawer]")
    assert len(phone.waiting()) == 1


def test_what_is_sent_again_stays_where_it_happened(filled: Filler) -> None:
    phone = filled(trouble=True)
    (note, _late) = phone.ask("drawer")
    phone.unlock()
    phone.page.wait_for_timeout(1100)
    phone.go(f"drawer/{note['command']['id']}")
    phone.page.click(".nf-action button")
    phone.page.fill("#f-note", "Gọi lại vào buổi chiều")
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector("main[data-route=drawer]")
    assert phone.waiting()[0]["made_at"] == note["command"]["made_at"]


def test_an_answer_that_is_not_known_yet_is_no_reason_to_say_it_again(filled: Filler) -> None:
    """A later edition of the server may have done it."""
    phone = filled()
    phone.unlock()
    note = noted(phone)
    nothing = {"epoch": "sample", "items": [], "next": 100, "more": False}
    phone.ask("answered", [receipt(note, "parked", "sync.parked")], nothing)
    phone.go(f"drawer/{note['id']}")
    assert "Đừng ghi lại" in phone.page.inner_text("main")
    assert phone.page.locator(".nf-action button").count() == 0
