"""Cases without signal: one change after the other is no dispute; two that were begun stay apart."""

import json
import random
from time import monotonic, sleep
from typing import Any

from playwright.sync_api import Page

from guides import check_papers, checklist, parse, read_answers
from nhipcau.cases.rules import TRANSITIONS, is_closed
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from tests.browser.field.screens.conftest import FilledPhone, Filler, Site
from tests.browser.field.screens.samples import guide, guide_source
from tests.browser.field.screens.test_screens import begin, tap


def due(phone: FilledPhone, day: str) -> None:
    case = phone.ids["case"]
    phone.go(f"case/{case}/due")
    phone.page.fill("#f-due", day)
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector(f"main[data-route='case/{case}']")


def move(phone: FilledPhone, state: str) -> None:
    case = phone.ids["case"]
    phone.go(f"case/{case}/state")
    tap(phone.page, state)
    phone.page.wait_for_selector(f"main[data-route='case/{case}']")


def test_a_date_put_right_begins_where_the_first_one_stood(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    today = clock.local_date(clock.now()).isoformat()
    due(phone, "2027-01-05")
    phone.go(f"case/{phone.ids['case']}/due")
    assert phone.page.input_value("#f-due") == "2027-01-05"
    due(phone, "2027-01-07")
    first, second = phone.waiting()
    assert (first["base"], first["needs"]) == ({"due_on": today}, [])
    assert (second["base"], second["needs"]) == ({"due_on": "2027-01-05"}, [first["id"]])
    phone.go("cases")
    assert "07/01/2027" in phone.page.inner_text(f"a[href='#/case/{phone.ids['case']}']")


def test_a_state_follows_the_one_that_waits(filled: Filler) -> None:
    """Moved by hand, then by a dossier, which submits a case whose papers are ready."""
    phone = filled()
    phone.unlock()
    case = phone.ids["case"]
    move(phone, "papers_ready")
    phone.go(f"case/{case}/dossier")
    phone.page.fill("#f-code", "G22.99.08-260921-896048")
    phone.page.check("#by-0")
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector(f"main[data-route='case/{case}']")
    move(phone, "result_ready")
    first, dossier, last = phone.waiting()
    assert first["base"] == {"state": "papers_missing"}
    assert (last["base"], last["needs"]) == ({"state": "submitted"}, [dossier["id"]])


def without_papers(filled: Filler) -> FilledPhone:
    """A phone whose case was ready, until the papers were looked at and none was there."""
    phone = filled()
    phone.unlock()
    case = phone.ids["case"]
    move(phone, "papers_ready")
    phone.go(f"checklist/case/list/{case}")
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector(f"main[data-route='case/{case}']")
    return phone


def test_papers_in_hand_move_the_case_as_the_server_will(filled: Filler) -> None:
    phone = without_papers(filled)
    _ready, papers = phone.waiting()
    source = guide_source("birth-registration")
    given, _problems = read_answers(parse(source).versions[0], papers["data"]["answers"])
    found = check_papers(checklist(parse(source), given, on=clock.local_date(clock.now()), province="68"), [])
    assert found.state == "missing"
    move(phone, "papers_ready")
    last = phone.waiting()[2]
    assert (last["base"], last["needs"]) == ({"state": "papers_missing"}, [papers["id"]])


def test_the_phone_knows_the_moves_of_the_server(filled: Filler) -> None:
    """All but one: a closed case is opened again by who leads, and not from a phone."""
    moves = filled().page.evaluate("nc.MOVES")
    wanted = {
        str(state): [] if is_closed(state) else [str(to) for to in after]
        for state, after in TRANSITIONS.items()
    }
    assert moves == wanted


def test_a_case_is_closed_by_two_meant_touches(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go(f"case/{phone.ids['case']}/state")
    end = page.locator(".nf-tile[data-value='closed_not_possible']")
    end.dblclick()
    page.wait_for_timeout(700)
    assert phone.waiting() == []
    assert "Chạm lần nữa" in end.inner_text()
    end.click()
    page.wait_for_selector(f"main[data-route='case/{phone.ids['case']}']")
    assert [each["data"]["set"] for each in phone.waiting()] == [{"state": "closed_not_possible"}]
    assert page.locator("main button:has-text('Đổi trạng thái')").count() == 0


def test_what_papers_led_to_stays_so_when_the_guide_changes(filled: Filler) -> None:
    phone = without_papers(filled)
    changed = guide("birth-registration", "vi")
    item = {"seq": 100, "kind": "guide", "id": changed["slug"], "body": changed}
    phone.ask("answered", [], {"epoch": "sample", "items": [item], "next": 100, "more": False})
    move(phone, "papers_ready")
    assert phone.waiting()[2]["base"] == {"state": "papers_missing"}


def send(phone: FilledPhone, wanted: int) -> None:
    """By hand, until so many commands are shown as taken and not given back."""
    phone.go("status")
    phone.page.click(".nf-action button")
    end = monotonic() + 20
    while phone.waiting() or len(phone.ask("applied")) != wanted:
        assert monotonic() < end
        sleep(0.2)


def test_what_was_taken_stands_until_everything_came_in(filled: Filler, site: Site) -> None:
    """Sent, and the signal lost before the pack came."""
    site.takes, site.gives = True, False
    phone = filled()
    phone.unlock()
    case, page = phone.ids["case"], phone.page
    due(phone, "2027-01-05")
    send(phone, 1)
    phone.go(f"case/{case}/due")
    assert page.input_value("#f-due") == "2027-01-05"
    assert "Đã gửi hết" in page.locator("#status-line").inner_text()
    site.takes = False
    due(phone, "2027-01-07")
    (second,) = phone.waiting()
    assert second["base"] == {"due_on": "2027-01-05"}
    site.takes = site.gives = True
    send(phone, 0)


def test_a_case_opened_here_can_be_worked_on_at_once_and_does_not_vanish(filled: Filler, site: Site) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go("case-open")
    page.click(".nf-tile")
    write(page, "Bà Tám")
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route='case-open/done']")
    (opened,) = phone.waiting()
    case = opened["data"]["id"]
    phone.go(f"case/{case}/state")
    tap(page, "papers_ready")
    page.wait_for_selector(f"main[data-route='case/{case}']")
    moved = phone.waiting()[1]
    assert (moved["base"], moved["needs"]) == ({"state": "opened"}, [opened["id"]])
    phone.go(f"case/{case}/note")
    page.fill("#f-note", "Hẹn")
    site.takes, site.gives = True, False
    send(phone, 2)
    phone.go("cases")
    row = page.locator(f"a.nf-row[href='#/case/{case}']")
    assert "Bà Tám" in row.inner_text()
    assert "Chờ gửi" not in row.inner_text()
    phone.go(f"case/{case}/note")
    assert page.input_value("#f-note") == "Hẹn"


VERDICTS = """([body, on, tried]) => {
  const reading = nc.Reading.open(body, {on, province: "68"}, "vi");
  return tried.map(([answers, have]) => reading.verdict(reading.understood(answers), have));
}"""


def test_papers_are_judged_as_the_server_judges_them(filled: Filler) -> None:
    page = filled().page
    chance, today = random.Random(5), clock.local_date(clock.now())
    seen: set[str] = set()
    for slug in ("birth-registration", "id-card-exchange", "household-business"):
        source = guide_source(slug)
        engine = parse(source)
        version = engine.versions[0]
        tried: list[tuple[dict[str, Any], list[str]]] = []
        wanted = []
        for _ in range(120):
            answers = some_answers(source, chance)
            given, _problems = read_answers(version, answers)
            found = checklist(engine, given, on=today, province="68")
            papers = [row["id"] for row in json.loads(json.dumps(found.as_json()))["documents"]]
            have = [name for name in papers if chance.random() < chance.choice((0.0, 0.7, 1.0))]
            tried.append((answers, have))
            wanted.append(check_papers(found, have).state)
        body = guide(slug, "vi")
        assert page.evaluate(VERDICTS, [body, today.isoformat(), tried]) == wanted
        seen |= set(wanted)
    assert seen == {"ready", "ask", "missing"}


def some_answers(source: dict[str, Any], chance: random.Random) -> dict[str, str]:
    facts = [fact for version in source["versions"] for fact in version["facts"]]
    given = {}
    for fact in facts:
        if chance.random() < 0.2:
            continue
        values = {"yes_no": ["yes", "no", "unknown"], "date": ["2026-11-01"], "number": ["3", "40"]}
        choices = values.get(fact["type"]) or [each["value"] for each in fact["options"]]
        given[fact["id"]] = chance.choice(choices)
    return given


def record(phone: FilledPhone) -> str:
    """A session that was just saved; its id."""
    begin(phone)
    tap(phone.page, "done")
    phone.page.wait_for_selector("main[data-route='session/saved']")
    sessions = [each for each in phone.waiting() if each["name"] == "sessions.record"]
    return str(sessions[-1]["data"]["id"])


def write(page: Page, name: str) -> None:
    page.check("#f-agreed")
    page.check("#method-0")
    page.fill("#f-name", name)
    page.wait_for_timeout(200)


def test_what_was_begun_with_one_person_is_not_wiped_by_the_next(filled: Filler) -> None:
    """Begun after a session, the page killed; another after the next session; both come back whole."""
    phone = filled()
    phone.unlock()
    first = record(phone)
    phone.go("case-open/session")
    write(phone.page, "Bà Tám")
    second = record(phone)
    phone.go("case-open/session")
    assert phone.page.input_value("#f-name") == ""
    write(phone.page, "Ông Chín")
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.unlock()
    page = phone.page
    for session, name in ((first, "Bà Tám"), (second, "Ông Chín")):
        phone.go("cases")
        page.click(f"a.nf-row[href='#/case-open/session/{session}']")
        page.wait_for_selector(".nf-notice--warn")
        assert page.input_value("#f-name") == name
        page.click(".nf-action button")
        page.wait_for_selector("main[data-route='case-open/done']")
    opened = {each["data"]["session"]: each for each in phone.waiting() if each["name"] == "cases.open"}
    recorded = {
        each["data"]["id"]: each["id"] for each in phone.waiting() if each["name"] == "sessions.record"
    }
    assert {key: each["data"]["name"] for key, each in opened.items()} == {
        first: "Bà Tám",
        second: "Ông Chín",
    }
    assert [opened[key]["needs"] for key in (first, second)] == [[recorded[first]], [recorded[second]]]
    phone.go("cases")
    assert page.locator("a.nf-row[href^='#/case-open/']").count() == 0


def test_a_case_begun_after_a_session_is_told_when_it_is_opened_again(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    record(phone)
    phone.go("case-open/session")
    write(page, "Bà Tám")
    phone.go("session/saved")
    phone.go("case-open/session")
    assert page.input_value("#f-name") == "Bà Tám"
    page.click(".nf-notice--warn button")
    page.wait_for_selector(".nf-notice--warn", state="detached")
    assert page.input_value("#f-name") == ""
    assert page.locator(".nf-back").get_attribute("href") == "#/session/saved"


def test_what_an_older_app_began_is_gone_once_it_is_saved(filled: Filler) -> None:
    """It kept what followed a session under the one name of all."""
    phone = filled()
    ids = {"id": str(new_id()), "session": str(new_id()), "command": str(new_id())}
    phone.ask("draft", "case", ids | {
        "need": "topic:vneid", "place": "24848:", "name": "Bà Tám", "phone": "", "language": "vi",
        "spoken": "vi", "keep": "6", "due": "", "method": "spoken", "agreed": True,
    })  # fmt: skip
    phone.unlock()
    page = phone.page
    phone.go("cases")
    page.click("a.nf-row[href='#/case-open']")
    page.wait_for_selector(".nf-notice--warn")
    page.check("#method-0")
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route='case-open/done']")
    assert [each["data"]["session"] for each in phone.waiting()] == [ids["session"]]
    phone.go("cases")
    assert page.locator("a.nf-row[href^='#/case-open']").count() == 0
