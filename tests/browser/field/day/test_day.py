"""A volunteer's day without signal, in the real app: killed, closed, brought back, and nothing is missing."""

from collections import Counter
from datetime import timedelta
from random import Random
from time import sleep

import pytest

from nhipcau.cases.models import Case, CaseEvent, HelpSession, PapersCheck
from nhipcau.core import clock
from nhipcau.learning.models import Attendee
from nhipcau.portal.services.demo_people import HOME_COMMUNE
from nhipcau.sync.models import Conflict, Receipt
from nhipcau.teams.models import Member
from nhipcau.visits.models import Visit
from tests.browser.conftest import Opener
from tests.browser.field.day.conftest import App, Day, Opened, signed_up
from tests.browser.field.touching import touch

NOTE = "Bà hẹn tuần sau mang giấy khai sinh"
HELPED = Counter(
    {
        ("vneid", "half", "done"): 3,
        ("payment", "all_alone", "started"): 2,
        ("other", "fully_helped", "referred"): 1,
    }
)


def answer_all(app: App) -> None:
    """The first answer to every question; papers to bring at the end."""
    page = app.page
    while page.locator("#q-answer, #f-answer").count():
        before = page.evaluate("location.hash")
        if page.locator("#q-answer").count():
            touch(page.locator(".nf-tile").first)
        else:
            page.fill("#f-answer", "2026-11-01" if page.locator("#f-answer[type=date]").count() else "3")
            app.act()
        page.wait_for_function("before => location.hash !== before", arg=before)
        page.wait_for_function(
            "() => document.querySelector('main').dataset.route === location.hash.slice(2)"
        )


def open_case(app: App, name: str, phone: str = "") -> None:
    app.go("case-open")
    page = app.page
    page.check("#f-agreed")
    page.click("label[for=method-0]")
    app.tap("topic:vneid")
    page.fill("#f-name", name)
    page.fill("#f-phone", phone or f"09{Random(name).randrange(10**8):08d}")
    app.act()
    page.wait_for_selector("main[data-route='case-open/done']")


def write_note(app: App, case: str, text: str) -> None:
    app.go(f"case/{case}/note")
    app.page.fill("#f-note", text)
    app.act()
    app.page.wait_for_selector(f"main[data-route='case/{case}']")


def visit(app: App, day: Day) -> None:
    app.go(f"visit/{day.visit}/result")
    app.page.click("label[for=outcome-0]")
    app.page.click("label[for=next-0]")
    app.page.fill("#f-note", "Đã cài xong ứng dụng")
    app.act()
    app.page.wait_for_selector(f"main[data-route='visit/{day.visit}']")


def count_class(app: App, day: Day) -> None:
    app.go(f"class/{day.lesson}")
    for band in ("60_74", "60_74", "75_up"):
        app.tap(band)
    app.page.wait_for_selector(".nf-count strong:has-text('3')")
    app.page.click("main .nf-button--quiet")
    app.page.wait_for_selector(".nf-count strong:has-text('2')")


def check_in(app: App, day: Day) -> None:
    app.go(f"shift/{day.shift.pk}")
    app.page.fill("#f-code", day.code())
    app.act()
    app.page.wait_for_selector(".nf-notice--info")


def finish_begun(app: App, outcome: str = "done") -> None:
    """What was begun and not saved is gone on with."""
    app.page.click("a[href='#/session/again']")
    app.page.wait_for_selector("#q-outcome")
    app.tap(outcome)
    app.page.wait_for_selector("main[data-route='session/saved']")


def new_case_id(app: App) -> str:
    app.go("cases")
    links = app.page.locator("a.nf-row[href^='#/case/']")
    found = {str(link.get_attribute("href")).removeprefix("#/case/"): link for link in links.all()}
    (key,) = [key for key, link in found.items() if "Bà Tám" in link.inner_text()]
    return key


def morning(app: App, day: Day) -> None:
    check_in(app, day)
    app.help("topic:vneid", "half", "done")
    app.help("topic:vneid", "half", "done")
    app.help("topic:payment", "all_alone", "started")
    app.go("checklist/birth-registration")
    answer_all(app)
    assert app.page.locator(".nf-paper").count() > 0
    open_case(app, "Bà Tám")


def test_a_whole_day_without_signal(day: Day, new_app: Opened) -> None:
    begun = clock.now()
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.offline()
    morning(app, day)
    # Killed in the middle of a form, and brought back without any network.
    app.begin("topic:payment", "all_alone")
    app.kill()
    app.open()
    finish_begun(app, "started")
    # Killed in the middle of a save: kept, or offered again; never both, never neither.
    app.begin("topic:other", "fully_helped")
    app.page.evaluate("() => { document.querySelector(\".nf-tile[data-value='referred']\").click() }")
    app.kill()
    app.open()
    if app.page.locator("a[href='#/session/again']").count():
        finish_begun(app, "referred")
    # A case opened today is there to be gone on with.
    opened = new_case_id(app)
    write_note(app, opened, NOTE)
    app.go(f"case/{day.case}/note")
    app.page.fill("#f-note", "Việc ghi dở")
    sleep(0.3)
    app.kill()
    app.open()
    app.go(f"case/{day.case}/note")
    assert app.page.input_value("#f-note") == "Việc ghi dở"
    write_note(app, day.case, NOTE)
    visit(app, day)
    count_class(app, day)
    app.help("topic:vneid", "half", "done")
    app.go(f"shift/{day.shift.pk}")
    app.act()
    app.page.wait_for_selector(".nf-notice--good")
    app.close()
    # Closed for the evening; opened again, still without network.
    app.page = app.context.new_page()
    app.open()
    app.wait_for(lambda: "Chờ gửi" in app.chip())
    app.online()
    app.settle()
    check_books(day, opened, begun)


