"""The browser's own limit: nothing is captured that finds no room, and nothing typed is lost."""

from nhipcau.cases.models import CaseEvent
from tests.browser.field.screens.test_idcard import KEPT

from .conftest import App, Day, Opened

FEW = """() => {
  const real = navigator.storage.estimate;
  window.room = () => { navigator.storage.estimate = real; };
  navigator.storage.estimate = async () => ({quota: 5e6, usage: 4e6});
}"""
# So long a browser goes by the room it found when it looked last.
LOOKED = 32_000
NOTE = "Bà hẹn tuần sau mang giấy khai sinh"


def kept(app: App) -> dict[str, int]:
    """How much lies in each store."""
    lines = [line.split(" ") for line in app.page.evaluate(KEPT) if line.startswith("idb nhipcau-")]
    return {store: int(rows) for _idb, _name, store, rows, *_rest in lines}


def write(app: App, day: Day) -> None:
    app.sign_in(day.member)
    app.enrol()
    app.settle()
    app.offline()
    app.go(f"case/{day.case}/note")
    app.page.fill("#f-note", NOTE)
    app.page.wait_for_timeout(500)


def refused(app: App) -> None:
    app.act()
    app.page.wait_for_selector(".nf-said:has-text('sắp hết chỗ')")
    assert app.page.input_value("#f-note") == NOTE
    assert kept(app)["outbox"] == 0


def taken(app: App, day: Day) -> None:
    app.act()
    app.page.wait_for_selector(f"main[data-route='case/{day.case}']")
    assert kept(app)["outbox"] == 1
    app.online()
    app.settle()
    assert [row.note for row in CaseEvent.objects.filter(case_id=day.case, kind="note")] == [NOTE]


def test_the_room_is_looked_at_before_anything_is_captured(day: Day, new_app: Opened) -> None:
    """The last of it is for sending."""
    app = new_app()
    write(app, day)
    app.page.evaluate(FEW)
    refused(app)
    app.page.evaluate("window.room()")
    taken(app, day)


def test_beyond_the_quota_of_the_browser_the_form_is_kept(day: Day, new_app: Opened) -> None:
    """It says that there is room, and finds out in the middle of writing that there is none."""
    app = new_app()
    write(app, day)
    line = app.context.new_cdp_session(app.page)
    line.send("Storage.overrideQuotaForOrigin", {"origin": app.url, "quotaSize": 1})
    app.page.wait_for_timeout(LOOKED)
    assert app.page.evaluate("async () => (await navigator.storage.estimate()).quota") > 100_000_000
    refused(app)
    line.send("Storage.overrideQuotaForOrigin", {"origin": app.url})
    taken(app, day)
