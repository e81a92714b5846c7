"""What lies on a phone says nothing to whoever finds it, and opens to its owner's PIN alone."""

import base64
from typing import Any

import pytest

from .conftest import OTHER_PIN, PIN, Phone, lease_answer

WRONG = "111222"
SECRET = "Nguyễn Thị Bí Mật 0912345678"
NAME = "Hà Văn Kín"
DAY = 24 * 60
YEAR = 365 * DAY
# Holds every attempt in the middle: after it was counted, before it is made.
HOLD = "crypto.subtle.deriveBits = () => new Promise(() => undefined);"
SPENT = """
  while ((await nc.record(a[0])).triesLeft > a[1]) await new Promise((on) => setTimeout(on, 10));
"""
FILL = """
  const {outbox, pack} = nc.of(a[0]);
  const [one, two] = await nc.addNotes(a[0], [a[1], a[1]]);
  await outbox.settle([{id: two, result: "refused", code: "x", words: a[1], about: null}]);
  await pack.apply({epoch: "e", next: 2, more: false, items: [
    {seq: 1, kind: "me", id: "me", body: {id: "m", name: a[1]}},
    {seq: 2, kind: "case", id: "c1", body: {id: "c1", name: a[1], phone: a[1]}}]}, {epoch: "", after: 0});
  await outbox.add("cases.note", {case: one, note: a[1]}, {replaces: two});
"""


def fails(phone: Phone, device: str, times: int) -> list[str]:
    """The codes of so many wrong tries, each after its wait."""
    codes = []
    for _ in range(times):
        left = phone.tick(device)["waitLeft"] / 60e3
        phone.run("nc.shift.running += a[0] * 60e3", left)
        codes.append(phone.unlock(device, WRONG)["code"])
    return codes


def pack_rows(phone: Phone, device: str) -> int:
    return len(phone.run("return nc.rows(`nhipcau-${a[0]}`, 'pack')", device))


def test_nothing_of_a_person_lies_on_the_phone_in_clear(phone: Phone) -> None:
    device = phone.enrol(name=NAME)
    phone.run(FILL, device, SECRET)
    token = phone.run("return nc.credentials(nc.of(a[0]).vault).token()", device)
    assert len(token) > 20
    kept = phone.run("return nc.dump()")
    words = ["Nguyễn", "0912345678", "Văn Kín", token, PIN, "Th\\u1ecb", "cases.note", '"name"', "refused"]
    found = [word for word in words if word in kept]
    assert found == []
    assert "extractable true" not in kept
    assert "extractable false" in kept
    # To try all PINs on a stolen phone takes days.
    assert phone.record(device)["iterations"] == 600_000


def test_the_look_for_clear_text_finds_it_in_any_shape(phone: Phone) -> None:
    """The dump of the test above would show what it looks for."""
    phone.enrol()
    for made in (
        "new TextEncoder().encode(a[0]).buffer",
        "Uint16Array.from(a[0], (letter) => letter.charCodeAt(0))",
        "{deep: [a[0]]}",
    ):
        script = f"""
          const request = indexedDB.open("control", 1);
          request.onupgradeneeded = () => request.result.createObjectStore("box");
          const db = await nc.done(request);
          await nc.done(db.transaction("box", "readwrite").objectStore("box").put({made}, 1));
          db.close();
          return nc.dump();"""
        assert SECRET in phone.run(script, SECRET)
        phone.run("await nc.done(indexedDB.deleteDatabase('control'))")


