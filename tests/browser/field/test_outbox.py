"""Nothing leaves the outbox but by its receipt, whatever ends in the middle."""

from typing import Any

import pytest

from .conftest import PIN, Phone

MANY = 2001
FILL_MANY = """
  const {outbox} = nc.of(a[0]);
  const ids = await nc.addNotes(a[0], Array.from({length: a[1]}, (_, n) => `note ${n}`));
  return ids;
"""
MANY_RECEIPTS = """
  const result = (n) => (n % 3 ? "applied" : "refused");
  nc.many = a[0].map((id, n) => ({id, result: result(n), code: "x", words: "", about: null}));
"""
# From its so-manieth write on the transaction goes on for ever, without coming to its end.
STAND_STILL = """
  let calls = 0;
  const kind = a[0], before = IDBObjectStore.prototype[kind];
  IDBObjectStore.prototype[kind] = function (...args) {
    calls += 1;
    const request = before.apply(this, args);
    if (calls === a[1]) {
      const on = () => { nc.still = true; this.count().onsuccess = on };
      on();
    }
    return request;
  };
"""
LEFT = """
  const {outbox} = nc.of(a[0]);
  return {outbox: (await outbox.all()).map(c => c.id), drawer: (await outbox.drawer()).map(d => d.command.id),
          unreadable: await outbox.unreadable(), count: await outbox.count()}
"""

# A browser that has no room says so at the write, or only when the transaction ends.
REFUSALS = (
    """const before = IDBObjectStore.prototype.add;
    nc.back = () => { IDBObjectStore.prototype.add = before };
    IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError") }""",
    """const before = IDBObjectStore.prototype.add;
    const error = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "error");
    nc.back = () => {
      IDBObjectStore.prototype.add = before;
      Object.defineProperty(IDBTransaction.prototype, "error", error);
    };
    Object.defineProperty(IDBTransaction.prototype, "error", {
      configurable: true, get: () => new DOMException("full", "QuotaExceededError"),
    });
    IDBObjectStore.prototype.add = function (...args) {
      const request = before.apply(this, args);
      this.transaction.abort();
      return request;
    }""",
)


@pytest.fixture
def device(phone: Phone) -> str:
    return phone.enrol()


def left(phone: Phone, device: str) -> dict[str, Any]:
    found: dict[str, Any] = phone.run(LEFT, device)
    return found


def add(phone: Phone, device: str, *texts: str) -> list[str]:
    ids: list[str] = phone.run("return nc.addNotes(a[0], a[1])", device, list(texts))
    return ids


def settle(phone: Phone, device: str, ids: list[str], result: str) -> None:
    phone.run("await nc.of(a[0]).outbox.settle(nc.receipts(a[1], a[2]))", device, ids, result)


def test_each_result_does_what_it_says(phone: Phone, device: str) -> None:
    results = ["applied", "already_applied", "merged", "needs_person", "refused", "something_newer"]
    ids = add(phone, device, *results, "kept")
    for one, result in zip(ids, results, strict=False):
        settle(phone, device, [one], result)
    found = left(phone, device)
    assert found["outbox"] == ids[6:]
    assert found["drawer"] == ids[3:6]
    assert phone.run("return nc.of(a[0]).outbox.attention()", device) == 3
    items = phone.run("return nc.of(a[0]).outbox.drawer()", device)
    assert [item["command"]["data"]["note"] for item in items] == results[3:]
    assert items[0]["receipt"]["words"] == "x"


def test_receipts_that_come_twice_late_or_for_nothing_change_nothing(phone: Phone, device: str) -> None:
    first, second = add(phone, device, "a", "b")
    settle(phone, device, [first], "refused")
    settle(phone, device, [first, first, "unknown"], "applied")
    settle(phone, device, [first], "needs_person")
    assert left(phone, device) == {"outbox": [second], "drawer": [first], "unreadable": [], "count": 1}
    assert phone.run("return nc.of(a[0]).outbox.drawer().then(d => d[0].receipt.result)", device) == "refused"
    phone.run(
        "await Promise.all([1, 2].map(() => nc.of(a[0]).outbox.settle(nc.receipts([a[1]], 'refused'))))",
        device,
        second,
    )
    assert left(phone, device)["drawer"] == [first, second]


