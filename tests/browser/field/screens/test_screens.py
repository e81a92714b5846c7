"""The screens as people meet them: three taps are kept, nothing begun is lost, everybody can read them."""

from typing import Any

import pytest
from playwright.sync_api import Page

from guides import checklist, localise, parse
from nhipcau.attendance.rules.codes import typed_at
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from tests.browser.field.screens.conftest import FilledPhone, Filler
from tests.browser.field.screens.samples import guide_source
from tests.browser.field.touching import touch
from tests.databases import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# In sunlight: text at 7 to 1.
FOUND = """() => axe.run(document, {rules: {"color-contrast-enhanced": {enabled: true}}})
  .then(found => found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 120))]))"""
WIDE = """() => [document.documentElement, ...document.querySelectorAll("body *")]
  .filter(node => node.clientWidth > 1 && node.scrollWidth > node.clientWidth + 1)
  .filter(node => getComputedStyle(node).display !== "inline" && node.tagName !== "SELECT")
  .map(node => [node.tagName, node.className, node.textContent.trim().slice(0, 40)])"""
SMALL = """() => [...document.querySelectorAll("a[href], button, select, input, textarea, summary")]
  .filter(node => node.offsetParent && !node.disabled)
  .map(node => node.matches("[type=radio], [type=checkbox]") ? node.parentElement : node)
  .map(node => [node.getBoundingClientRect(), node])
  .filter(([box]) => box.height < 47.5 || box.width < 47.5)
  .map(([box, node]) => [node.textContent.trim().slice(0, 30), box.width, box.height])"""
INLINE = """() => [...document.querySelectorAll("[style], style, script:not([src])")]
  .map(node => node.outerHTML)"""
ROUTES = (
    "today",
    "session",
    "guides",
    "checklist/birth-registration",
    "checklist/birth-registration/list",
    "cases",
    "case/{case}",
    "case/{case}/note",
    "case/{case}/state",
    "case/{case}/due",
    "case/{case}/dossier",
    "checklist/case/list/{case}",
    "case-open",
    "visit/{visit}",
    "visit/{visit}/result",
    "shift/{shift}",
    "class/{class}",
    "drawer",
    "drawer/conflict/{conflict}",
    "status",
    "status/leave",
    "pin",
    "scan",
    "id-card",
)


def faults(page: Page) -> list[Any]:
    """What axe finds, what is wider than the screen, targets too small for a thumb, anything inline."""
    page.evaluate(f"() => {{ {AXE} }}")
    return [*page.evaluate(FOUND), *page.evaluate(WIDE), *page.evaluate(SMALL), *page.evaluate(INLINE)]


def tap(page: Page, value: str) -> None:
    touch(page.locator(f".nf-tile[data-value='{value}']").first)


def begin(phone: FilledPhone) -> None:
    """Two of the three taps."""
    phone.go("session")
    tap(phone.page, "procedure:birth-registration")
    phone.page.wait_for_selector("#q-alone")
    tap(phone.page, "half")
    phone.page.wait_for_selector("#q-outcome")


