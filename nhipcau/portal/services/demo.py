"""Loads Lâm Đồng, 1–6 July 2025: its real units, invented people, sessions that are counted, and rosters.

Everything goes through the services other rooms offer for many rows at once; a fixed seed makes the
same programme every time. All names are plainly fictional (everybody is called Mẫu, "sample") and
phone numbers start with 0600, a prefix no network uses.
"""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.cases import services as cases
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.places.models import Unit
from nhipcau.portal.services.demo_cases import make_cases
from nhipcau.portal.services.demo_classes import make_classes
from nhipcau.portal.services.demo_help import make_exceptions
from nhipcau.portal.services.demo_people import LOGINS, PROVINCE, Crew, make_crews
from nhipcau.portal.services.demo_rosters import BACK, make_rosters
from nhipcau.portal.services.demo_sessions import make_sessions
from nhipcau.portal.services.demo_visits import make_visits
from nhipcau.reports import services as reports
from nhipcau.teams.models import Team

SEED = 20250701
FIRST_DAY, AFTER_LAST_DAY = date(2025, 7, 1), date(2025, 7, 7)
BATCH = 4000
Progress = Callable[[str, int, int], None]


class UnableToLoadDemo(UnableTo):
    """The database is in use, or lacks the reference data."""

    code = "portal.no_demo"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made, as the services counted it."""

    communes: int
    teams: int
    members: int
    sessions: int
    cases: int
    shifts: int
    sign_ups: int


def load_demo(*, now: datetime, progress: Progress) -> Loaded:
    """Fills an empty database, in one transaction; `progress(what, done, of)` tells how far it is.

    Raises `UnableToLoadDemo` when there are teams already: the demo never mixes with real work.
    """
    units = list(Unit.objects.filter(parent_id=PROVINCE).order_by("code"))
    if not units:
        raise UnableToLoadDemo(_("The reference data is missing. Run “nhipcau places load” first."))
    if Team.objects.exists():
        raise UnableToLoadDemo(_("There are teams in this database already. The demo needs an empty one."))
    random = Random(SEED)  # noqa: S311 - a repeatable demo, not a secret
    passwords = _passwords()
    with unit_of_work(by=None, now=now):
        crews = make_crews(units, random, passwords, lambda done, of: progress("teams", done, of))
        sessions = make_sessions(crews, random)
        for start in range(0, len(sessions), BATCH):
            cases.record_sessions_in_bulk(sessions=sessions[start : start + BATCH], by=None, now=now)
            progress("sessions", min(start + BATCH, len(sessions)), len(sessions))
        followed = make_cases(crews, sessions, random)
        for start in range(0, len(followed), BATCH // 8):
            cases.open_cases_in_bulk(cases=followed[start : start + BATCH // 8], by=None, now=now)
            progress("cases", min(start + BATCH // 8, len(followed)), len(followed))
        rosters = make_rosters(crews, now=now, progress=lambda done, of: progress("rosters", done, of))
        make_exceptions(crews, rosters.short, now=now)
        make_classes(crews, now=now)
        make_visits(crews, now=now)
        today = local_date(now)
        for first, after in ((FIRST_DAY, AFTER_LAST_DAY), (today - BACK, today + timedelta(days=1))):
            reports.rebuild_facts(start=first, end=after, now=now)
        progress("figures", 1, 1)
    return Loaded(
        communes=len(units),
        teams=len(crews),
        members=_size(crews),
        sessions=len(sessions),
        cases=len(followed),
        shifts=rosters.shifts,
        sign_ups=rosters.sign_ups,
    )


def _size(crews: list[Crew]) -> int:
    return sum(len(crew.members) for crew in crews)


def _store() -> Path:
    return Path(settings.HOME) / "demo-logins.json"


def _passwords() -> dict[str, str]:
    """A password for each demo login, made once for an installation: a known one would be an open door."""
    store = _store()
    if store.is_file():
        found: dict[str, str] = json.loads(store.read_text())
        return found
    made = {login.username: "-".join(secrets.choice(_WORDS) for _step in range(4)) for login in LOGINS}
    store.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(store, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        json.dump(made, stream)
    return made


# Plain syllables that are easy to type on any keyboard: 60^4 (1.3e7) passwords behind a rate limit.
_WORDS = (
    "an", "bay", "cam", "dao", "em", "gio", "hoa", "mai", "lan", "mua", "nang", "ngan", "nha", "nui",
    "rung", "sao", "sen", "song", "suoi", "tam", "tre", "trang", "tho", "vang", "xanh", "que", "cau", "ben",
    "bien", "bo", "bong", "buom", "canh", "chim", "co", "dat", "dem", "den", "doi", "dong", "duong", "hong",
    "huong", "khe", "lang", "lua", "may", "mit", "nam", "nep", "ong", "quyt", "rau", "ruong", "tau", "than",
    "thong", "thu", "tom", "voi", "xuan",
)  # fmt: skip


def demo_logins() -> list[tuple[str, str, str]]:
    """(who, user name, password) of the demo's logins; empty when no demo was loaded here."""
    store = _store()
    if not store.is_file():
        return []
    passwords = json.loads(store.read_text())
    return [(str(login.who), login.username, passwords[login.username]) for login in LOGINS]
