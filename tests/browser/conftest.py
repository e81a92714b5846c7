"""The product as people meet it: its own web server on a copy of the demo, seen through Chromium.

Nothing leaves this machine: the server listens on the loopback address, and Chromium is told to
look up no other name.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright
from pytest_django import DjangoDbBlocker

from config.serve import answers, web_command, worker_command
from nhipcau.cases.models import Case, HelpSession
from nhipcau.core import clock
from nhipcau.places.models import ServicePoint
from nhipcau.portal.services.demo_people import HOME_COMMUNE, LOGINS
from nhipcau.teams.models import Grant, Member, TeamMembership
from nhipcau.teams.services import make_sign_in_link
from tests import databases
from tests.browser.witness import BROWSERS, pytest_runtest_makereport
from tests.conftest import KEYS
from tests.factories.attendances import make_attendance
from tests.factories.classes import make_classes
from tests.factories.drafts import make_drafts
from tests.factories.help import make_help
from tests.factories.messages import make_messages
from tests.factories.national import national, take_in
from tests.factories.phones import make_waiting
from tests.factories.proposal_pages import make_proposals
from tests.factories.roster_pages import make_roster
from tests.factories.sign_ups import make_sign_ups
from tests.factories.visiting import make_visits
from tests.factories.volunteering import make_volunteering
from tests.servers import address_of, child, free_port, wait_until

__all__ = ["pytest_runtest_makereport"]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
SIGNED_IN_SECONDS = 300
PASSWORD = "cau-noi-nhip-cau"
ACCOUNTS = {
    "volunteer": "tinhnguyen",
    "leader": "doitruong",
    "official": "canbo",
    "coordinator": "dieuphoixa",
    "province": "dieuphoitinh",
    "nation": "quocgia",
    "administrator": "quantri",
}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


SHELL = "chromium-headless-shell"


def find_chromium(*, window: bool = False) -> str | None:
    """The program of the machine; nothing is downloaded. The one without a window opens a page in a quarter
    of the time, but has no camera, no notices and no profile on the disk (`window`)."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(
        (found for name in (names if window else (SHELL, *names)) if (found := shutil.which(name))), None
    )


def whole_chromium() -> str:
    """The one with a window. Without it the test is left out, and says so."""
    return find_chromium(window=True) or pytest.skip("no Chromium but the one without a window")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Chromium, and says so by name where there is none."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if find_chromium() is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium"))


@dataclass(frozen=True)
class Server:
    """Where the product answers, what it stores in, and ids of the demo's records for addresses."""

    url: str
    database: str
    environment: dict[str, str]
    samples: dict[str, str]

    def do_queued_work(self) -> None:
        """The background worker runs until nothing waits any more."""
        command = [*worker_command(), "--one-shot"]
        subprocess.run(command, cwd=databases.ROOT, env=self.environment, check=True, timeout=120)