def check_books(day: Day, opened: str, begun: object) -> None:
    """The rows of the server are what was done, each once."""
    sessions = HelpSession.objects.filter(volunteer=day.member)
    assert Counter(sessions.values_list("topic", "alone", "outcome")) == HELPED
    assert {row.commune_id for row in sessions} == {HOME_COMMUNE}
    assert all(begun <= row.at <= clock.now() for row in sessions)  # type: ignore[operator] # both are moments
    case = Case.objects.get(pk=opened)
    assert case.citizen is not None
    assert (case.citizen.name, case.assigned_to, case.topic) == ("Bà Tám", day.member, "vneid")
    for key in (opened, day.case):
        notes = CaseEvent.objects.filter(case_id=key, kind="note")
        assert [row.note for row in notes] == [NOTE]
    seen = Visit.objects.get(pk=day.visit)
    assert (seen.state, seen.result_by, seen.result_note) == ("done", day.member, "Đã cài xong ứng dụng")
    came = Attendee.objects.filter(public_class=day.lesson)
    assert Counter(came.filter(removed_at=None).values_list("age_band", flat=True)) == {"60_74": 2}
    assert came.count() == 3
    shift = signed_up(day).attendance
    assert begun <= shift.checked_in_at + timedelta(seconds=60)  # type: ignore[operator] # as above
    assert shift.checked_out_at is not None
    results = Counter(Receipt.objects.filter(device__member=day.member).values_list("result", flat=True))
    assert set(results) <= {"applied", "already_applied", "merged"}
    assert not PapersCheck.objects.filter(case_id=opened).exists()


def due(days: int) -> str:
    return (clock.local_date(clock.now()) + timedelta(days=days)).isoformat()


def change_on_the_web(open_context: Opener, case: str, day: str) -> None:
    page = open_context("leader").new_page()
    page.goto(f"/cases/{case}/")
    form = page.locator("form[action$='/due/']")
    form.locator("xpath=ancestor-or-self::details").first.evaluate_all(
        "all => all.forEach(one => { one.open = true })"
    )
    form.locator("input[name=due_on]").fill(day)
    form.locator("button").click()
    page.wait_for_load_state()


def change_on_the_phone(app: App, case: str, day: str) -> None:
    app.go(f"case/{case}/due")
    app.page.fill("#f-due", day)
    app.act()
    app.page.wait_for_selector(f"main[data-route='case/{case}']")


@pytest.mark.parametrize("where", ["phone", "web"])
def test_two_changed_the_same_thing(where: str, day: Day, new_app: Opened, open_context: Opener) -> None:
    """Seen in the drawer and on the two-column page, decided there or by the leader; the phone hears it."""
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.offline()
    change_on_the_phone(app, day.case, due(9))
    change_on_the_web(open_context, day.case, due(4))
    assert Case.objects.get(pk=day.case).due_on == clock.local_date(clock.now()) + timedelta(days=4)
    app.online()
    app.settle("Cần xem: 1")
    row = Conflict.objects.get(member=day.member)
    app.go("drawer")
    app.page.click(f"a.nf-row[href='#/drawer/conflict/{row.pk}']")
    app.page.wait_for_selector("table.nf-two")
    if where == "phone":
        mine = app.page.locator(".nf-action button").nth(1)
        mine.click()
        app.page.wait_for_timeout(700)
        mine.click()
        app.page.wait_for_selector("main[data-route=drawer]")
    else:
        page = open_context("leader").new_page()
        page.goto(f"/phones/decide/{row.pk}/")
        page.click("button[name=keep][value=phone]")
        page.wait_for_load_state()
        app.send()
        app.go("drawer")
        app.page.click("a.nf-row:has-text('Một người đã quyết định')")
        app.page.wait_for_selector(".nf-notice--info")
        app.act()
        app.page.wait_for_selector("main[data-route=drawer]")
    app.settle()
    case = Case.objects.get(pk=day.case)
    assert case.due_on == clock.local_date(clock.now()) + timedelta(days=9)
    assert Conflict.objects.get(pk=row.pk).state == "decided"
    app.go(f"case/{day.case}")
    shown = clock.local_date(clock.now()) + timedelta(days=9)
    app.page.wait_for_selector(f"dd:has-text('{shown:%d/%m/%Y}')")


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_main_screens_in_other_languages(language: str, day: Day, new_app: Opened) -> None:
    Member.objects.filter(pk=day.member.pk).update(preferred_language=language)
    app = new_app(language)
    app.sign_in(day.member)
    app.enrol()
    app.offline()
    for route in ("today", "session", "cases", f"case/{day.case}", f"visit/{day.visit}", "drawer", "status"):
        app.go(route)
        assert app.page.locator("html").get_attribute("lang") == language
        assert app.page.locator("h1").inner_text().strip()
        assert app.page.locator("text=/undefined|\\[object|NaN/").count() == 0
    app.help()
    app.online()
    app.settle({"th": "ส่งครบแล้ว", "en": "All sent"}[language])
    assert HelpSession.objects.filter(volunteer=day.member).count() == 1
