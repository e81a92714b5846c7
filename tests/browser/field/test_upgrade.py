"""A store of an older edition of the app is opened by a newer one."""

from .conftest import Phone


def test_an_upgrade_clears_nothing_and_waits_with_a_word_when_it_is_held_up(phone: Phone) -> None:
    """A store of an older edition, with half the shelves; and a page of it that does not let go."""
    phone.run("""
      const request = indexedDB.open("nhipcau-old", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("meta", {keyPath: "key"});
      nc.holding = await nc.done(request);
      const meta = nc.holding.transaction("meta", "readwrite").objectStore("meta");
      await nc.done(meta.put({key: "seq", value: 41}));
      const before = setTimeout;
      window.setTimeout = (work, wait) => before(work, Math.min(wait, 300))""")
    assert phone.tried("return nc.rescueText('old')")["code"] == "store.blocked"
    phone.run("nc.holding.close()")
    assert '"records":[]' in phone.run("return nc.rescueText('old')")
    assert phone.run("return nc.rows('nhipcau-old', 'meta')") == [{"key": "seq", "value": 41}]
    assert phone.run("return nc.rows('nhipcau-old', 'outbox')") == []