def test_of_two_tabs_that_settle_the_same_the_first_counts(phone: Phone, device: str) -> None:
    [one] = add(phone, device, "one")
    both = "['applied', 'refused'].map((result) => nc.of(a[0]).outbox.settle(nc.receipts([a[1]], result)))"
    phone.run(f"await Promise.all({both})", device, one)
    found = left(phone, device)
    # Whichever it was: it waits no more, and is not in two places.
    assert (found["outbox"], found["count"]) == ([], 0)
    assert found["drawer"] in ([], [one])


def test_a_matter_is_sent_anew_or_put_away_and_stays_readable(phone: Phone, device: str) -> None:
    first, second = add(phone, device, "wrong", "never mind")
    settle(phone, device, [first, second], "refused")
    script = "return nc.of(a[0]).outbox.add('cases.note', {case: a[1], note: 'right'}, {replaces: a[1]})"
    anew = phone.run(script, device, first)
    phone.run("await nc.of(a[0]).outbox.putAway(a[1])", device, second)
    items = phone.run("return nc.of(a[0]).outbox.drawer()", device)
    assert [(item["command"]["id"], item["state"]) for item in items] == [
        (first, "replaced"),
        (second, "away"),
    ]
    assert phone.run("return nc.of(a[0]).outbox.attention()", device) == 0
    [command] = phone.run("return nc.of(a[0]).outbox.all()", device)
    assert (command["id"], command["replaces"], command["v"]) == (anew, first, 1)
    plain = add(phone, device, "plain")
    assert "replaces" not in phone.run("return nc.of(a[0]).outbox.all()", device)[1], plain


def test_an_anew_that_does_not_fit_leaves_the_matter_open(phone: Phone, device: str) -> None:
    [first] = add(phone, device, "wrong")
    settle(phone, device, [first], "refused")
    phone.run("""IDBObjectStore.prototype.put = new Proxy(IDBObjectStore.prototype.put, {
      apply(to, self, args) {
      if (self.name === 'drawer') throw new DOMException('full', 'QuotaExceededError');
      return to.apply(self, args); }})""")
    script = "return nc.of(a[0]).outbox.add('cases.note', {case: a[1], note: 'right'}, {replaces: a[1]})"
    assert phone.tried(script, device, first)["code"] == "store.no_space"
    assert left(phone, device) == {"outbox": [], "drawer": [first], "unreadable": [], "count": 0}
    assert phone.run("return nc.of(a[0]).outbox.attention()", device) == 1


def test_a_settling_that_fails_half_way_has_not_begun(phone: Phone, device: str) -> None:
    ids = phone.run(FILL_MANY, device, 300)
    phone.run(MANY_RECEIPTS, ids)
    for kind, at in (("delete", 150), ("put", 50)):
        phone.run(f"""let calls = 0; const before = IDBObjectStore.prototype.{kind};
          nc.back = () => {{ IDBObjectStore.prototype.{kind} = before; }};
          IDBObjectStore.prototype.{kind} = function (...args) {{
            calls += 1;
            if (calls >= {at}) throw new DOMException('full', 'QuotaExceededError');
            return before.apply(this, args); }}""")
        assert phone.tried("await nc.of(a[0]).outbox.settle(nc.many)", device)["code"] == "store.no_space"
        phone.run("nc.back()")
        assert left(phone, device) == {"outbox": ids, "drawer": [], "unreadable": [], "count": 300}
    phone.run("await nc.of(a[0]).outbox.settle(nc.many)", device)
    assert left(phone, device) == {"outbox": [], "drawer": ids[::3], "unreadable": [], "count": 0}