def test_the_data_key_cannot_be_taken_out_nor_used_after_locking(phone: Phone) -> None:
    device = phone.enrol()
    first = phone.run(
        "return nc.of(a[0]).vault.seal('outbox/1', {x: 1}).then(s => new Uint8Array(s.box).length)", device
    )
    assert first == 64 + 16, "the length of a short text is hidden"
    kinds = phone.run("return Object.values(nc.of(a[0]).vault).map(part => typeof part)", device)
    assert set(kinds) == {"string", "boolean", "function"}, "no part of it is a key"
    moved = phone.tried(
        "const {vault} = nc.of(a[0]); return vault.open('drawer/1', await vault.seal('outbox/1', {x: 1}))",
        device,
    )
    assert moved["code"] == "store.unreadable", "a box put in another's place does not open"
    phone.run("nc.of(a[0]).vault.lock()", device)
    assert phone.tried("return nc.of(a[0]).vault.seal('outbox/1', 1)", device)["code"] == "store.vault_locked"
    assert phone.tried("return nc.addNotes(a[0], ['x'])", device)["code"] == "store.vault_locked"
    assert phone.run("return nc.of(a[0]).outbox.count()", device) == 0


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("12345", "short"), ("12a456", "digits"), ("1" * 17, "long"), ("111111", "trivial"),
        ("123456", "trivial"), ("654321", "trivial"), ("890123", "trivial"), ("121212", "trivial"),
        ("123123", "trivial"), ("112233", "trivial"), ("๑๒๓๔๕๖", "trivial"), ("١٢٣٤٥٦", "digits"),
    ],
)  # fmt: skip
def test_a_pin_that_is_guessed_first_is_refused(phone: Phone, pin: str, reason: str) -> None:
    assert phone.tried("nc.checkPin(a[0])", pin)["reason"] == reason


def test_a_pin_opens_however_its_digits_are_typed(phone: Phone) -> None:
    device = phone.enrol("274916")
    for typed in ("274916", " 274 916 ", "๒๗๔๙๑๖", "２７４９１６"):
        assert phone.unlock(device, typed) == {"ok": device}


def test_wrong_tries_are_counted_and_cost_waits_and_in_the_end_the_lease(phone: Phone) -> None:
    device = phone.enrol()
    phone.run(FILL, device, SECRET)
    waits = []
    for left in range(9, 0, -1):
        answer = phone.unlock(device, WRONG)
        assert (answer["code"], answer["triesLeft"]) == ("store.wrong_pin", left)
        waits.append(round(answer["waitLeft"] / 60e3))
        if waits[-1]:
            held = phone.unlock(device, PIN)
            assert held["code"] == "store.must_wait", "even the right PIN waits"
            assert phone.record(device)["triesLeft"] == left, "no try is spent by waiting"
            phone.run("nc.shift.running += a[0]", answer["waitLeft"])
    assert waits == [0, 0, 0, 0, 1, 5, 15, 60, 60]
    last = phone.unlock(device, WRONG)
    assert (last["code"], last["reason"]) == ("store.locked_out", "locked_out")
    assert phone.record(device)["leaseSecret"] is False
    assert phone.unlock(device, PIN)["code"] == "store.locked_out"
    assert pack_rows(phone, device) == 2
    phone.renew(device)
    assert phone.unlock(device, PIN) == {"ok": device}
    assert len(phone.run("return nc.of(a[0]).outbox.all()", device)) == 2


def test_the_right_pin_makes_the_tries_begin_anew_even_at_the_last(phone: Phone) -> None:
    device = phone.enrol()
    assert fails(phone, device, 9) == ["store.wrong_pin"] * 9
    phone.run("nc.shift.running += 3600e3")
    assert phone.unlock(device, PIN) == {"ok": device}
    entry = phone.record(device)
    assert (entry["triesLeft"], entry["waitUntil"], entry["sealedState"]) == (10, 0, "open")
    assert entry["leaseSecret"] is True
    phone.reload()
    assert phone.unlock(device, PIN) == {"ok": device}


@pytest.mark.parametrize("pin", [PIN, WRONG])
def test_a_page_killed_in_the_middle_of_a_try_has_spent_it(phone: Phone, pin: str) -> None:
    device = phone.enrol()
    for spent in range(1, 6):
        phone.run(HOLD + "void nc.unlock(a[0], a[1])", device, pin)
        phone.run(SPENT, device, 10 - spent)
        phone.kill()
        assert phone.record(device)["triesLeft"] == 10 - spent
    assert 0 < phone.tick(device)["waitLeft"] <= 60e3, "with the wait that belongs to it"
    assert phone.unlock(device, PIN)["code"] == "store.must_wait"


