"""What was settled stays readable for 92 days by the server's time, whatever the phone's clock says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .conftest import PIN, Phone, lease_answer
from .test_store import YEAR

# One put away, one sent anew, one left open; then what was sent anew waits, and a note that waits for it.
SETTLED = """
  const {outbox} = nc.of(a[0]);
  const [away, before, open] = await nc.addNotes(a[0], ["away", "before", "open"]);
  await outbox.settle(nc.receipts([away, before, open], "refused"));
  await outbox.putAway(away);
  const instead = await outbox.add("cases.note", nc.note("instead"), {replaces: before});
  return {away, before, open, instead};
"""
IN_THE_DRAWER = """
  const items = await nc.of(a[0]).outbox.drawer();
  return Object.fromEntries(items.map(({command, state}) => [command.id, state]));
"""
NOTE_THAT_NEEDS = "return nc.of(a[0]).outbox.add('cases.note', nc.note('later'), {needs: [a[1]]})"
MEET = "await nc.extendLease(a[0], a[1])"


def opened_anew(phone: Phone, device: str) -> dict[str, Any]:
    assert phone.unlock(device, PIN) == {"ok": device}
    found: dict[str, Any] = phone.run(IN_THE_DRAWER, device)
    return found


@pytest.mark.parametrize(("wall", "met"), [(-3 * YEAR, False), (-3 * YEAR, True), (3 * YEAR, True)])
def test_a_clock_years_off_at_one_start_takes_nothing_away(phone: Phone, wall: float, met: bool) -> None:
    device = phone.enrol()
    ids = phone.run(SETTLED, device)
    phone.shift(wall=wall)
    if met:
        phone.run(MEET, device, lease_answer())
    kept = {ids["away"]: "away", ids["before"]: "replaced", ids["open"]: "open"}
    assert opened_anew(phone, device) == kept
    phone.shift()
    assert opened_anew(phone, device) == kept


def test_what_came_by_a_clock_years_slow_is_kept_once_that_is_put_right(phone: Phone) -> None:
    phone.shift(wall=-3 * YEAR)
    device = phone.enrol()
    ids = phone.run(SETTLED, device)
    phone.shift()
    assert opened_anew(phone, device).keys() == {ids["away"], ids["before"], ids["open"]}


def after(days: int) -> dict[str, str]:
    return lease_answer(at=datetime.now(UTC) + timedelta(days=days))


def test_what_was_settled_long_ago_goes_and_what_needs_a_person_stays(phone: Phone) -> None:
    device = phone.enrol()
    ids = phone.run(SETTLED, device)
    phone.run(MEET, device, after(91))
    assert len(opened_anew(phone, device)) == 3
    phone.run(MEET, device, after(93))
    assert opened_anew(phone, device) == {ids["open"]: "open"}


def test_what_something_waiting_belongs_to_stays(phone: Phone) -> None:
    """Sent anew twice: by the first one and those in its place it is known what became of it."""
    device = phone.enrol()
    ids = phone.run(SETTLED, device)
    later = phone.run(NOTE_THAT_NEEDS, device, ids["before"])
    last = phone.run(
        """const {outbox} = nc.of(a[0]);
        await outbox.settle(nc.receipts([a[1]], "refused"));
        return outbox.add("cases.note", nc.note("last"), {replaces: a[1]})""",
        device,
        ids["instead"],
    )
    phone.run(MEET, device, after(93))
    kept = {ids["before"]: "replaced", ids["instead"]: "replaced", ids["open"]: "open"}
    assert opened_anew(phone, device) == kept
    in_vain = "return nc.of(a[0]).outbox.waitingInVain(new Set([a[1]]))"
    assert phone.run(in_vain, device, later) == []
    phone.run("await nc.of(a[0]).outbox.settle(nc.receipts([a[1]], 'applied'))", device, last)
    assert phone.run(in_vain, device, later) == [later], "nothing that it waits for is coming any more"


def test_what_was_sent_anew_is_on_its_way_though_the_lease_took_the_matter_itself(phone: Phone) -> None:
    device = phone.enrol()
    ids = phone.run(SETTLED, device)
    later = phone.run(NOTE_THAT_NEEDS, device, ids["before"])
    phone.run("await nc.endLease(a[0], 'lease_ended')", device)
    phone.renew(device)
    assert opened_anew(phone, device) == {ids["open"]: "open"}
    in_vain = "return nc.of(a[0]).outbox.waitingInVain(new Set([a[1]]))"
    assert phone.run(in_vain, device, later) == []