def test_three_taps_are_a_session_in_the_outbox(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    begin(phone)
    tap(phone.page, "done")
    phone.page.wait_for_selector(".nf-notice--good")
    (command,) = phone.waiting()
    said = command["data"]
    assert (command["name"], command["v"]) == ("sessions.record", 2)
    assert (said["need"], said["alone"], said["outcome"]) == ("procedure:birth-registration", "half", "done")
    assert (said["commune"], said["minutes"], said["age_band"]) == ("24848", 15, "not_said")
    assert said["service_point"] is not None


def test_a_session_just_saved_is_undone_by_one_tap(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    begin(phone)
    tap(phone.page, "done")
    phone.page.click("main .nf-button--quiet")
    phone.page.wait_for_selector(".nf-rows")
    phone.page.wait_for_selector(".nf-notice--good", state="detached")
    recorded, undone = phone.waiting()
    assert undone["data"] == {"session": recorded["data"]["id"]}
    assert undone["needs"] == [recorded["id"]]


def test_a_topic_that_is_often_asked_for_has_its_name_on_the_way(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go("session")
    tap(phone.page, "topic:vneid")
    phone.page.wait_for_selector("#q-alone")
    assert "topic:" not in phone.page.locator("main").inner_text()
    assert "VNeID" in phone.page.locator("main").inner_text()


def test_who_does_not_know_what_to_search_for_finds_every_procedure(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go("session")
    every = phone.page.locator("details .nf-tile")
    often = phone.page.locator("[aria-labelledby=q-often] .nf-tile[data-value^='procedure:']")
    assert every.count() > often.count()
    phone.page.locator("details > summary").tap()
    rest = every.last.get_attribute("data-value")
    every.last.tap()
    phone.page.wait_for_selector("#q-alone")
    assert phone.page.evaluate("location.hash") == "#/session/alone"
    tap(phone.page, "half")
    phone.page.wait_for_selector("#q-outcome")
    tap(phone.page, "done")
    phone.page.wait_for_selector(".nf-notice--good")
    assert phone.waiting()[0]["data"]["need"] == rest


def test_minutes_are_counted_from_the_first_tap(filled: Filler) -> None:
    phone = filled()
    phone.page.clock.install()
    phone.unlock()
    phone.go("session")
    tap(phone.page, "topic:vneid")
    phone.page.wait_for_selector("#q-alone")
    phone.page.clock.fast_forward("31:00")
    tap(phone.page, "all_alone")
    phone.page.wait_for_selector("#q-outcome")
    tap(phone.page, "done")
    phone.page.wait_for_selector(".nf-notice--good")
    assert phone.waiting()[0]["data"]["minutes"] == 30


def test_what_was_begun_survives_a_killed_page(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    begin(phone)
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.unlock()
    phone.page.click("a[href='#/session/again']")
    phone.page.wait_for_selector("#q-outcome")
    tap(phone.page, "papers_missing")
    phone.page.wait_for_selector(".nf-notice--good")
    (command,) = phone.waiting()
    assert (command["data"]["alone"], command["data"]["outcome"]) == ("half", "papers_missing")


def test_the_way_back_leads_to_the_tap_before(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    begin(phone)
    phone.page.go_back()
    phone.page.wait_for_selector("#q-alone")
    assert phone.page.locator(".nf-tile[aria-pressed=true]").get_attribute("data-value") == "half"
    phone.page.go_back()
    phone.page.wait_for_selector("#q-often")


def test_the_phone_makes_the_same_checklist_as_the_server(filled: Filler) -> None:
    """Every answer given one by one on the screen; the papers shown are those of the server's evaluator."""
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go("checklist/birth-registration")
    source = guide_source("birth-registration")
    facts = [fact for version in source["versions"] for fact in version["facts"]]
    given: dict[str, str] = {}
    while page.locator("#q-answer, #f-answer").count():
        asked = page.locator("#q-answer, label[for=f-answer]").inner_text()
        fact = next(one for one in facts if one["question"]["vi"] == asked)
        before = page.evaluate("location.hash")
        if page.locator("#q-answer").count():
            tile = page.locator(".nf-tile").first
            given[fact["id"]] = tile.get_attribute("data-value") or ""
            touch(tile)
        else:
            given[fact["id"]] = "2026-11-01" if fact["type"] == "date" else "3"
            page.fill("#f-answer", given[fact["id"]])
            page.click(".nf-action button")
        page.wait_for_function("before => location.hash !== before", arg=before)
        page.wait_for_function(
            "() => document.querySelector('main').dataset.route === location.hash.slice(2)"
        )
    assert len(given) > 2
    today = clock.local_date(clock.now())
    data = localise(checklist(parse(source), given, on=today, province="68").as_json(), "vi")
    shown = [text.strip() for text in page.locator(".nf-paper > strong").all_inner_texts()]
    assert sorted(shown) == sorted(paper["name"] for paper in data["documents"])


def test_a_guide_is_found_without_marks(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go("guides")
    phone.page.fill("#f-search", "DOI the can cuoc")
    phone.page.wait_for_function("() => document.querySelectorAll('a.nf-row').length === 1")
    assert "id-card-exchange" in (phone.page.locator("a.nf-row").get_attribute("href") or "")


def test_nothing_of_a_person_is_written_down_without_a_yes(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go("case-open")
    tap(page, "procedure:birth-registration")
    page.fill("#f-name", "Bà Tám")
    page.click(".nf-action button")
    page.wait_for_selector(".nf-field--wrong")
    assert phone.waiting() == []
    page.check("#f-agreed")
    page.check("#method-0")
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route='case-open/done']")
    (command,) = phone.waiting()
    assert command["data"]["name"] == "Bà Tám"
    assert command["data"]["consent"]["language"] == "vi"


def test_each_touch_counts_one_person_at_once(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go(f"class/{phone.ids['class']}")
    plus = phone.page.locator(".nf-tile--plus")
    for _ in range(3):
        plus.nth(3).click()
    plus.nth(4).click()
    phone.page.wait_for_function("() => document.querySelector('.nf-count strong').textContent.includes('8')")
    phone.page.click("main .nf-button--quiet")
    phone.page.wait_for_function("() => document.querySelector('.nf-count strong').textContent.includes('7')")
    names = [command["name"] for command in phone.waiting()]
    assert names == ["classes.add_attendees"] * 4 + ["classes.remove_attendee"]


def test_a_refused_note_is_changed_and_sent_in_the_place_of_the_old_one(filled: Filler) -> None:
    phone = filled(trouble=True)
    phone.unlock()
    page = phone.page
    phone.go("drawer")
    page.locator("a.nf-row", has_text="Ghi chú").click()
    page.click(".nf-action button")
    page.fill("#f-note", "Gọi lại vào buổi chiều")
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route=drawer]")
    (command,) = phone.waiting()
    assert command["data"]["note"] == "Gọi lại vào buổi chiều"
    assert command["replaces"]
    # No longer a matter, and still readable.
    page.wait_for_selector("h2 ~ .nf-rows a.nf-row:has-text('Ghi chú')")


def test_a_day_is_chosen_for_what_the_clock_got_wrong(filled: Filler) -> None:
    phone = filled(trouble=True)
    phone.unlock()
    page = phone.page
    phone.go("drawer")
    page.locator("a.nf-row", has_text="Mã hồ sơ").click()
    page.click(".nf-action button")
    page.fill("#f-day", "2026-01-05")
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route=drawer]")
    assert phone.waiting()[0]["made_at"].startswith(("2026-01-05", "2026-01-04"))


def test_a_case_is_decided_by_a_person_between_two_columns(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go(f"drawer/conflict/{phone.ids['conflict']}")
    mine = phone.page.locator(".nf-action button").nth(1)
    mine.click()
    phone.page.wait_for_timeout(700)
    mine.click()
    phone.page.wait_for_selector("main[data-route=drawer]")
    decided = {"conflict": phone.ids["conflict"], "keep": "phone", "seen": "0f3c"}
    assert phone.waiting()[0]["data"] == decided


def test_checked_in_by_a_typed_code(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go(f"shift/{phone.ids['shift']}")
    code = typed_at(new_id(), clock.now())
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    phone.page.fill("#f-code", wrong)
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector(".nf-error")
    phone.page.fill("#f-code", f" {code.lower()} ")
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector(".nf-notice--info")
    assert [command["data"]["code"] for command in phone.waiting()] == [code]


@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_everybody_can_use_every_screen(language: str, filled: Filler) -> None:
    phone = filled(language, trouble=True)
    phone.unlock()
    assert phone.page.locator("html").get_attribute("lang") == language
    wrong = {}
    for route in ROUTES:
        phone.go(route.format(**phone.ids))
        if found := faults(phone.page):
            wrong[route] = found
    assert wrong == {}


def test_letters_twice_as_large_stay_on_the_screen(filled: Filler) -> None:
    phone = filled("vi", trouble=True)
    phone.unlock()
    # As when the owner sets the phone's letters to 200 %: the root grows, all sizes follow.
    phone.page.evaluate("document.documentElement.style.fontSize = '200%'")
    wrong = {}
    for route in ROUTES:
        phone.go(route.format(**phone.ids))
        if found := phone.page.evaluate(WIDE):
            wrong[route] = found
    assert wrong == {}