def test_what_was_taken_about_cases_leaves_a_full_phone_too(phone: Phone, device: str) -> None:
    """It is shown until the pack comes; where there is no room for that, it is not sent for ever."""
    ids = phone.run(FILL_MANY, device, 3)
    receipts = [{"id": id, "result": "applied", "code": "", "words": "", "about": None} for id in ids]
    settle = "await nc.of(a[0]).outbox.settle(a[1]); return (await nc.of(a[0]).outbox.applied()).length"
    assert phone.run(settle, device, receipts[:1]) == 1
    phone.run("""const before = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...args) {
        if (this.name === 'meta') throw new DOMException('full', 'QuotaExceededError');
        return before.apply(this, args); }""")
    assert phone.run(settle, device, receipts[1:]) == 1
    assert left(phone, device) == {"outbox": [], "drawer": [], "unreadable": [], "count": 0}
    assert phone.run("await nc.of(a[0]).outbox.received(); return nc.of(a[0]).outbox.applied()", device) == []


def test_a_page_killed_while_settling_thousands_leaves_all_or_nothing(phone: Phone, device: str) -> None:
    ids = phone.run(FILL_MANY, device, MANY)
    phone.run(MANY_RECEIPTS, ids)
    for kind, at in (("delete", 1), ("delete", 900), ("put", 1), ("put", 600)):
        phone.run(STAND_STILL, kind, at)
        phone.run("void nc.of(a[0]).outbox.settle(nc.many)", device)
        phone.page.wait_for_function("nc.still")
        phone.kill()
        outbox, drawer = (phone.rows(device, store) for store in ("outbox", "drawer"))
        assert (len(outbox), len(drawer)) == (MANY, 0)
        assert phone.unlock(device, PIN) == {"ok": device}
        phone.run(MANY_RECEIPTS, ids)
    phone.run("await nc.of(a[0]).outbox.settle(nc.many)", device)
    phone.kill()
    assert phone.unlock(device, PIN) == {"ok": device}
    assert left(phone, device) == {"outbox": [], "drawer": ids[::3], "unreadable": [], "count": 0}


def test_a_page_killed_while_adding_leaves_whole_commands(phone: Phone, device: str) -> None:
    for delay in (0, 5, 20, 60):
        phone.run(
            """nc.told = []; void Promise.all(Array.from({length: 200}, async (_, n) => {
          const id = await nc.of(a[0]).outbox.add('cases.note', {case: 'c', note: `n${n}`});
          localStorage.setItem(id, '1'); }))""",
            device,
        )
        phone.page.wait_for_timeout(delay)
        phone.kill()
        assert phone.unlock(device, PIN) == {"ok": device}
        found = left(phone, device)
        assert found["unreadable"] == []
        assert found["count"] == len(found["outbox"]) == len(set(found["outbox"]))
        promised = set(phone.run("return Object.keys(localStorage)"))
        assert promised <= set(found["outbox"]), "what was said to be kept is kept"


def test_numbers_are_never_used_twice_in_two_tabs(phone: Phone, device: str) -> None:
    tab = phone.tab()
    assert phone.unlock(device, PIN, page=tab) == {"ok": device}
    start = "nc.adding = nc.addNotes(a[0], Array.from({length: 100}, (_, n) => `${a[1]} ${n}`))"
    phone.run(start + "; return 1", device, "one")
    phone.run(start + "; return 1", device, "two", page=tab)
    ids = [*phone.run("return nc.adding"), *phone.run("return nc.adding", page=tab)]
    commands = phone.run("return nc.of(a[0]).outbox.all()", device)
    assert {command["id"] for command in commands} == set(ids)
    numbers = [command["seq"] for command in commands]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == len(set(ids)) == 200
    settle(phone, device, ids, "applied")
    phone.reload()
    phone.unlock(device, PIN)
    add(phone, device, "later")
    assert phone.run("return nc.of(a[0]).outbox.all().then(all => all[0].seq)", device) == max(numbers) + 1


def test_where_the_last_number_is_lost_the_next_one_is_still_free(phone: Phone, device: str) -> None:
    add(phone, device, "a", "b")
    phone.run(
        """
      const db = await nc.done(indexedDB.open(`nhipcau-${a[0]}`));
      await nc.done(db.transaction("meta", "readwrite").objectStore("meta").delete("seq")); db.close()""",
        device,
    )
    add(phone, device, "c")
    commands = phone.run("return nc.of(a[0]).outbox.all()", device)
    first, second, third = (command["seq"] for command in commands)
    assert first < second < third