def test_killed_in_the_last_try_the_store_is_locked_out(phone: Phone) -> None:
    device = phone.enrol()
    fails(phone, device, 9)
    phone.run(
        "nc.shift.running += 3600e3; await nc.tick(a[0]);" + HOLD + "void nc.unlock(a[0], a[1])", device, PIN
    )
    phone.run(SPENT, device, 0)
    phone.kill()
    assert phone.unlock(device, PIN)["code"] == "store.locked_out"
    phone.renew(device)
    assert phone.unlock(device, PIN) == {"ok": device}


@pytest.mark.parametrize("wall", [-3 * YEAR, 61, DAY])
def test_a_wait_is_not_shortened_by_setting_the_clock_nor_by_a_restart(phone: Phone, wall: float) -> None:
    device = phone.enrol(days=4000)
    fails(phone, device, 6)
    assert 4.9 < phone.tick(device)["waitLeft"] / 60e3 <= 5
    phone.reload()
    phone.shift(wall=wall)
    assert 4.8 < phone.tick(device)["waitLeft"] / 60e3 <= 5
    assert phone.unlock(device, PIN)["code"] == "store.must_wait"
    phone.shift(wall=wall, running=3)
    assert 1.8 < phone.tick(device)["waitLeft"] / 60e3 <= 2
    phone.kill()
    phone.shift(wall=-wall)
    assert 1.8 < phone.tick(device)["waitLeft"] / 60e3 <= 2, "what was waited counts, also after a kill"
    phone.shift(wall=-wall, running=2.01)
    assert phone.unlock(device, PIN) == {"ok": device}


def test_two_tabs_do_not_make_a_wait_pass_twice_as_fast(phone: Phone) -> None:
    device = phone.enrol()
    fails(phone, device, 6)
    tabs = [phone.page, phone.tab(), phone.tab()]
    for tab in tabs:
        phone.run("await nc.tick(a[0])", device, page=tab)
    for tab in tabs:
        phone.run("nc.shift.running += 60e3; await nc.tick(a[0])", device, page=tab)
    assert 3.7 < phone.tick(device)["waitLeft"] / 60e3 <= 4


def test_the_lease_ends_and_what_was_not_sent_stays(phone: Phone) -> None:
    device = phone.enrol(days=2)
    phone.run(FILL, device, SECRET)
    phone.run("nc.heard = []; nc.of(a[0]).vault.onLock(() => nc.heard.push('locked'))", device)
    phone.shift(wall=2 * DAY - 5)
    assert phone.tick(device)["state"] == "open"
    phone.shift(wall=2 * DAY + 1)
    assert phone.tick(device)["state"] == "lease_ended"
    phone.page.wait_for_function("nc.heard.length === 1 && nc.of(nc.posted[0].id).vault.locked")
    phone.shift()
    assert phone.unlock(device, PIN)["code"] == "store.lease_ended", "a clock set back does not bring it back"
    assert phone.record(device)["leaseSecret"] is False
    assert pack_rows(phone, device) == 0
    drawer = phone.run("return nc.rows(`nhipcau-${a[0]}`, 'drawer')", device)
    assert drawer == [], "what was replaced is readable until here"
    assert phone.run("return nc.listDevices()")[0]["waiting"] == 2
    answer = phone.renew(device)
    assert phone.unlock(device, WRONG)["code"] == "store.wrong_pin"
    assert phone.unlock(device, PIN) == {"ok": device}
    notes = [command["data"]["note"] for command in phone.run("return nc.of(a[0]).outbox.all()", device)]
    assert notes == [SECRET, SECRET]
    assert phone.run("return nc.credentials(nc.of(a[0]).vault).token()", device) == answer["token"]
    phone.run(FILL, device, SECRET)
    assert pack_rows(phone, device) == 2


def test_the_lease_ends_under_an_open_app_as_well(phone: Phone) -> None:
    """Nobody asks for it: the vault looks every minute by itself."""
    phone.run("""nc.every = []; const before = setInterval;
      window.setInterval = (work, wait) => { nc.every.push([work, wait]); return before(work, wait) }""")
    device = phone.enrol(days=1)
    assert phone.run("return nc.every.map(([, wait]) => wait)") == [60_000]
    phone.shift(running=DAY + 1)
    phone.run("nc.every[0][0]()")
    phone.page.wait_for_function("(id) => nc.of(id).vault.locked", arg=device)
    assert phone.record(device)["leaseSecret"] is False


