"""What goes wrong with the phone itself, in the real app: new version, no room, wrong clock, two people."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from mimetypes import guess_type
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest

from nhipcau.cases.models import HelpSession
from nhipcau.core import clock
from nhipcau.sync.models import Receipt
from nhipcau.teams.models import Member
from tests.browser.conftest import Server
from tests.browser.field.conftest import OTHER_PIN
from tests.browser.field.day.conftest import App, Day, Opened, plan_day
from tests.browser.field.engine.model import ALONE, OUTCOMES
from tests.browser.field.people import new_member
from tests.databases import ROOT
from tests.faults.plan import Disaster, Fault, Plan
from tests.faults.proxy import FaultProxy
from tests.faults.verdict import BROWSER_OPERATIONS, Record, Verdict

SYNC = "/api/v1/sync/"
YEARS = timedelta(days=3 * 365)
Pages = dict[str, tuple[str, bytes]]
Older = tuple[FaultProxy, Pages]
Taps = tuple[str, str, str]
TOPICS = ("vneid", "payment", "other")
# As fast as three fingers can tap: each screen is waited for.
TAPS = """async (sessions) => {
  const until = async (find) => {
    for (let tries = 0; tries < 2000; tries += 1) {
      const found = find();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error("never came: " + find);
  };
  const shown = (route) => document.querySelector(`main[data-route='${route}']`);
  const tile = (route, value) => until(() => shown(route)?.querySelector(`.nf-tile[data-value='${value}']`));
  for (const [topic, alone, outcome] of sessions) {
    location.hash = "#/session";
    (await tile("session", "topic:" + topic)).click();
    (await tile("session/alone", alone)).click();
    (await tile("session/outcome", outcome)).click();
    await until(() => shown("session/saved"));
  }
}"""
FEW = """(() => {
  const real = navigator.storage.estimate.bind(navigator.storage);
  navigator.storage.estimate = async () => ({...await real(), quota: 1e9, usage: 1e9 - 1e7});
})()"""
FULL = """() => {
  const real = IDBObjectStore.prototype.add;
  window.room = () => { IDBObjectStore.prototype.add = real; };
  IDBObjectStore.prototype.add = function (...given) {
    if (this.name === "outbox") throw new DOMException("no room", "QuotaExceededError");
    return real.apply(this, given);
  };
}"""


def taps(seed: int, count: int) -> list[Taps]:
    """So many sessions, of which hardly two are alike."""
    dice = Random(seed)
    return [(dice.choice(TOPICS), dice.choice(ALONE), dice.choice(OUTCOMES)) for _ in range(count)]


def sessions_of(member: Member) -> int:
    return HelpSession.objects.filter(volunteer=member).count()


def verdict_of(app: App, member: Member, said: list[Taps]) -> Verdict:
    """Against the books; the app has said by now that all is sent."""
    right = Counter(said)
    rows = HelpSession.objects.filter(volunteer=member)
    there: Counter[Taps] = Counter(rows.values_list("topic", "alone", "outcome"))
    results = Receipt.objects.filter(device__member=member, name="sessions.record")
    bad = results.exclude(result="applied").count()
    lies = len(app.lies) + len(app.page.evaluate("window.lies"))
    return Verdict((right - there).total(), (there - right).total(), bad + lies)


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """The app before sessions said anything about papers, as its server served it."""
    home = tmp_path_factory.mktemp("former")
    for name in ("field", "tools", "static/src"):
        shutil.copytree(ROOT / name, home / name)
    for name in ("package.json", "tsconfig.json"):
        shutil.copy(ROOT / name, home / name)
    (home / "node_modules").symlink_to(ROOT / "node_modules")
    change(home / "field/src/outbox/commands.ts", '"sessions.record": 2', '"sessions.record": 1')
    change(home / "field/src/frame/session_draft.ts", "    papers: draft.papers,\n", "")
    subprocess.run(
        [find_node(), "tools/build_frontend.mjs"], cwd=home, check=True, timeout=120, capture_output=True
    )
    field = home / "static/dist/field"
    pages = {"/field/": ("text/html; charset=utf-8", (field / "shell.html").read_bytes())}
    pages["/field/sw.js"] = ("text/javascript", (field / "sw.js").read_bytes())
    for file in field.rglob("*"):
        if file.suffix in {".js", ".css"}:
            kind = guess_type(file.name)[0] or "text/javascript"
            pages[f"/static/field/{file.relative_to(field)}"] = (kind, file.read_bytes())
    return pages


def find_node() -> str:
    """The machine's, or the one that was installed beside our Python."""
    found = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert found
    return found


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def older(product: Server, former: Pages) -> Iterator[Older]:
    """A server of the older edition; without its pages it is the one of today."""
    pages = dict(former)
    with FaultProxy(urlsplit(product.url).port or 0, pages=pages) as proxy:
        yield proxy, pages


def edition(app: App) -> str:
    found: str = app.page.evaluate("document.querySelector(\"script[src*='/static/field/app-']\").src")
    return found


def test_a_new_version_comes_while_the_outbox_is_full(
    day: Day, older: Older, new_app: Opened, record_property: Record
) -> None:
    """Taken by a person, not over something half typed; what the older one wrote is sent and understood."""
    proxy, pages = older
    app = new_app(url=proxy.url)
    app.sign_in(day.member)
    app.enrol()
    app.open()
    before = edition(app)
    proxy.plan = Plan(1, [Fault.CUT_BEFORE_SEND], share=1, prefix=SYNC)
    seed, said = 301, taps(301, BROWSER_OPERATIONS)
    app.page.evaluate(TAPS, said)
    pages.clear()
    app.open()
    assert edition(app) == before
    app.page.wait_for_selector(".nf-update")
    app.go("case-open")
    app.page.wait_for_selector("#f-name")
    app.page.fill("#f-name", "Bà Đang Viết")
    app.page.check("#f-agreed")
    app.page.wait_for_selector(".nf-update", state="detached")
    assert app.page.input_value("#f-name") == "Bà Đang Viết"
    app.go("today")
    app.lies += app.page.evaluate("window.lies")
    app.page.click(".nf-update__use")
    app.type_pin()
    app.page.wait_for_selector("a.nf-button--large")
    assert edition(app) != before
    app.wait_for(lambda: str(BROWSER_OPERATIONS) in app.chip())
    proxy.plan = Plan(0)
    app.settle()
    versions = Receipt.objects.filter(device__member=day.member).values_list("version", flat=True)
    assert set(versions) == {1}
    verdict = verdict_of(app, day.member, said)
    app.help()
    app.settle()
    assert sessions_of(day.member) == BROWSER_OPERATIONS + 1
    tell = verdict.tell
    tell(record_property, half="browser", fault=Disaster.UPGRADED, operations=len(said), seed=seed)


def test_little_room_is_said_before_anything_is_written(
    day: Day, new_app: Opened, record_property: Record
) -> None:
    app = new_app()
    app.context.add_init_script(FEW)
    app.sign_in(day.member)
    app.enrol()
    app.offline()
    silent = 0
    for route in ("session", "case-open", f"visit/{day.visit}/result", f"class/{day.lesson}"):
        app.go(route)
        silent += app.page.locator(".nf-notice--warn:has-text('Sắp hết chỗ')").count() == 0
    seed, said = 302, taps(302, BROWSER_OPERATIONS)
    app.page.evaluate(TAPS, said)
    app.online()
    app.settle()
    verdict = verdict_of(app, day.member, said)
    verdict.silent += silent
    tell = verdict.tell
    tell(record_property, half="browser", fault=Disaster.STORAGE_LOW, operations=len(said), seed=seed)


def test_without_room_the_form_stays_and_says_so(day: Day, new_app: Opened) -> None:
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.begin()
    app.page.evaluate(FULL)
    app.tap("done")
    app.page.wait_for_selector(".nf-said")
    assert app.page.locator("#q-outcome").count() == 1
    app.page.evaluate("window.room()")
    app.tap("done")
    app.page.wait_for_selector("main[data-route='session/saved']")
    app.settle()
    assert sessions_of(day.member) == 1


@pytest.mark.parametrize("wrong", [-YEARS, YEARS], ids=["three years back", "three years ahead"])
def test_the_clock_is_wrong(wrong: timedelta, day: Day, new_app: Opened) -> None:
    """What is done is of today, whatever day the phone believes it is."""
    begun = clock.now() - timedelta(minutes=1)
    app = new_app()
    app.context.clock.set_system_time(datetime.now(UTC) + wrong)
    app.sign_in(day.member)
    app.enrol()
    app.offline()
    app.page.evaluate(TAPS, taps(1, 3))
    app.online()
    app.settle()
    rows = HelpSession.objects.filter(volunteer=day.member)
    assert [begun <= row.at <= clock.now() for row in rows] == [True] * 3


def test_two_people_on_one_phone(day: Day, new_app: Opened) -> None:
    """The second one sees nothing of the first, and loses nothing of theirs."""
    other = plan_day(new_member())
    app = new_app()
    app.shared = True
    app.sign_in(day.member)
    app.enrol()
    app.offline()
    app.page.evaluate(TAPS, taps(1, 3))
    app.close()
    app.online()
    app.page = app.context.new_page()
    app.page.goto(f"{app.url}/field/")
    app.page.click(".nf-who button")
    app.page.click("a[href='#/enrol']")
    app.page.click(".nf-action a[href^='/account/login/']")
    app.type_password(other.member)
    app.enrol(OTHER_PIN)
    app.go("cases")
    assert app.page.locator(f"a[href='#/case/{day.case}']").count() == 0
    app.page.evaluate(TAPS, taps(2, 2))
    app.settle()
    assert (sessions_of(day.member), sessions_of(other.member)) == (0, 2)
    app.close()
    app.page = app.context.new_page()
    app.page.goto(f"{app.url}/field/")
    for place in range(2):
        app.page.wait_for_selector(".nf-tile--sign")
        app.page.locator(".nf-tile--sign").nth(place).click()
        app.type_pin()
        app.page.wait_for_selector("a.nf-button--large, .nf-notice--bad")
        if app.page.locator("a.nf-button--large").count():
            break
        app.page.locator(".nf-who button").click()
    app.settle()
    assert (sessions_of(day.member), sessions_of(other.member)) == (3, 2)
