"""A clock that was wrong when the server was met, and is put right: the lease goes on, and gains nothing."""

import pytest

from .conftest import PIN, Phone
from .test_store import DAY, FILL, YEAR, pack_rows


def met_by_a_phone_that_is_slow(phone: Phone, days: float) -> str:
    """Its lease of seven days runs by a clock so many days behind."""
    phone.shift(wall=-days * DAY)
    return phone.enrol(days=7)


def days_left(phone: Phone, device: str) -> float:
    left: float = phone.tick(device)["leaseLeft"] / 60e3 / DAY
    return left


@pytest.mark.parametrize("slow", [3, 20, 3 * 365])
def test_a_slow_clock_put_right_costs_nothing(phone: Phone, slow: float) -> None:
    device = met_by_a_phone_that_is_slow(phone, slow)
    phone.run(FILL, device, "kept")
    other = phone.tab()
    phone.run(
        "Object.assign(nc.shift, a[1]); await nc.tick(a[0])", device, {"now": -slow * DAY * 60e3}, page=other
    )
    phone.shift()
    assert phone.tick(device)["offset"] == 0
    assert days_left(phone, device) == pytest.approx(7, abs=0.01)
    assert pack_rows(phone, device) > 0
    assert phone.run("nc.shift.now = 0; return nc.tick(a[0])", device, page=other)["state"] == "open"
    phone.reload()
    phone.shift(wall=6 * DAY)
    assert phone.unlock(device, PIN) == {"ok": device}
    phone.shift(wall=7 * DAY + 1)
    assert phone.tick(device)["state"] == "lease_ended"


def test_put_right_while_the_app_was_shut_it_opens_too(phone: Phone) -> None:
    device = met_by_a_phone_that_is_slow(phone, 20)
    phone.reload()
    phone.shift(wall=3 * DAY)
    assert phone.unlock(device, PIN) == {"ok": device}
    assert days_left(phone, device) == pytest.approx(4, abs=0.01)


def test_what_has_passed_is_not_given_back(phone: Phone) -> None:
    """Five days of seven are over; then the clock is set to the second day of them, by the server's time."""
    device = met_by_a_phone_that_is_slow(phone, 20)
    phone.shift(wall=-15 * DAY)
    assert days_left(phone, device) == pytest.approx(2, abs=0.01)
    phone.shift(wall=2 * DAY)
    assert phone.tick(device)["state"] == "lease_ended"


def test_a_clock_set_to_and_fro_prolongs_nothing(phone: Phone) -> None:
    device = met_by_a_phone_that_is_slow(phone, 20)
    before = 7.0
    for wall in (-15, 5, -15, 5.5, -20, 6, 5):
        phone.shift(wall=wall * DAY)
        left = days_left(phone, device)
        assert left <= before
        before = left
    assert before == pytest.approx(1, abs=0.01)
    phone.shift(wall=-20 * DAY, running=DAY + 1)
    assert phone.tick(device)["state"] == "lease_ended"


def test_taken_for_right_it_is_so_once_only(phone: Phone) -> None:
    device = met_by_a_phone_that_is_slow(phone, 20)
    phone.shift()
    assert phone.tick(device)["state"] == "open"
    phone.shift(wall=20 * DAY)
    assert phone.tick(device)["state"] == "lease_ended"


def test_a_phone_that_lay_switched_off_was_not_put_right(phone: Phone) -> None:
    """A day slow, and shut for two: that is not the clock put right by one."""
    device = met_by_a_phone_that_is_slow(phone, 1)
    phone.reload()
    phone.shift(wall=DAY)
    assert days_left(phone, device) == pytest.approx(5, abs=0.01)


def test_a_fast_clock_put_right_does_not_let_the_lease_stand_still(phone: Phone) -> None:
    phone.shift(wall=3 * YEAR)
    device = phone.enrol(days=2)
    other = phone.tab()
    phone.run("nc.shift.now = a[1]; await nc.tick(a[0])", device, 3 * YEAR * 60e3, page=other)
    phone.shift()
    assert days_left(phone, device) == pytest.approx(2, abs=0.01)
    assert phone.run("nc.shift.now = 0; return nc.tick(a[0])", device, page=other)["state"] == "open"
    phone.reload()
    phone.shift(wall=2 * DAY + 1)
    assert phone.tick(device)["state"] == "lease_ended"