def test_the_clock_set_back_gains_no_lease(phone: Phone) -> None:
    device = phone.enrol(days=2)
    phone.shift(wall=2 * DAY - 10)
    phone.tick(device)
    phone.shift(wall=-3 * YEAR)
    assert phone.tick(device)["leaseLeft"] / 60e3 <= 10
    phone.shift(wall=-3 * YEAR, running=11)
    assert phone.tick(device)["state"] == "lease_ended"


@pytest.mark.parametrize("wall", [-3 * YEAR, 3 * YEAR])
def test_a_clock_that_is_wrong_all_the_time_does_no_harm(phone: Phone, wall: float) -> None:
    phone.shift(wall=wall)
    device = phone.enrol(days=2)
    assert phone.tick(device)["offset"] / 60e3 == pytest.approx(-wall, abs=1)
    phone.shift(wall=wall + 2 * DAY - 10)
    assert phone.unlock(device, PIN) == {"ok": device}
    phone.shift(wall=wall + 2 * DAY + 10)
    assert phone.tick(device)["state"] == "lease_ended"
    phone.run("await nc.renewLease(a[0], a[1])", device, lease_answer(7, secret=phone.secrets[device]))
    assert phone.unlock(device, PIN) == {"ok": device}


def test_a_clock_put_right_after_meeting_the_server_starts_the_lease_from_there(phone: Phone) -> None:
    """Three years ahead by mistake: the lease ends, a renewal brings it back, time goes on from the truth."""
    device = phone.enrol()
    phone.run(FILL, device, SECRET)
    other = phone.tab()
    phone.run("await nc.tick(a[0])", device, page=other)
    phone.shift(wall=3 * YEAR)
    assert phone.tick(device)["state"] == "lease_ended"
    phone.run("await nc.tick(a[0])", device, page=other)
    phone.shift()
    phone.renew(device)
    assert phone.run("return nc.tick(a[0])", device, page=other)["state"] == "open"
    assert phone.unlock(device, PIN) == {"ok": device}
    assert (
        phone.run("return nc.extendLease(a[0], a[1])", device, lease_answer(30))["leaseLeft"]
        > 29 * DAY * 60e3
    )


def test_a_revoked_device_opens_to_nobody_until_renewed(phone: Phone) -> None:
    device = phone.enrol()
    phone.run(FILL, device, SECRET)
    elsewhere = phone.tab()
    assert phone.unlock(device, PIN, page=elsewhere) == {"ok": device}
    phone.run("await nc.credentials(nc.of(a[0]).vault).end('revoked')", device)
    elsewhere.wait_for_function("(id) => nc.of(id).vault.locked", arg=device)
    page = {
        "epoch": "e",
        "next": 9,
        "more": False,
        "items": [{"seq": 9, "kind": "me", "id": "me", "body": 1}],
    }
    assert (
        phone.tried("await nc.of(a[0]).pack.apply(a[1], {epoch: '', after: 0})", device, page)["code"]
        == "store.vault_locked"
    )
    assert pack_rows(phone, device) == 0
    assert phone.unlock(device, PIN)["code"] == "store.revoked"
    extended = phone.run("return nc.extendLease(a[0], a[1])", device, lease_answer())
    assert extended["state"] == "revoked", "an answer that was on its way opens nothing"
    phone.renew(device)
    assert phone.unlock(device, PIN) == {"ok": device}


def test_killed_between_closing_and_emptying_the_pack_is_emptied_later(phone: Phone) -> None:
    device = phone.enrol()
    phone.run(FILL, device, SECRET)
    phone.run("IDBObjectStore.prototype.clear = () => { throw new Error('cut') }")
    assert "cut" in phone.tried("await nc.endLease(a[0], 'revoked')", device)["code"]
    phone.kill()
    assert phone.record(device)["leaseSecret"] is False
    assert phone.run("return nc.listDevices()")[0]["state"] == "revoked"
    assert pack_rows(phone, device) == 0


