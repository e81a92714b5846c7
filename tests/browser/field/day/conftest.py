"""A volunteer with a day before them, and their phone with the real app, at the real product."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from nhipcau.attendance.rules.codes import typed_at
from nhipcau.cases import services as cases
from nhipcau.citizens.services import GivenConsent
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.portal.services.demo_people import HOME_COMMUNE
from nhipcau.shifts.models import Shift
from nhipcau.signups.models import SignUp
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.browser.conftest import ACCOUNTS, PASSWORD, PHONE, Server
from tests.browser.field.conftest import PIN
from tests.browser.field.people import new_member
from tests.browser.field.touching import touch
from tests.factories.classes import make_class
from tests.factories.field_plans import plan_at_home, plan_shift

HOUR = timedelta(hours=1)
CHIP = ".nf-chip span"
SECONDS = 30
# Each time the page says that all is sent, the store is counted in the same moment.
WATCH = """(() => {
  const all = ["Đã gửi hết", "All sent", "ส่งครบแล้ว"];
  window.lies = [];
  const count = async (name, store, index, key) => {
    const db = await new Promise((resolve, reject) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    const held = db.transaction(store).objectStore(store);
    const asked = (index ? held.index(index) : held).count(key);
    const found = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
    db.close();
    return found;
  };
  const said = () => all.includes(document.querySelector(".nf-chip span")?.textContent);
  const look = async () => {
    if (!said()) return;
    for (const { name } of await indexedDB.databases()) {
      if (!name.startsWith("nhipcau-")) continue;
      const open = await count(name, "drawer", "state", "open");
      // What was chosen already needs nobody: the choice was sent, and what comes of it is on its way.
      const chosen = await count(name, "meta", "", IDBKeyRange.bound("draft/answer/", "draft/answer0"));
      const left = (await count(name, "outbox")) + Math.max(0, open - chosen);
      if (left > 0 && said()) window.lies.push(left);
    }
  };
  const all_of_it = {subtree: true, childList: true, characterData: true};
  new MutationObserver(() => void look()).observe(document, all_of_it);
})()"""


@dataclass(frozen=True)
class Day:
    """Who works, and the ids of what is planned."""

    member: Member
    shift: Shift
    visit: str
    lesson: str
    case: str

    def code(self) -> str:
        """What the screen of the post shows now, for who cannot scan it."""
        return typed_at(self.shift.post_id, clock.now())


def plan_day(member: Member) -> Day:
    """A shift, a visit and a class that are on now, and a case that is theirs."""
    now = clock.now()
    midnight, next_midnight = clock.day_bounds(clock.local_date(now))
    leader = Member.objects.get(username=ACCOUNTS["leader"])
    return Day(
        member,
        plan_shift(member, now),
        plan_at_home(leader, member, now, min(now + HOUR, next_midnight - timedelta(seconds=1))),
        str(
            make_class(leader, member, now=now, starts_at=max(now - HOUR, midnight), commune=HOME_COMMUNE).pk
        ),
        open_case(member, now),
    )


def open_case(member: Member, now: datetime) -> str:
    case = cases.OpenCase(
        id=new_id(), commune=HOME_COMMUNE, name="Bà Hồ Sơ Cũ", phone="", topic="vneid", keep_months=6,
        consent=GivenConsent("follow_up", "spoken_witnessed", "vi"), helping_language="vi",
    )  # fmt: skip
    cases.open_case(case=case, by=actor_of(member, now), now=now)
    return str(case.id)


@dataclass
class App:
    """The app on one phone, as a person sees it. Tabs come and go; what is kept stays."""

    context: BrowserContext
    url: str
    page: Page
    lies: list[int] = field(default_factory=list)
    # What waits in the store of another person is not this one's.
    shared: bool = False

    def sign_in(self, member: Member) -> None:
        self.page.goto(f"{self.url}/account/login/?next=/field/")
        self.type_password(member)

    def type_password(self, member: Member) -> None:
        page = self.page
        page.fill("input[name=login]", member.username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/account/" not in url)

    def enrol(self, pin: str = PIN) -> None:
        """Told what is kept, the PIN twice; then the pack arrives and the worker stands."""
        self.page.click("button.nf-button:has-text('PIN')")
        self.type_pin(pin)
        self.page.wait_for_selector("h1:has-text('lại'), h1:has-text('again'), h1:has-text('อีก')")
        self.type_pin(pin)
        self.page.wait_for_selector("a.nf-button--large")
        for kind in ("shift", "visit", "class"):
            self.page.wait_for_selector(f"a.nf-row[href^='#/{kind}/']")
        self.page.wait_for_selector("a.nf-row[href='#/cases'] span:has-text('1')")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def type_pin(self, pin: str = PIN) -> None:
        self.page.wait_for_selector(".nf-pad")
        for digit in pin:
            self.page.click(f".nf-pad__key[data-digit='{digit}']")
        self.page.click(".nf-pad__key--ok")

    def open(self, pin: str = PIN) -> None:
        """Again, from the cache of the phone if need be."""
        self.page.goto(f"{self.url}/field/")
        self.type_pin(pin)
        self.page.wait_for_selector("a.nf-button--large")

    def close(self) -> None:
        with contextlib.suppress(Error):
            self.lies += self.page.evaluate("window.lies")
        self.page.close()

    def kill(self) -> None:
        """The process of the page ends in the middle of whatever it does."""
        with contextlib.suppress(Error):
            self.lies += self.page.evaluate("window.lies")
        with contextlib.suppress(Error):
            self.page.goto("chrome://crash", timeout=5_000)
        self.page.close()
        self.page = self.context.new_page()

    def go(self, route: str) -> None:
        self.page.evaluate("route => { location.hash = '#/' + route }", route)
        self.page.wait_for_selector(f"main[data-route='{route}']")

    def tap(self, value: str) -> None:
        touch(self.page.locator(f".nf-tile[data-value='{value}']").first)

    def act(self) -> None:
        """The one button under the thumb."""
        self.page.click(".nf-action button")

    def begin(self, need: str = "topic:vneid", alone: str = "half") -> None:
        """Two of the three taps."""
        self.go("session")
        self.tap(need)
        self.page.wait_for_selector("#q-alone")
        self.tap(alone)
        self.page.wait_for_selector("#q-outcome")

    def help(self, need: str = "topic:vneid", alone: str = "half", outcome: str = "done") -> None:
        self.begin(need, alone)
        self.tap(outcome)
        self.page.wait_for_selector("main[data-route='session/saved']")

    def chip(self) -> str:
        return self.page.locator(CHIP).first.inner_text()

    def online(self) -> None:
        self.context.set_offline(False)

    def offline(self) -> None:
        self.context.set_offline(True)

    def send(self) -> None:
        self.go("status")
        self.act()

    def wait_for(self, ready: Callable[[], Any]) -> None:
        until = monotonic() + SECONDS
        while not ready():
            assert monotonic() < until, self.page.locator("body").inner_text()
            sleep(0.1)

    def settle(self, text: str = "Đã gửi hết") -> None:
        """Sends by hand, until the phone says so; it never said so while something waited."""
        self.send()
        self.wait_for(lambda: self.chip() == text)
        assert self.shared or [*self.lies, *self.page.evaluate("window.lies")] == []


Opened = Callable[..., App]


@pytest.fixture
def new_app(product: Server, chromium: Browser) -> Iterator[Opened]:
    """A phone in somebody's hand. `url`: another way to the product."""
    opened: list[BrowserContext] = []

    def make(language: str = "vi", url: str = "") -> App:
        context = chromium.new_context(viewport=PHONE, has_touch=True)
        context.set_default_timeout(SECONDS * 1000)
        address = url or product.url
        context.add_cookies([{"name": "lang", "value": language, "url": address}])
        context.add_init_script(WATCH)
        context.add_init_script(
            f"localStorage.getItem('nhipcau.language')"
            f" ?? localStorage.setItem('nhipcau.language', '{language}')"
        )
        opened.append(context)
        return App(context, address, context.new_page())

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def day(product: Server) -> Day:
    return plan_day(new_member())


def signed_up(day: Day) -> SignUp:
    return SignUp.objects.get(shift=day.shift, member=day.member)
