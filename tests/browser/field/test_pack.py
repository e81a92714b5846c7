"""What is given to read comes page by page: each whole, with the place from which to go on."""

from typing import Any

import pytest

from .conftest import PIN, Phone


@pytest.fixture
def device(phone: Phone) -> str:
    return phone.enrol()


def page(epoch: str, next_: int, *items: tuple[int, str, str, Any], more: bool = False) -> dict[str, Any]:
    rows = [{"seq": seq, "kind": kind, "id": one, "body": body} for seq, kind, one, body in items]
    return {"epoch": epoch, "next": next_, "more": more, "items": rows}


def apply(
    phone: Phone, device: str, given: dict[str, Any], asked: tuple[str, int] = ("", 0)
) -> dict[str, Any]:
    place = {"epoch": asked[0], "after": asked[1]}
    return phone.tried("return nc.of(a[0]).pack.apply(a[1], a[2])", device, given, place)


def held(phone: Phone, device: str, kind: str = "case") -> list[Any]:
    found: list[Any] = phone.run("return nc.of(a[0]).pack.list(a[1])", device, kind)
    return found


def cursor(phone: Phone, device: str) -> tuple[str, int]:
    found = phone.run("return nc.of(a[0]).pack.cursor()", device)
    return found["epoch"], found["after"]


def test_pages_are_kept_read_changed_and_taken_away(phone: Phone, device: str) -> None:
    assert cursor(phone, device) == ("", 0)
    apply(
        phone,
        device,
        page("e", 3, (1, "case", "a", {"n": 1}), (2, "case", "b", {"n": 2}), (3, "class", "a", {})),
    )
    apply(phone, device, page("e", 5, (4, "case", "a", {"n": 3}), (5, "case", "b", None)))
    assert held(phone, device) == [{"n": 3}]
    assert held(phone, device, "class") == [{}]
    assert held(phone, device, "cas") == []
    assert phone.run("return nc.of(a[0]).pack.get('case', 'b').then(body => body === undefined)", device)
    assert cursor(phone, device) == ("e", 5)
    phone.run("await nc.of(a[0]).pack.clear()", device)
    assert (held(phone, device), cursor(phone, device)) == ([], ("", 0))


def test_a_page_that_comes_twice_or_late_changes_nothing(phone: Phone, device: str) -> None:
    first = page("e", 2, (1, "case", "a", "old"), (2, "case", "b", "old"))
    second = page("e", 4, (3, "case", "a", "new"), (4, "case", "b", None))
    for given in (first, second, first, second, first):
        apply(phone, device, given)
    assert held(phone, device) == ["new"]
    assert cursor(phone, device) == ("e", 4)


def test_another_epoch_begins_anew(phone: Phone, device: str) -> None:
    apply(phone, device, page("e", 9, (8, "case", "a", "old"), (9, "case", "b", "old")))
    apply(phone, device, page("f", 1, (1, "case", "c", "new"), more=True))
    assert (held(phone, device), cursor(phone, device)) == (["new"], ("f", 1))


@pytest.mark.parametrize("cut", ["write", "kill"])
def test_a_page_cut_in_the_middle_is_not_there_at_all(phone: Phone, device: str, cut: str) -> None:
    apply(phone, device, page("e", 1, (1, "case", "a", "old")))
    rows = [(n, "case", f"c{n}", "new") for n in range(2, 60)]
    phone.run("""const before = IDBObjectStore.prototype.put; let calls = 0;
      nc.back = () => { IDBObjectStore.prototype.put = before };
      IDBObjectStore.prototype.put = function (...args) {
        calls += 1;
        if (calls === 40) { nc.at40 = true; throw new DOMException("full", "QuotaExceededError") }
        return before.apply(this, args) }""")
    if cut == "write":
        assert apply(phone, device, page("e", 60, *rows))["code"] == "store.no_space"
        phone.run("nc.back()")
    else:
        sent = "void nc.of(a[0]).pack.apply(a[1], {epoch: '', after: 0}).catch(() => 0)"
        phone.run(sent, device, page("e", 60, *rows))
        phone.kill()
        assert phone.unlock(device, PIN) == {"ok": device}
    assert (held(phone, device), cursor(phone, device)) == (["old"], ("e", 1))
    apply(phone, device, page("e", 60, *rows))
    assert len(held(phone, device)) == 59


DAMAGE = """
      const db = await nc.done(indexedDB.open(`nhipcau-${a[0]}`));
      const store = db.transaction("pack", "readwrite").objectStore("pack");
      const row = await nc.done(store.get("case/a"));
      await nc.done(store.put({...row, box: new ArrayBuffer(32)})); db.close()"""
LOSE = """
      const db = await nc.done(indexedDB.open(`nhipcau-${a[0]}`));
      const store = db.transaction("pack", "readwrite").objectStore("pack");
      await nc.done(a[1] ? store.delete(a[1]) : store.clear()); db.close()"""


def test_a_damaged_item_is_asked_for_again(phone: Phone, device: str) -> None:
    apply(phone, device, page("e", 2, (1, "case", "a", "one"), (2, "case", "b", "two")))
    phone.run(DAMAGE, device)
    assert held(phone, device) == ["two"]
    assert cursor(phone, device) == ("", 0)


def test_what_was_on_its_way_when_the_place_was_forgotten_does_not_take_its_place(
    phone: Phone, device: str
) -> None:
    """The damage is found while a page is being asked for: what came before it would be missing for ever."""
    rows = (1, "case", "a", "one"), (2, "case", "b", "two")
    assert apply(phone, device, page("e", 2, *rows)) == {"ok": True}
    phone.run(DAMAGE, device)
    assert held(phone, device) == ["two"]
    assert apply(phone, device, page("e", 3, (3, "case", "c", "three")), ("e", 2)) == {"ok": False}
    assert cursor(phone, device) == ("", 0)
    assert apply(phone, device, page("e", 3, *rows, (3, "case", "c", "three"))) == {"ok": True}
    assert (held(phone, device), cursor(phone, device)) == (["one", "two", "three"], ("e", 3))


@pytest.mark.parametrize("key", ["case/a", ""])
def test_items_that_are_gone_are_asked_for_again(phone: Phone, device: str, key: str) -> None:
    """One, or all of them: never said to be no work at all."""
    rows = (1, "case", "a", "one"), (2, "case", "b", "two")
    apply(phone, device, page("e", 2, *rows))
    assert cursor(phone, device) == ("e", 2)
    phone.run(LOSE, device, key)
    assert cursor(phone, device) == ("", 0)
    apply(phone, device, page("e", 2, *rows))
    assert (held(phone, device), cursor(phone, device)) == (["one", "two"], ("e", 2))