def test_tries_do_not_begin_anew_by_a_renewal_before_the_lock_out(phone: Phone) -> None:
    device = phone.enrol()
    fails(phone, device, 6)
    phone.renew(device)
    standing = phone.tick(device)
    assert standing["triesLeft"] == 4
    assert standing["waitLeft"] > 0


def test_the_pin_is_changed_by_who_knows_the_old_one(phone: Phone) -> None:
    device = phone.enrol()
    phone.run("await nc.addNotes(a[0], ['kept'])", device)
    change = "await nc.changePin(nc.of(a[0]).vault, a[1], a[2])"
    assert phone.tried(change, device, WRONG, OTHER_PIN)["code"] == "store.wrong_pin"
    assert phone.tried(change, device, PIN, "111111")["code"] == "store.pin_trivial"
    assert phone.tried(change, device, PIN, OTHER_PIN) == {"ok": None}
    assert phone.record(device)["iterations"] == 600_000
    phone.reload()
    assert phone.unlock(device, PIN)["code"] == "store.wrong_pin"
    assert phone.unlock(device, OTHER_PIN) == {"ok": device}
    assert phone.run("return nc.of(a[0]).outbox.all().then(all => all[0].data.note)", device) == "kept"


def test_the_phone_alone_or_the_pin_alone_opens_nothing(phone: Phone) -> None:
    """Half of the key is the lease secret, the other half lies in this browser: with another half, no."""
    device = phone.enrol()
    other = base64.b64encode(bytes(32)).decode()
    phone.run("await nc.renewLease(a[0], a[1])", device, lease_answer(secret=other))
    assert phone.unlock(device, PIN)["code"] == "store.wrong_pin"
    phone.renew(device)
    assert phone.unlock(device, PIN) == {"ok": device}


def listed(phone: Phone) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in phone.run("return nc.listDevices()")}


def test_two_members_on_one_phone_neither_see_nor_lose_each_others_work(phone: Phone) -> None:
    mine, theirs = phone.enrol(PIN, "A"), phone.enrol(OTHER_PIN, "B")
    phone.run("await nc.addNotes(a[0], ['mine']); await nc.addNotes(a[1], ['theirs', 'too'])", mine, theirs)
    entries = listed(phone)
    assert entries[mine]["sign"]["vi"] != entries[theirs]["sign"]["vi"]
    assert (entries[mine]["waiting"], entries[theirs]["waiting"]) == (1, 2)
    phone.reload()
    assert phone.unlock(theirs, PIN)["code"] == "store.wrong_pin"
    assert phone.unlock(mine, PIN) == {"ok": mine}
    assert phone.run("return nc.of(a[0]).outbox.count()", mine) == 1
    assert "not open" in phone.tried("return nc.of(a[0])", theirs)["code"]
    crossed = """
      const theirs = (await nc.rows(`nhipcau-${a[1]}`, "outbox"))[0];
      return nc.of(a[0]).vault.open(`outbox/${theirs.id}`, theirs)"""
    assert phone.tried(crossed, mine, theirs)["code"] == "store.unreadable"
    assert phone.tried("await nc.removeDevice(nc.of(a[0]).vault)", mine)["code"] == "store.not_empty"
    phone.run(
        """const {outbox, vault} = nc.of(a[0]);
      await outbox.settle(nc.receipts((await outbox.all()).map(c => c.id), "applied"));
      await nc.removeDevice(vault)""",
        mine,
    )
    assert listed(phone).keys() == {theirs}
    assert phone.unlock(theirs, OTHER_PIN) == {"ok": theirs}
    assert phone.run("return nc.of(a[0]).outbox.all().then(all => all.map(c => c.data.note))", theirs) == [
        "theirs",
        "too",
    ]


def test_signs_are_not_shared_while_there_are_others(phone: Phone) -> None:
    script = """const used = [];
      for (let n = 0; n < nc.SIGNS; n += 1) used.push(nc.chooseSign(used));
      return used.map(nc.signOf)"""
    signs = phone.run(script)
    assert len({(sign["en"], sign["shape"]) for sign in signs}) == len(signs) == 48
    assert len({sign["vi"] for sign in signs[:12]}) == 12, "words first, shapes then"
