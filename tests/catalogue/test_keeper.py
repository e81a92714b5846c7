"""The index is made once, and a web worker goes on answering while the next one is made."""

import threading
from typing import Any

import pytest

from nhipcau.catalogue.search import ConceptTable, Keeper

TABLE = ConceptTable([{"object": {"boat": {"vi": ["ghe"]}, "well": {"vi": ["giếng"]}}}])
PATIENCE = 10


def guide(slug: str, name: str) -> dict[str, Any]:
    return {"slug": slug, "code": slug, "names": {"vi": name}, "keywords": {"vi": [name]}}


class Library:
    """Guides that are read when `may_read` is set; counts the readings."""

    def __init__(self, *guides: dict[str, Any]) -> None:
        self.guides = list(guides)
        self.readings = 0
        self.may_read = threading.Event()
        self.may_read.set()
        self.released = threading.Event()

    def load(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        assert self.may_read.wait(PATIENCE)
        self.readings += 1
        return list(self.guides), []

    def ask(self, keeper: Keeper, query: str, stamp: str) -> list[str]:
        hits = keeper.find(query, stamp=stamp, load=self.load, release=self.released.set, limit=5)
        return [hit.slug for hit in hits]


@pytest.fixture
def keeper() -> Keeper:
    return Keeper(lambda: TABLE)


def test_one_index_for_one_library(keeper: Keeper) -> None:
    library = Library(guide("boat", "đăng ký ghe"))
    assert library.ask(keeper, "ghe", "1") == ["boat"]
    assert library.ask(keeper, "giếng", "1") == []
    assert library.readings == 1


def test_elsewhere_than_in_a_web_worker_the_newest_library_answers(keeper: Keeper) -> None:
    library = Library(guide("boat", "đăng ký ghe"))
    library.ask(keeper, "ghe", "1")
    library.guides = [guide("well", "đào giếng")]
    assert library.ask(keeper, "giếng", "2") == ["well"]
    assert not library.released.is_set()


def test_a_web_worker_answers_with_the_old_index_until_the_new_one_stands(keeper: Keeper) -> None:
    library = Library(guide("boat", "đăng ký ghe"))
    keeper.keep_warm()
    keeper.ready("1", library.load)
    library.guides.append(guide("well", "đào giếng"))
    library.may_read.clear()
    assert [library.ask(keeper, "ghe", "2") for _ in range(3)] == [["boat"]] * 3
    assert library.ask(keeper, "giếng", "2") == []
    library.may_read.set()
    assert library.released.wait(PATIENCE)
    assert library.ask(keeper, "giếng", "2") == ["well"]
    assert library.readings == 2


def test_a_new_installation_waits_for_its_guides(keeper: Keeper) -> None:
    library = Library()
    keeper.keep_warm()
    keeper.ready("", library.load)
    library.guides.append(guide("boat", "đăng ký ghe"))
    assert library.ask(keeper, "ghe", "1") == ["boat"]


def test_a_library_that_cannot_be_read_leaves_the_old_index_and_is_tried_again(keeper: Keeper) -> None:
    library = Library(guide("boat", "đăng ký ghe"))
    keeper.keep_warm()
    keeper.ready("1", library.load)
    good, library.guides = library.guides, [{"slug": "broken"}]
    assert library.ask(keeper, "ghe", "2") == ["boat"]
    assert library.released.wait(PATIENCE)
    library.released.clear()
    library.guides = [*good, guide("well", "đào giếng")]
    for _ in range(1000):  # until the thread that failed is gone
        assert library.ask(keeper, "ghe", "2") == ["boat"]
        if library.released.wait(0.01):
            break
    assert library.ask(keeper, "giếng", "2") == ["well"]
