"""Ready, missing or to ask: what must hold for every guide, every answer and every handful of papers."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import guides as engine
from tests.guides.test_guide_properties import full_answers, guides, partial_answers, words

ON = date(2026, 11, 22)
ORDER = [engine.MISSING, engine.ASK, engine.READY]


def listed(data: dict[str, Any], answers: dict[str, Any]) -> engine.Checklist:
    return engine.checklist(engine.parse(data), answers, on=ON)


def ids(result: engine.Checklist) -> list[str]:
    return sorted({document["id"] for document in result.as_json()["documents"]})


@given(guides(), partial_answers, st.data())
def test_more_papers_never_make_it_less_ready(
    data: dict[str, Any], answers: dict[str, Any], draw: st.DataObject
) -> None:
    result = listed(data, answers)
    every = ids(result)
    few = set(draw.draw(st.lists(st.sampled_from(every)))) if every else set()
    more = few | (set(draw.draw(st.lists(st.sampled_from(every)))) if every else set())
    before, after = (engine.check_papers(result, have) for have in (few, more))
    assert ORDER.index(after.state) >= ORDER.index(before.state)
    for old, new in zip(before.needs, after.needs, strict=True):
        assert ORDER.index(new.state) >= ORDER.index(old.state)
    assert len(after.missing) <= len(before.missing)


@given(guides(), partial_answers, st.data())
def test_ready_is_a_promise(data: dict[str, Any], answers: dict[str, Any], draw: st.DataObject) -> None:
    """Ready with what is known stays ready whatever the open answers turn out to be."""
    result = listed(data, answers)
    every = ids(result)
    have = set(draw.draw(st.lists(st.sampled_from(every)))) if every else set()
    check = engine.check_papers(result, have)
    assert (check.state == engine.READY) == all(need.state == engine.READY for need in check.needs)
    if check.state == engine.READY:
        assert check.missing == ()
        said = {fact: value for fact, value in answers.items() if value != "unknown"}
        settled = listed(data, {**draw.draw(full_answers), **said})
        assert engine.check_papers(settled, have).state == engine.READY


@given(guides(), full_answers, st.data())
def test_the_missing_papers_are_a_smallest_way(
    data: dict[str, Any], answers: dict[str, Any], draw: st.DataObject
) -> None:
    result = listed(data, answers)
    every = ids(result)
    have = set(draw.draw(st.lists(st.sampled_from(every)))) if every else set()
    check = engine.check_papers(result, have)
    for need in check.needs:
        ways = [
            {item.id for item in evidence.items} - have
            for evidence, open_ in result.situation.possible_sets(need.need.requirement)
            if open_ is True
        ]
        if need.state == engine.MISSING and ways:
            lacking = {item.id for item in need.lacking}
            assert lacking in ways
            assert len(lacking) == min(len(way) for way in ways)
            assert lacking
    # Who gets exactly these papers lacks nothing more.
    got = have | {item.id for need in check.needs for item in need.lacking}
    assert engine.MISSING not in {need.state for need in engine.check_papers(result, got).needs}


@given(guides(), partial_answers)
def test_all_papers_in_hand_miss_nothing(data: dict[str, Any], answers: dict[str, Any]) -> None:
    result = listed(data, answers)
    check = engine.check_papers(result, ids(result))
    assert check.missing == ()
    assert check.state in (engine.READY, engine.ASK)


@given(guides(), partial_answers, st.sets(st.text()))
def test_papers_that_the_list_does_not_know_say_nothing(
    data: dict[str, Any], answers: dict[str, Any], strange: set[str]
) -> None:
    result = listed(data, answers)
    foreign = strange - set(ids(result))
    assert engine.check_papers(result, foreign) == engine.check_papers(result, ())
    engine.canonical(engine.check_papers(result, foreign).as_json())


def one_need(when: Any, *sets: tuple[Any, list[str]]) -> dict[str, Any]:
    """A guide with one requirement and these ways: (rule, ids)."""
    return {
        "slug": "small", "life_event": "birth", "name": words("small"),
        "versions": [
            {
                "valid_from": "2025-07-01",
                "facts": [{"id": "married", "type": "yes_no", "question": words("married?")}],
                "requirements": [
                    {
                        "id": "proof", "title": words("proof"), "when": when,
                        "evidence": [
                            {"when": rule, "items": [{"id": name, "name": words(name)} for name in names]}
                            for rule, names in sets
                        ],
                    }
                ],
            }
        ],
    }  # fmt: skip


MARRIED = {"fact": "married", "is": "yes"}


def verdict(data: dict[str, Any], have: set[str], **answers: str) -> tuple[str, list[str]]:
    check = engine.check_papers(listed(data, answers), have)
    return check.state, [item.id for need in check.needs for item in need.lacking]


def test_any_one_set_is_enough_and_a_set_needs_all_its_papers() -> None:
    data = one_need(None, (None, ["card"]), (None, ["passport", "photo"]))
    assert verdict(data, set()) == ("missing", ["card"])
    assert verdict(data, {"passport"}) == ("missing", ["card"])
    assert verdict(data, {"passport", "photo"}) == ("ready", [])
    assert verdict(data, {"card"}) == ("ready", [])


def test_what_may_be_needed_is_asked_and_never_called_ready() -> None:
    data = one_need(MARRIED, (None, ["certificate"]))
    assert verdict(data, set()) == ("ask", ["certificate"])
    assert verdict(data, {"certificate"}) == ("ready", [])
    assert verdict(data, set(), married="yes") == ("missing", ["certificate"])
    assert verdict(data, set(), married="no") == ("ready", [])


def test_a_way_that_may_not_be_open_makes_nobody_ready() -> None:
    data = one_need(None, (MARRIED, ["certificate"]), (None, ["statement", "witness"]))
    assert verdict(data, {"certificate"}) == ("ask", ["statement", "witness"])
    assert verdict(data, {"certificate"}, married="yes") == ("ready", [])
    assert verdict(data, {"certificate"}, married="no") == ("missing", ["statement", "witness"])
    assert verdict(data, {"statement", "witness"}) == ("ready", [])


def test_a_need_without_any_way_left_is_asked() -> None:
    data = one_need(None, (MARRIED, ["certificate"]))
    assert verdict(data, {"certificate"}, married="no") == ("ask", [])
