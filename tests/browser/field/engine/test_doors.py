"""Doors that close while there is work on the phone: it is kept, whoever has to act first."""

from datetime import timedelta

import pytest

from nhipcau.core import clock
from nhipcau.devices.models import Device
from nhipcau.teams.models import Member
from tests.browser.field.conftest import let_sign_ins_grow_old
from tests.faults.plan import Fault, Plan
from tests.faults.proxy import FaultProxy

from .conftest import PACE, PIN, Phone, in_books
from .model import sessions


@pytest.mark.parametrize(
    ("change", "problem", "sealed"),
    [
        ({"revoked_at": "2020-01-01T00:00:00Z"}, "revoked", "revoked"),
        ({"lease_until": "2020-01-01T00:00:00Z"}, "lease_ended", "lease_ended"),
    ],
    ids=["revoked", "lease ended"],
)
def test_a_door_that_closes_seals_the_store_and_keeps_the_work(
    phone: Phone, change: dict[str, str], problem: str, sealed: str
) -> None:
    phone.type_password()
    phone.enrol()
    phone.settle()
    Device.objects.filter(pk=phone.device).update(**change)
    steps = sessions(5)
    phone.ask("run", steps[:1])
    phone.wait_for(lambda state: state["problem"] == problem and state["phase"] == "idle")
    (entry,) = phone.ask("devices")
    assert (entry["state"], entry["waiting"]) == (sealed, 1)
    with pytest.raises(Exception, match=f"store.{sealed}"):
        phone.open()
    if problem == "revoked":
        assert phone.ask("renew", phone.device) == "refused"
        Device.objects.filter(pk=phone.device).update(revoked_at=None)
    assert phone.ask("renew", phone.device) == "ok"
    phone.open()
    assert phone.settle()["summary"] == "all_sent"
    assert in_books(phone, steps[:1])
    assert phone.ask("list", "guide")


def test_a_closed_account_seals_the_store_and_keeps_the_work(phone: Phone) -> None:
    phone.enrol()
    phone.settle()
    Member.objects.filter(pk=phone.member.pk).update(is_active=False)
    phone.ask("run", sessions(1))
    phone.wait_for(lambda state: state["problem"] == "closed")
    (entry,) = phone.ask("devices")
    assert (entry["state"], entry["waiting"]) == ("revoked", 1)


def test_an_old_session_of_the_browser_renews_nothing(phone: Phone) -> None:
    """Whoever holds the phone holds that session: without the password it gives no more tries at the PIN."""
    phone.enrol()
    phone.settle()
    let_sign_ins_grow_old()
    Device.objects.filter(pk=phone.device).update(enrolled_at=clock.now() - timedelta(hours=1))
    assert phone.ask("renew", phone.device) == "sign_in_again"
    phone.type_password()
    assert phone.ask("renew", phone.device) == "ok"


def test_a_token_that_was_exchanged_is_renewed_without_a_person(phone: Phone) -> None:
    phone.type_password()
    phone.enrol()
    phone.settle()
    phone.exchange_token()
    steps = sessions(5)
    phone.ask("run", steps)
    assert phone.settle()["summary"] == "all_sent"
    assert in_books(phone, steps)


def test_without_a_session_the_phone_asks_for_a_sign_in_and_loses_nothing(phone: Phone) -> None:
    phone.type_password()
    phone.enrol()
    phone.settle()
    assert phone.has_its_guides()
    phone.exchange_token()
    cookies = phone.context.cookies()
    phone.context.clear_cookies()
    steps = sessions(5)
    phone.ask("run", steps)
    state = phone.wait_for(lambda state: state["problem"] == "sign_in" and state["waiting"] > 0)
    assert (state["waiting"], state["summary"]) == (5, "not_sent")
    assert phone.ask("list", "guide")
    phone.context.add_cookies(cookies)  # type: ignore[arg-type]  # what `cookies` gives, `add_cookies` takes
    assert phone.settle()["summary"] == "all_sent"
    assert in_books(phone, steps)


def test_a_csrf_token_that_changed_is_fetched_again(phone: Phone) -> None:
    phone.device = phone.ask("enrol", PIN, "x" * 64)
    phone.ask("start", PACE)
    assert phone.settle()["summary"] == "all_sent"


@pytest.mark.parametrize(
    "fault",
    [Fault.ANSWER_LOST, Fault.CUT_ANSWER, Fault.ANSWER_502, Fault.TWICE_AT_ONCE],
    ids=lambda fault: fault.name.lower(),
)
def test_an_enrolment_under_faults_makes_one_device(phone: Phone, proxy: FaultProxy, fault: Fault) -> None:
    count = Device.objects.count()
    proxy.plan = Plan(1, [fault], share=1, prefix="/field/devices", most=2)
    phone.enrol()
    assert phone.settle()["summary"] == "all_sent"
    assert Device.objects.count() == count + 1
    assert proxy.count()[fault] > 0
