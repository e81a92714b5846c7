"""The table of states, addresses inside a guide, and conditions built step by step."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides import logic
from guides.model import Fact, Guide, Version
from nhipcau.authoring.enums import DraftState
from nhipcau.authoring.rules import conditions, contents
from nhipcau.authoring.rules.contents import read_place
from nhipcau.authoring.rules.parts import HEADER, PARTS, SHOWN
from nhipcau.authoring.rules.states import (
    TRANSITIONS,
    Reach,
    UnableToCheck,
    UnableToFinish,
    check_transition,
    read_note,
    states_page,
)

TEXT = {"vi": "Một", "en": "One", "th": "หนึ่ง"}
FACTS = {name: Fact(name, "yes_no", TEXT, None, ()) for name in "abc"}


# ---- states ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", DraftState)
@pytest.mark.parametrize("to", DraftState)
def test_only_the_steps_of_the_table(state: DraftState, to: DraftState) -> None:
    if to in TRANSITIONS[state]:
        check_transition(state, to)
    else:
        with pytest.raises(UnableToFinish):
            check_transition(state, to)


def test_nothing_is_published_without_a_second_reader() -> None:
    before = [state for state, targets in TRANSITIONS.items() if DraftState.PUBLISHED in targets]
    assert before == [DraftState.FACT_CHECKED]
    assert TRANSITIONS[DraftState.WITHDRAWN] == ()


def test_the_page_of_states_names_every_step() -> None:
    page = states_page()
    assert all(f"{state} --> {to}" in page for state, targets in TRANSITIONS.items() for to in targets)


@pytest.mark.parametrize("note", ["", "   ", "x" * 1_501])
def test_a_note_says_something(note: str) -> None:
    with pytest.raises(UnableToCheck):
        read_note(note)
    assert read_note(" Thiếu nguồn ") == "Thiếu nguồn"


def test_a_province_is_not_the_nation() -> None:
    province, nation = Reach(False, frozenset({"68"})), Reach(True, frozenset())
    assert [province.covers(area) for area in ("68", "66", "")] == [True, False, False]
    assert all(nation.covers(area) for area in ("68", ""))
    assert not Reach(False, frozenset()).covers("")


# ---- parts and addresses -------------------------------------------------------------------------


def test_every_key_of_a_guide_stands_in_a_part() -> None:
    header = {name for name in Guide.__dataclass_fields__ if name not in ("slug", "versions", "keywords")}
    assert header | {"fallbacks"} == set(HEADER)
    inside = {
        name for name in Version.__dataclass_fields__ if name not in ("valid_from", "valid_until", "online")
    }
    assert inside == set(SHOWN) - {"about", "keywords"}


@pytest.mark.parametrize(
    "text",
    ["about", "keywords", "fees", "fees.0", "fees.new", "requirements.0.evidence.1.items.2",
     "facts.1.options.new", "requirements.3.evidence", "steps.11"],
)  # fmt: skip
def test_an_address_is_read_and_written_alike(text: str) -> None:
    place = read_place(text)
    assert place is not None
    assert str(place) == text


@pytest.mark.parametrize(
    "text",
    ["", ".", "fees.", "fees.-1", "fees.1.2", "fees.new.0", "about.0", "items.0", "options", "evidence.0",
     "fees.1.items.0", "requirements.new.evidence", "../../etc/passwd", "versions.0", "slug",
     "requirements.0.when", "fees.0.__class__", "fees.1e3", "fees.٣", "FEES",
     "requirements.0.evidence.0.items.0.name", "x" * 5_000,
     "fees.99999999999"],
)  # fmt: skip
def test_what_a_guide_has_not_is_no_address(text: str) -> None:
    assert read_place(text) is None


@given(st.text(max_size=60))
def test_reading_an_address_never_raises(text: str) -> None:
    place = read_place(text)
    assert place is None or str(place) == text


def guide(**version: Any) -> dict[str, Any]:
    return {"slug": "x", "name": TEXT, "versions": [{"valid_from": "2026-01-01", **version}]}


def place(text: str) -> contents.Place:
    found = read_place(text)
    assert found is not None
    return found


def test_an_entry_that_moved_is_found_again() -> None:
    content = guide(steps=[{"vi": word} for word in ("a", "b", "c")])
    seen = contents.seen_at(content, place("steps.0"))
    moved = contents.change(content, place("steps.0"), lambda entries: entries.append(entries.pop(0)))
    found = contents.find(moved, place("steps.0"), seen)
    assert found is not None
    assert found.index == 2
    gone = contents.change(moved, place("steps.2"), lambda entries: entries.pop(2))
    assert contents.find(gone, place("steps.0"), seen) is None
    assert content["versions"][0]["steps"][0] == {"vi": "a"}, "the content it came from is untouched"


def test_two_alike_are_not_guessed() -> None:
    content = guide(steps=[{"vi": "a"}, {"vi": "b"}, {"vi": "b"}])
    seen = contents.fingerprint({"text": {"vi": "b"}})
    assert contents.find(content, place("steps.0"), seen) is None
    assert contents.find(content, place("steps.2"), seen) == place("steps.2")


def test_ids_come_from_the_words_and_are_never_taken_twice() -> None:
    content = guide()
    for _number in range(3):
        content = contents.put(
            content, place("facts.new"), {"question": {"vi": "Đã quá 60 ngày?"}, "type": "yes_no"}
        )
    content = contents.put(content, place("facts.new"), {"question": {"vi": "…"}, "type": "yes_no"})
    content = contents.put(content, place("facts.new"), {"question": {"vi": "x", "th": "ก", "en": "vi"}})
    ids = [fact["id"] for fact in content["versions"][0]["facts"]]
    assert ids == ["da_qua_60_ngay", "da_qua_60_ngay_2", "da_qua_60_ngay_3", "fact", "vi_2"]
    assert all(re.fullmatch(r"[a-z][a-z0-9_-]{0,59}", name) for name in ids)


def test_the_same_paper_in_another_way_keeps_its_id() -> None:
    content = guide(
        requirements=[
            {"id": "r", "evidence": [{"items": []}, {"items": []}]},
            {"id": "s", "evidence": [{"items": []}]},
        ]
    )
    paper = {"name": {"vi": "Giấy chứng sinh"}, "form": "copy"}
    for where in ("requirements.0.evidence.0", "requirements.0.evidence.1", "requirements.1.evidence.0"):
        content = contents.put(content, place(f"{where}.items.new"), paper)
    ids = [item["id"] for _number, item in contents._papers(content)]
    assert ids == ["giay_chung_sinh", "giay_chung_sinh", "giay_chung_sinh_2"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("versions[0].fees[1].amount", ("fees.1", "amount")),
        (
            "versions[0].requirements[0].evidence[1].items[2].name",
            ("requirements.0.evidence.1.items.2", "name"),
        ),
        ("versions[0].requirements[0].evidence[1].when.all[0]", ("requirements.0.evidence.1", "when")),
        ("versions[0].sources", ("sources", "")),
        ("versions[0].steps[3]", ("steps.3", "")),
        ("summary", ("about", "summary")),
        ("versions[0].online", ("about", "online")),
        ("keywords.vi[0]", ("keywords", "vi")),
        ("versions[0]", ("about", "")),
        ("", ("about", "")),
    ],
)
def test_a_fault_leads_to_its_field(path: str, found: tuple[str, str]) -> None:
    assert contents.place_of_fault(path) == found
    assert read_place(found[0]) is not None


def test_all_parts_have_fields_or_something_inside() -> None:
    assert all(part.fields or part.children for part in PARTS.values())


# ---- conditions ----------------------------------------------------------------------------------

leaves = st.builds(
    lambda name, value: {"fact": name, "is": value}, st.sampled_from("abc"), st.sampled_from(("yes", "no"))
)
rules = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda rule: {"not": rule}, inner),
        st.builds(
            lambda kind, parts: {kind: parts},
            st.sampled_from(("all", "any")),
            st.lists(inner, min_size=1, max_size=3),
        ),
    ),
    max_leaves=8,
)  # fmt: skip
answers = st.fixed_dictionaries({}, optional={name: st.sampled_from(("yes", "no")) for name in "abc"})


def truth(rule: Any, given_answers: dict[str, str]) -> Any:
    return logic.truth(rule, FACTS, given_answers, date(2026, 1, 1))


def addresses(rule: Any, prefix: str = "") -> list[str]:
    found = [prefix]
    for step in conditions.child_steps(rule):
        found += addresses(conditions.node_at(rule, step), f"{prefix}.{step}" if prefix else step)
    return found


@given(rules, answers)
def test_tidying_keeps_the_meaning(rule: Any, said: dict[str, str]) -> None:
    tidied = conditions.tidy(rule)
    assert truth(tidied, said) == truth(rule, said)
    assert conditions.tidy(tidied) == tidied


@given(rules, leaves, st.sampled_from(("all", "any")), answers)
def test_joining_means_and_or_or(rule: Any, leaf: Any, kind: str, said: dict[str, str]) -> None:
    joined = conditions.join(rule, "", kind, leaf)
    both = (truth(rule, said), truth(leaf, said))
    assert truth(joined, said) == (logic.all_of(both) if kind == "all" else logic.any_of(both))


@given(rules, answers)
def test_turning_round_means_not(rule: Any, said: dict[str, str]) -> None:
    assert truth(conditions.turn_round(rule, ""), said) == logic.negate(truth(rule, said))


@given(st.data(), rules)
def test_every_node_has_an_address_and_can_be_replaced_or_taken_away(data: st.DataObject, rule: Any) -> None:
    rule = conditions.tidy(rule)
    address = data.draw(st.sampled_from(addresses(rule)))
    node = conditions.node_at(rule, address)
    assert node is not None
    assert conditions.replace(rule, address, node) == rule
    left = conditions.replace(rule, address, None)
    assert left is None or conditions.size(left)[0] < conditions.size(rule)[0]


@given(rules, st.text(alphabet="anylot.0123", max_size=20))
def test_a_wrong_address_is_no_node(rule: Any, address: str) -> None:
    if address not in addresses(rule):
        assert conditions.node_at(rule, address) is None


def test_the_first_condition_and_the_last() -> None:
    leaf = {"fact": "a", "is": "yes"}
    assert conditions.join(None, "", "any", leaf) == leaf
    assert conditions.replace(leaf, "", None) is None
    long = {"all": [{"fact": "a", "in": [str(number)]} for number in range(conditions.MOST_NODES + 1)]}
    assert conditions.fits(leaf)
    assert not conditions.fits(long)