def test_other_tabs_hear_of_a_change(phone: Phone, device: str) -> None:
    tab = phone.tab()
    phone.unlock(device, PIN, page=tab)
    phone.run("nc.heard = 0; nc.of(a[0]).outbox.onChange(() => { nc.heard += 1 })", device, page=tab)
    add(phone, device, "one")
    tab.wait_for_function("nc.heard === 1")


def test_a_full_phone_keeps_what_the_person_wrote_with_the_screen(phone: Phone, device: str) -> None:
    """First the look before capturing, then the browser's own refusal in the middle of writing."""
    phone.run("navigator.storage.estimate = async () => ({quota: 5e6, usage: 4e6})")
    assert phone.tried("await nc.needRoom()")["code"] == "store.no_space"
    assert phone.run("return nc.space()") == {"free": 1e6, "low": True}
    phone.run("navigator.storage.estimate = async () => ({})")
    assert phone.tried("await nc.needRoom()") == {"ok": None}
    [before] = add(phone, device, "before")
    for refused in REFUSALS:
        phone.run(refused)
        assert (
            phone.tried("await nc.addNotes(a[0], ['kept by the screen'])", device)["code"] == "store.no_space"
        )
        phone.run("nc.back()")
    [after] = add(phone, device, "after")
    assert left(phone, device) == {"outbox": [before, after], "drawer": [], "unreadable": [], "count": 2}


def test_a_full_phone_is_opened_all_the_same_after_a_renewal(phone: Phone, device: str) -> None:
    """Else nothing could be sent any more, and nothing would make room."""
    ids = add(phone, device, "kept")
    phone.run("await nc.endLease(a[0], 'revoked')", device)
    answer = phone.renew(device)
    phone.run("""IDBObjectStore.prototype.put = new Proxy(IDBObjectStore.prototype.put, {
      apply(to, self, args) {
        if (self.name === "meta") throw new DOMException("full", "QuotaExceededError");
        return to.apply(self, args); }})""")
    assert phone.unlock(device, PIN) == {"ok": device}
    assert phone.run("return nc.credentials(nc.of(a[0]).vault).token()", device) == answer["token"]
    assert left(phone, device)["outbox"] == ids


def test_the_browser_is_asked_to_keep_the_data_until_it_does(phone: Phone) -> None:
    """It says no to a stranger, and yes to an app that is used."""
    phone.run("""
      nc.asked = 0;
      nc.granted = false;
      navigator.storage.persisted = async () => nc.granted;
      navigator.storage.persist = async () => { nc.asked += 1; nc.granted = nc.asked > 1; return nc.granted };
    """)
    look = "await nc.askToKeep(); return [await nc.keptForGood(), nc.asked]"
    assert [phone.run(look) for _ in range(3)] == [[False, 1], [True, 2], [True, 2]]
    phone.run("navigator.storage.persisted = navigator.storage.persist = undefined")
    assert phone.run(look) == [False, 2]


def test_a_damaged_record_stands_in_nobodys_way_and_is_counted(phone: Phone, device: str) -> None:
    ids = add(phone, device, "a", "b", "c")
    phone.run(
        """
      const db = await nc.done(indexedDB.open(`nhipcau-${a[0]}`));
      const store = db.transaction("outbox", "readwrite").objectStore("outbox");
      const row = await nc.done(store.get(a[1]));
      new Uint8Array(row.box)[3] ^= 1;
      await nc.done(store.put(row)); db.close()""",
        device,
        ids[0],
    )
    assert left(phone, device) == {"outbox": ids[1:], "drawer": [], "unreadable": ids[:1], "count": 3}
    firsts = phone.run("return nc.of(a[0]).outbox.first(1).then(all => all.map(c => c.id))", device)
    assert firsts == [ids[1]]
    settle(phone, device, [ids[0]], "refused")
    assert left(phone, device)["unreadable"] == ids[:1], "what cannot be moved whole is not moved"
    settle(phone, device, ids[1:2], "refused")
    phone.run("await nc.damage(...a); await nc.of(a[0]).outbox.putAwayDamaged()", device, "drawer", ids[1])
    assert left(phone, device) == {"outbox": ids[2:], "drawer": [], "unreadable": [], "count": 1}
    assert phone.run("return nc.of(a[0]).outbox.attention()", device) == 0
    states = """
      const db = await nc.done(indexedDB.open(`nhipcau-${a[0]}`));
      const rows = await nc.done(db.transaction("drawer").objectStore("drawer").getAll());
      db.close(); return Object.fromEntries(rows.map(row => [row.id, row.state]))"""
    assert phone.run(states, device) == dict.fromkeys(ids[:2], "away")