@pytest.fixture(scope="session")
def server(
    demo_database: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The product on a free port, on a copy of the demo that is dropped at the end."""
    mine, port = f"nhipcau_browser_{os.getpid()}", free_port()
    url = f"http://127.0.0.1:{port}"
    with django_db_blocker.unblock():
        databases.copy(demo_database, mine)
        databases.switch(mine)
        samples = prepare()
        databases.switch("postgres")
    environment = {
        **os.environ,
        **KEYS,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": address_of(mine),
        "NHIPCAU_HOME": str(tmp_path_factory.mktemp("home")),
        "NHIPCAU_URL": url,
    }
    try:
        with child(web_command("127.0.0.1", port, 1), environment) as process:
            wait_until(lambda: answers("127.0.0.1", port), process)
            yield Server(url, mine, environment, samples)
    finally:
        with django_db_blocker.unblock():
            databases.drop(mine)


def prepare() -> dict[str, str]:
    """Gives the demo's people a password that this run knows; the ids that stand in addresses."""
    encoded = PBKDF2PasswordHasher().encode(PASSWORD, "saltsaltsaltsalt")
    names = [login.username for login in LOGINS]
    Member.objects.filter(username__in=names).update(password=encoded)
    volunteer = Member.objects.get(username=ACCOUNTS["volunteer"])
    # Nobody who signs in meanwhile: a link to begin with is spent by that.
    members = TeamMembership.objects.filter(team__commune=HOME_COMMUNE).exclude(member__username__in=names)
    membership = members.order_by("id")[0]
    invited = membership.member
    cases = Case.objects.filter(commune=HOME_COMMUNE).order_by("id")
    take_in([national()], now=clock.now())
    rostered = make_roster(membership.team, None, clock.now())
    return {
        "record": national()["code"],
        "team": str(membership.team_id),
        "membership": str(membership.pk),
        "member": str(invited.pk),
        "grant": str(Grant.objects.filter(member=invited).order_by("id")[0].pk),
        "start": make_sign_in_link(by=None, now=clock.now(), member=invited).rstrip("/").rsplit("/", 1)[-1],
        "point": str(ServicePoint.objects.filter(commune=HOME_COMMUNE).order_by("id")[0].pk),
        "session": own_session(volunteer),
        "case": str(cases.filter(state="submitted")[0].pk),
        "token": cases.filter(state="submitted")[0].token,
        "finished": cases.filter(state="closed_done")[0].token,
        **make_volunteering(
            volunteer=volunteer,
            coordinator=Member.objects.get(username=ACCOUNTS["coordinator"]),
            now=clock.now(),
        ),
        **make_waiting(volunteer=volunteer, now=clock.now()),
        **make_messages(volunteer.pk, clock.now()),
        **rostered,
        **make_proposals(membership.team, date.fromisoformat(rostered["shift_day"]), clock.now()),
        **make_sign_ups(
            rostered["post"],
            volunteer=volunteer,
            leader=Member.objects.get(username=ACCOUNTS["leader"]),
            now=clock.now(),
        ),
        **make_attendance(
            team=membership.team,
            volunteer=volunteer,
            leader=Member.objects.get(username=ACCOUNTS["coordinator"]),
            now=clock.now(),
        ),
        **make_visits(
            volunteer=volunteer,
            leader=Member.objects.get(username=ACCOUNTS["leader"]),
            now=clock.now(),
        ),
        **make_classes(
            leader=Member.objects.get(username=ACCOUNTS["leader"]), volunteer=volunteer, now=clock.now()
        ),
        **make_help(
            sender=membership.team,
            person=volunteer,
            leader=Member.objects.get(username=ACCOUNTS["leader"]),
            province=Member.objects.get(username=ACCOUNTS["province"]),
            now=clock.now(),
        ),
        **make_drafts(*(Member.objects.get(username=ACCOUNTS[part]) for part in ("official", "province"))),
    }


def own_session(volunteer: Member) -> str:
    """A session of the volunteer who signs in."""
    return str(HelpSession.objects.filter(volunteer=volunteer).order_by("id")[0].pk)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run. Playwright's loop would make Django refuse the database: allowed here."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(QUIET))
        BROWSERS.append(browser)
        yield browser
        BROWSERS.remove(browser)
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if before is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def signed_in(server: Server, chromium: Browser) -> Callable[[str], StorageState]:
    """The cookies of a role, signed in through the page not long ago."""
    known: dict[str, tuple[StorageState, float]] = {}

    def stands(role: str) -> bool:
        """A test may have ended every sign-in, or made it old; for the next one the password must have been
        typed minutes ago."""
        if role not in known or monotonic() - known[role][1] > SIGNED_IN_SECONDS:
            return False
        context = chromium.new_context(base_url=server.url, storage_state=known[role][0])
        found = context.request.get("/field/me").json()
        context.close()
        return bool(found["signed_in"] and found["fresh"])

    def state(role: str) -> StorageState:
        if not stands(role):
            context = chromium.new_context(base_url=server.url)
            sign_in(context, ACCOUNTS[role])
            context.add_cookies([{"name": "lang", "value": "vi", "url": server.url}])
            known[role] = context.storage_state(), monotonic()
            context.close()
        return known[role][0]

    return state


def sign_in(context: BrowserContext, username: str) -> None:
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/home/")


Opener = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def new_context(server: Server, chromium: Browser, signed_in: Callable[[str], StorageState]) -> Opener:
    """A browser of somebody's own: `role` empty for a person without an account. Who asks closes it."""

    def make(role: str = "", *, language: str = "vi", script: bool = True) -> BrowserContext:
        context = chromium.new_context(
            base_url=server.url,
            viewport=PHONE,
            java_script_enabled=script,
            storage_state=signed_in(role) if role else None,
        )
        context.add_cookies([{"name": "lang", "value": language, "url": server.url}])
        context.set_default_timeout(15_000)
        return context

    return make


@pytest.fixture
def open_context(new_context: Opener) -> Iterator[Opener]:
    """The same, closed at the end of the test."""
    opened: list[BrowserContext] = []

    def make(role: str = "", *, language: str = "vi", script: bool = True) -> BrowserContext:
        opened.append(new_context(role, language=language, script=script))
        return opened[-1]

    yield make
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def shared_page(new_context: Opener) -> Iterator[Callable[[str, str], Page]]:
    """A page that is kept for each role and language: for tests that only look."""
    opened: dict[tuple[str, str], Page] = {}

    def make(role: str, language: str) -> Page:
        if (role, language) not in opened:
            opened[role, language] = new_context(role, language=language).new_page()
        return opened[role, language]

    yield make
    for page in opened.values():
        page.context.close()
