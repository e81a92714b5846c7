"""Two phones on one case, two people on one phone: each keeps what it said, nobody loses the other's."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from nhipcau.cases import services as cases
from nhipcau.cases.models import Case, CaseEvent
from nhipcau.citizens.services import GivenConsent
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.portal.services.demo_people import HOME_COMMUNE
from nhipcau.sync.models import Conflict
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import Role
from nhipcau.teams.models import Member
from tests.browser.conftest import Opener
from tests.faults.plan import EVERY_FAULT, Disaster, Plan
from tests.faults.proxy import FaultProxy
from tests.faults.verdict import BROWSER_OPERATIONS, Record, Verdict

from .conftest import SYNC, Book, Phone, hand_over
from .judging import outcome
from .model import make_day

PAGE_OF_DAYS = 25


@pytest.fixture
def other(proxy: FaultProxy, open_context: Opener) -> Phone:
    """The leader's phone."""
    return hand_over(open_context, proxy.url, Role.TEAM_LEADER)


def make_case(member: Member) -> str:
    """The volunteer's; the leader may change it too."""
    now = clock.now()
    case = cases.OpenCase(
        id=new_id(), commune=HOME_COMMUNE, name="Bà Hai Máy", phone="", topic="vneid", keep_months=6,
        consent=GivenConsent("follow_up", "spoken_witnessed", "vi"), helping_language="vi",
    )  # fmt: skip
    cases.open_case(case=case, by=actor_of(member, now), now=now)
    return str(case.id)


def changes(case: str, dice: Random, count: int) -> list[dict[str, Any]]:
    """Notes, and days to look at it again; the phone saw none of the other's."""
    seen: str | None = None
    steps: list[dict[str, Any]] = []
    for number in range(count):
        if dice.random() < 0.6:
            data = {"case": case, "note": f"Dòng {number} chữ {dice.randint(100, 999)}"}
            steps.append({"do": "add", "name": "cases.note", "data": data})
        else:
            day = (clock.now() + timedelta(days=dice.randint(1, PAGE_OF_DAYS))).date().isoformat()
            step = {"do": "add", "name": "cases.change", "data": {"case": case, "set": {"due_on": day}}}
            steps.append({**step, "base": {"due_on": seen}})
            seen = day
    return steps


def test_two_devices_change_one_case(
    phone: Phone, other: Phone, proxy: FaultProxy, record_property: Record
) -> None:
    """Every note stands once; a day stands, or a person is asked about it. None is passed over."""
    seed, case = 201, make_case(phone.member)
    dice = Random(seed)
    half = BROWSER_OPERATIONS // 2
    plans = [(each, changes(case, dice, half)) for each in (phone, other)]
    proxy.plan = Plan(seed, EVERY_FAULT, share=0.3, prefix=SYNC)
    for each, steps in plans:
        each.enrol()
        each.ask("begin", steps)
    ids = [each.ask("finished") for each, _steps in plans]
    proxy.plan = Plan(0)
    verdict = Verdict()
    said: Counter[str] = Counter()
    days = set()
    for (each, steps), made in zip(plans, ids, strict=True):
        each.settle()
        receipts = Book(each.device).receipts()
        local = [item for item in each.ask("drawer") if item["state"] == "open"]
        drawer = {item["command"]["id"] for item in local}
        asked = {key for key, result in receipts.items() if result == "needs_person"}
        rows = Conflict.objects.filter(device_id=each.device).values_list("command", flat=True)
        verdict += Verdict(
            lost=len(set(made) - set(receipts) - drawer),
            silent=len({str(key) for key in rows} ^ asked) + len(asked - drawer) + len(each.lies),
        )
        for step, key in zip(steps, made, strict=True):
            if receipts.get(key) in {"applied", "merged", "already_applied"}:
                if "note" in step["data"]:
                    said[step["data"]["note"]] += 1
                else:
                    days.add(step["data"]["set"]["due_on"])
            elif "note" in step["data"] and not local:
                verdict.silent += 1
    written = Counter(CaseEvent.objects.filter(case_id=case, kind="note").values_list("note", flat=True))
    due = Case.objects.get(pk=case).due_on
    verdict += Verdict(
        lost=(said - written).total(),
        doubled=(written - said).total(),
        silent=int(due is not None and due.isoformat() not in days),
    )
    tell = verdict.tell
    tell(record_property, half="browser", fault=Disaster.TWO_DEVICES, operations=half * 2, seed=seed)


def test_two_people_share_one_phone(
    phone: Phone, proxy: FaultProxy, open_context: Opener, record_property: Record
) -> None:
    """Each with a store and a PIN of their own; what one says never goes out in the name of the other."""
    seed, half = 202, BROWSER_OPERATIONS // 2
    stranger = hand_over(open_context, proxy.url)
    mine, theirs = make_day(phone.member, seed, half), make_day(stranger.member, seed + 1, half)
    proxy.plan = Plan(seed, EVERY_FAULT, share=0.3, prefix=SYNC)
    phone.enrol()
    phone.ask("begin", mine.steps)
    cookies = stranger.context.cookies()
    second = Phone(phone.context, phone.url, phone.page, stranger.member)
    ids = phone.ask("finished")
    phone.page = phone.tab()
    second.context.clear_cookies()
    second.context.add_cookies(cookies)  # type: ignore[arg-type]  # what `cookies` gives, `add_cookies` takes
    second.page = second.tab()
    second.enrol()
    more = second.ask("run", theirs.steps)
    with pytest.raises(Exception, match="store\\."):
        phone.ask("unlock", phone.device, "915603")
    phone.open()
    proxy.plan = Plan(0)
    verdict = outcome(phone, mine, ids)
    verdict += outcome(second, theirs, more)
    tell = verdict.tell
    tell(record_property, half="browser", fault=Disaster.TWO_USERS, operations=half * 2, seed=seed)
