"""What differs between two lists: nothing between equals, everything that matters between others."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import guides as engine
from guides.changes import PAPER
from tests.guides.test_guide_properties import guides, partial_answers

ON = date(2026, 11, 22)
MIRROR = {"added": "removed", "removed": "added", "changed": "changed"}
places = st.sampled_from([None, "68", "31"])


def listed(data: dict[str, Any], answers: dict[str, Any], province: str | None) -> dict[str, Any]:
    result: dict[str, Any] = engine.checklist(engine.parse(data), answers, on=ON, province=province).as_json()
    return result


@given(guides(), partial_answers, places)
def test_equal_lists_differ_in_nothing(data: dict[str, Any], answers: dict[str, Any], place: Any) -> None:
    assert engine.compare(listed(data, answers, place), listed(data, answers, place)) == []


@given(guides(), guides(), partial_answers, places)
def test_a_change_seen_from_the_other_side(
    one: dict[str, Any], two: dict[str, Any], answers: dict[str, Any], place: Any
) -> None:
    """Added here is removed there; papers are the same ones, rows as many."""
    old, new = listed(one, answers, place), listed(two, answers, place)
    there, back = engine.compare(old, new), engine.compare(new, old)

    def papers(changes: list[engine.Change], *, mirrored: bool) -> set[tuple[str, str]]:
        return {
            ((change.new or change.old)["id"], MIRROR[change.how] if mirrored else change.how)
            for change in changes
            if change.what == "document"
        }

    assert papers(there, mirrored=True) == papers(back, mirrored=False)
    for what in ("fees", "time_limits", "channels"):
        counted = [sum(MIRROR[c.how] == how for c in there if c.what == what) for how in MIRROR]
        assert counted == [sum(c.how == how for c in back if c.what == what) for how in MIRROR]


@given(guides(), guides(), partial_answers)
def test_every_paper_is_accounted_for(
    one: dict[str, Any], two: dict[str, Any], answers: dict[str, Any]
) -> None:
    """Who follows the changes from the old list ends with the papers of the new one."""
    old, new = listed(one, answers, None), listed(two, answers, None)
    held = {document["id"] for document in old["documents"]}
    for change in engine.compare(old, new):
        if change.what == "document" and change.how == "added":
            assert change.new["id"] not in held
            held.add(change.new["id"])
        if change.what == "document" and change.how == "removed":
            held.remove(change.old["id"])
    assert held == {document["id"] for document in new["documents"]}


def paper(identifier: str, **changes: Any) -> dict[str, Any]:
    values = {
        "id": identifier, "name": identifier, "form": "original", "use": "submit", "count": 1,
        "in_database": False,
        "how_to_get": None, "validity": None, "need": "needed", "requirement": "proof",
        "requirement_need": "needed", "title": "proof", "why": None, "source": "s", "choice": 1,
        "choices": 1, "depends_on": [],
    }  # fmt: skip
    return values | changes


def said(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, tuple[str, ...], bool]]:
    return [(c.what, c.how, c.fields, c.alternative) for c in engine.compare(old, new)]


def test_each_property_of_a_paper_that_people_feel_is_told() -> None:
    other = {"count": 2, "form": "copy", "use": "show", "need": "maybe", "in_database": True}
    for name in PAPER:
        new = paper("card", **{name: other.get(name, "x")})
        assert said({"documents": [paper("card")]}, {"documents": [new]}) == [
            ("document", "changed", (name,), False)
        ]


def test_reasons_sources_and_order_are_no_change() -> None:
    old = {"documents": [paper("card"), paper("form")], "sources": [1], "on": "2026-01-01"}
    new = {"documents": [paper("form", why="so"), paper("card", source="t")], "sources": [2]}
    assert said(old, new) == []


def test_another_way_is_told_from_one_more_paper() -> None:
    one = {"documents": [paper("card")]}
    two = {"documents": [paper("card", choices=2), paper("passport", choice=2, choices=2)]}
    more = {"documents": [paper("card"), paper("passport")]}
    assert said(one, two) == [("document", "added", (), True)]
    assert said(two, one) == [("document", "removed", (), True)]
    assert said(one, more) == [("document", "added", (), False)]
    assert said(more, one) == [("document", "removed", (), False)]


def fee(amount: int | None, **changes: Any) -> dict[str, Any]:
    values = {"amount": amount, "per": None, "channel": None, "valid_until": None, "note": None}
    return values | {"applies": "yes", "provinces": [], "source": "s"} | changes


def test_a_new_amount_is_one_change_by_channel() -> None:
    old = {"fees": [fee(8000, channel="direct"), fee(4000, channel="online")]}
    new = {"fees": [fee(8000, channel="direct", source="t"), fee(0, channel="online")]}
    assert said(old, new) == [("fees", "changed", ("amount",), False)]
    assert said({"fees": []}, old) == [("fees", "added", (), False)] * 2


def test_equal_rows_are_counted() -> None:
    assert said({"fees": [fee(5), fee(5)]}, {"fees": [fee(5)]}) == [("fees", "removed", (), False)]


def test_new_words_are_one_change() -> None:
    assert said({"steps": ["a"]}, {"steps": ["a", "b"]}) == [("steps", "changed", ("steps",), False)]
