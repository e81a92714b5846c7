"""What the leader does on the web while a phone holds work that was not sent."""

from playwright.sync_api import Page

from nhipcau.cases.models import Case, CaseEvent, HelpSession
from nhipcau.devices.models import Device
from nhipcau.sync.models import Conflict, Receipt
from nhipcau.teams.models import Member
from tests.browser.conftest import ACCOUNTS, Opener
from tests.browser.field.screens.test_idcard import KEPT

from .conftest import Day, Opened, new_member
from .test_day import write_note

NOTES = ["Bà hẹn tuần sau", "Cần thêm giấy khai sinh"]


def press(page: Page, selector: str) -> None:
    page.click(selector)
    page.wait_for_load_state()


def press_on_list(page: Page, url: str, selector: str) -> None:
    """On whichever page of the list of phones it stands: other tests sign in many."""
    page.goto(url)
    while page.locator(selector).count() == 0:
        press(page, "nav.nc-pages a[rel=next]")
    press(page, selector)


def test_a_phone_that_was_shut_loses_nothing_and_sends_when_it_is_opened_again(
    day: Day, new_app: Opened, open_context: Opener
) -> None:
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.settle()
    app.offline()
    for _ in range(3):
        app.help()
    write_note(app, day.case, NOTES[0])
    phone = Device.objects.get(member=day.member)
    leader = open_context("leader").new_page()
    press_on_list(leader, "/phones/", f"main a[href='/phones/{phone.pk}/shut/']")
    press(leader, "main form.nc-form button")
    app.online()
    app.page.wait_for_selector("main[data-route=unlock] .nf-notice--warn:has-text('khóa từ xa')")
    rows = {
        line.split(" ")[2]: line.split(" ")[3] for line in app.page.evaluate(KEPT) if "idb nhipcau-" in line
    }
    assert (rows["outbox"], rows["pack"]) == ("4", "0")
    # Before the leader opens it, a sign-in alone does not.
    assert not Receipt.objects.filter(device=phone).exists()
    press_on_list(leader, "/phones/", f"form[action='/phones/{phone.pk}/open/'] button")
    app.page.click("main button.nf-button:has-text('Đăng nhập')")
    app.type_password(day.member)
    app.page.wait_for_selector(".nf-notice--good")
    app.type_pin()
    app.page.wait_for_selector("a.nf-button--large")
    app.settle()
    assert HelpSession.objects.filter(volunteer=day.member).count() == 3
    assert [row.note for row in CaseEvent.objects.filter(case_id=day.case, kind="note")] == NOTES[:1]


def test_notes_about_a_case_that_was_given_to_another_are_taken_by_the_leader(
    day: Day, new_app: Opened, open_context: Opener
) -> None:
    """Opened by the leader: who only followed it for a while may write in it no more."""
    Case.objects.filter(pk=day.case).update(opened_by=Member.objects.get(username=ACCOUNTS["leader"]))
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.settle()
    app.offline()
    for note in NOTES:
        write_note(app, day.case, note)
    other = new_member()
    leader = open_context("leader").new_page()
    leader.goto(f"/cases/{day.case}/")
    form = leader.locator("form[action$='/assign/']")
    form.locator("xpath=ancestor-or-self::details").first.evaluate_all(
        "all => all.forEach(one => { one.open = true })"
    )
    form.locator("select[name=member]").select_option(str(other.pk))
    form.locator("button").click()
    leader.wait_for_load_state()
    assert Case.objects.get(pk=day.case).assigned_to == other
    app.online()
    app.settle("Cần xem: 2")
    app.go("drawer")
    assert app.page.locator("main a.nf-row[href^='#/drawer/']").count() == 2
    waiting = Conflict.objects.filter(member=day.member, state="open")
    assert waiting.count() == 2
    for row in waiting.order_by("made_at"):
        leader.goto(f"/phones/decide/{row.pk}/")
        press(leader, "button[name=keep][value=phone]")
    written = CaseEvent.objects.filter(case_id=day.case, kind="note").order_by("id")
    assert [row.note for row in written] == NOTES
    # The phone hears it; what was written stays readable.
    app.send()
    app.go("drawer")
    app.page.wait_for_selector("a.nf-row:has-text('Một người đã quyết định')")