def test_a_newer_edition_is_not_kept_waiting_and_the_older_one_says_so(phone: Phone, device: str) -> None:
    ids = add(phone, device, "kept")
    tab = phone.tab()
    upgrade = """
      const request = indexedDB.open(`nhipcau-${a[0]}`, 99);
      request.onupgradeneeded = () => request.result.createObjectStore("newer");
      const db = await nc.done(request);
      return [...db.objectStoreNames]"""
    stores = phone.run(upgrade, device, page=tab)
    assert set(stores) >= {"outbox", "drawer", "pack", "meta", "newer"}
    assert phone.tried("return nc.of(a[0]).outbox.count()", device)["code"] == "store.newer_app"
    assert [row["id"] for row in phone.rows(device, "outbox", page=tab)] == ids


def test_a_connection_closed_by_the_system_is_opened_again(phone: Phone, device: str) -> None:
    phone.run("""const before = IDBDatabase.prototype.transaction;
      IDBDatabase.prototype.transaction = function (...args) {
        IDBDatabase.prototype.transaction = before; this.close(); return before.apply(this, args) }""")
    [one] = add(phone, device, "kept")
    assert left(phone, device)["outbox"] == [one]


def test_what_was_kept_is_told_as_kept_though_the_vault_locks_or_a_listener_fails(
    phone: Phone, device: str
) -> None:
    """An error after the commit would make the person write it down a second time."""
    phone.run("nc.of(a[0]).outbox.onChange(() => { throw new Error('a screen stumbles') })", device)
    [first] = add(phone, device, "first")
    phone.run(
        """const before = IDBObjectStore.prototype.add;
        IDBObjectStore.prototype.add = function (...args) {
          nc.of(a[0]).vault.lock();
          return before.apply(this, args);
        }""",
        device,
    )
    [second] = add(phone, device, "second")
    phone.reload()
    assert phone.unlock(device, PIN) == {"ok": device}
    assert left(phone, device)["outbox"] == [first, second]


def test_every_write_is_on_the_disk_before_it_is_told(phone: Phone, device: str) -> None:
    phone.run("""nc.modes = new Set(); const before = IDBDatabase.prototype.transaction;
      IDBDatabase.prototype.transaction = function (...args) {
        if (args[1] === "readwrite") nc.modes.add(args[2]?.durability);
        return before.apply(this, args) }""")
    [one] = add(phone, device, "one")
    settle(phone, device, [one], "refused")
    phone.run("await nc.of(a[0]).outbox.putAway(a[1])", device, one)
    assert phone.unlock(device, "555666")["code"] == "store.wrong_pin"
    assert phone.run("return [...nc.modes]") == ["strict"]


def test_a_damaged_matter_draft_or_token_stands_in_the_way_of_nothing(phone: Phone, device: str) -> None:
    ids = add(phone, device, "one", "two")
    for one in ids:
        settle(phone, device, [one], "refused")
    phone.run("await nc.openDrafts(nc.of(a[0]).vault).keep('session', {need: 'topic:vneid'})", device)
    for store, key in (("drawer", ids[0]), ("meta", "draft/session"), ("meta", "token")):
        phone.run("await nc.damage(...a)", device, store, key)
    assert left(phone, device)["drawer"] == ids[1:]
    assert phone.run("return nc.of(a[0]).outbox.attention()", device) == 2
    assert phone.run("return nc.of(a[0]).outbox.damaged()", device) == 1
    assert phone.run("return nc.openDrafts(nc.of(a[0]).vault).read('session')", device) is None
    assert phone.run("return nc.credentials(nc.of(a[0]).vault).token()", device) is None
