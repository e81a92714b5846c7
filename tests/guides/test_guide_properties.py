"""What must hold for every guide and every set of answers, tried on random ones."""

import json
from datetime import date
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from guides import (
    Checklist,
    Guide,
    UnableToReadGuide,
    canonical,
    checklist,
    lint,
    next_question,
    parse,
    questions,
    read_answers,
)
from tests.factories import hostile_guides as hostile

ON = date(2026, 11, 22)
YES_NO = ["yes", "no"]
OPTIONS = ["a", "b", "c"]
DAYS = ["1990-05-01", "2012-11-22", "2012-11-23", "2012-02-29"]
FACTS = {
    "first": ("yes_no", YES_NO),
    "second": ("yes_no", YES_NO),
    "which": ("choice", OPTIONS),
    "count": ("number", [0, 5, 14, 60]),
    "born_on": ("date", DAYS),
}


def words(text: str) -> dict[str, str]:
    return {"vi": text, "en": text, "th": text}


def fact_data(name: str) -> dict[str, Any]:
    kind, _ = FACTS[name]
    data: dict[str, Any] = {"id": name, "type": kind, "question": words(name)}
    if kind == "choice":
        data["options"] = [{"value": option, "text": words(option)} for option in OPTIONS]
    return data


def leaf_rules() -> st.SearchStrategy[Any]:
    bound = st.sampled_from(["lt", "le", "gt", "ge"])
    return st.one_of(
        st.builds(
            lambda f, v: {"fact": f, "is": v}, st.sampled_from(["first", "second"]), st.sampled_from(YES_NO)
        ),
        st.builds(lambda v: {"fact": "which", "in": v}, st.lists(st.sampled_from(OPTIONS), min_size=1)),
        st.builds(lambda o, n: {"fact": "count", o: n}, bound, st.integers(0, 60)),
        st.builds(lambda o, n: {"fact": "born_on", "age": {o: n}}, bound, st.integers(0, 40)),
        st.builds(lambda f: {"fact": f, "is": "yes"}, st.just("nowhere")),
    )


def rules() -> st.SearchStrategy[Any]:
    return st.recursive(
        leaf_rules(),
        lambda inner: st.one_of(
            st.builds(lambda r: {"all": r}, st.lists(inner, max_size=3)),
            st.builds(lambda r: {"any": r}, st.lists(inner, max_size=3)),
            st.builds(lambda r: {"not": r}, inner),
        ),
        max_leaves=6,
    )


maybe_rule = st.one_of(st.none(), rules())


@st.composite
def guides(draw: st.DrawFn) -> dict[str, Any]:
    def evidence(prefix: str) -> list[dict[str, Any]]:
        return [
            {
                "when": draw(maybe_rule),
                "items": [{"id": f"{prefix}_{j}_{k}", "name": words("x")} for k in range(2)],
            }
            for j in range(draw(st.integers(1, 3)))
        ]

    def rows(key: str) -> list[dict[str, Any]]:
        value = {
            "fees": {"amount": 1000},
            "time_limits": {"value": 3, "unit": "day"},
            "channels": {"kind": "direct"},
        }
        return [
            {
                **value[key],
                "when": draw(maybe_rule),
                "provinces": draw(st.sampled_from([[], ["68"], ["31", "68"]])),
                "channel": draw(st.sampled_from([None, "online", "direct"])),
                "valid_until": draw(st.sampled_from([None, "2026-11-22", "2027-01-01"])),
            }
            for _ in range(draw(st.integers(0, 3)))
        ]

    return {
        "schema": 1,
        "slug": "random",
        "code": "1.000001",
        "life_event": "birth",
        "name": words("random"),
        "versions": [
            {
                "valid_from": "2025-07-01",
                "sources": [
                    {"id": "s", "title": "t", "kind": "own", "checked_on": "2026-01-01", "confidence": "low"}
                ],
                "facts": [fact_data(name) for name in draw(st.permutations(list(FACTS)))],
                "requirements": [
                    {
                        "id": f"r{i}",
                        "title": words("r"),
                        "when": draw(maybe_rule),
                        "evidence": evidence(f"r{i}"),
                    }
                    for i in range(draw(st.integers(0, 4)))
                ],
                **{key: rows(key) for key in ("fees", "time_limits", "channels")},
                "steps": [words("go")],
            }
        ],
    }


partial_answers = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([*values, "unknown"]) for name, (_, values) in FACTS.items()}
)
full_answers = st.fixed_dictionaries({name: st.sampled_from(values) for name, (_, values) in FACTS.items()})
junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def needs(data: dict[str, Any], answers: dict[str, Any]) -> dict[str, str]:
    result = checklist(parse(data), answers, on=ON).as_json()
    return {document["id"]: document["need"] for document in result["documents"]}


@given(guides(), partial_answers, full_answers)
def test_not_knowing_never_removes_a_paper(
    data: dict[str, Any], partial: dict[str, Any], full: dict[str, Any]
) -> None:
    """Whatever the missing answers turn out to be, no paper that they require is missing from the list."""
    said = {fact: value for fact, value in partial.items() if value != "unknown"}
    shown = needs(data, partial)
    for paper, need in needs(data, {**full, **said}).items():
        assert paper in shown
        assert need == "maybe" or shown[paper] in ("needed", "maybe")


@given(guides(), partial_answers, full_answers)
def test_a_further_answer_only_settles(
    data: dict[str, Any], partial: dict[str, Any], full: dict[str, Any]
) -> None:
    """More answers turn "maybe" into "needed" or away; what was certain stays certain."""
    said = {fact: value for fact, value in partial.items() if value != "unknown"}
    before, after = needs(data, said), needs(data, {**full, **said})
    assert set(after) <= set(before)
    assert all(after[paper] == "needed" for paper, need in before.items() if need == "needed")


@given(guides(), partial_answers, st.sampled_from([None, "68", "31", "01"]), st.randoms())
def test_the_order_of_answers_never_matters(
    data: dict[str, Any], answers: dict[str, Any], place: Any, random: Any
) -> None:
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    one = checklist(parse(data), answers, on=ON, province=place)
    two = checklist(parse(data), dict(shuffled), on=ON, province=place)
    assert canonical(one.as_json()) == canonical(two.as_json())


@given(guides(), partial_answers)
def test_an_unanswered_fact_and_dont_know_give_the_same_list(
    data: dict[str, Any], answers: dict[str, Any]
) -> None:
    silent = {fact: value for fact, value in answers.items() if value != "unknown"}
    assert needs(data, answers) == needs(data, silent)


@given(guides(), partial_answers)
def test_when_no_question_is_open_no_answer_can_change_the_papers(
    data: dict[str, Any], answers: dict[str, Any]
) -> None:
    guide = parse(data)
    said = {fact: value for fact, value in answers.items() if value != "unknown"}
    still_open = {fact.id for fact in questions(guide, said, on=ON)}
    for fact, (_, values) in FACTS.items():
        if fact not in said and fact not in still_open:
            for value in values:
                assert needs(data, said) == needs(data, {**said, fact: value})


@given(guides(), full_answers)
def test_the_interview_ends(data: dict[str, Any], answers: dict[str, Any]) -> None:
    guide, said = parse(data), {}
    for _ in range(len(FACTS) + 1):
        question = next_question(guide, said, on=ON)
        if question is None:
            break
        assert question.id not in said
        said[question.id] = answers[question.id]
    assert next_question(guide, said, on=ON) is None


@given(guides(), st.dictionaries(st.one_of(st.sampled_from(list(FACTS)), st.text()), junk), junk)
def test_evaluation_never_raises(data: dict[str, Any], answers: dict[str, Any], rule: Any) -> None:
    data["versions"][0]["requirements"].append(
        {"id": "junk", "title": words("j"), "when": rule, "evidence": [{"when": rule, "items": []}]}
    )
    canonical(checklist(parse(data), answers, on=ON).as_json())


def papers_of(result: Checklist) -> dict[int, str]:
    """How each paper stands; ids may occur twice in an odd guide, the objects do not."""
    return {
        id(item): choice.need for need in result.needs for choice in need.choices for item in choice.items
    }


def rows_of(result: Checklist) -> set[int]:
    return {id(entry.row) for entry in (*result.fees, *result.time_limits, *result.channels)}


seeds = st.integers(0, 2**64)


def odd_guide(random: Random) -> tuple[Guide, dict[str, Any]]:
    """A guide with malformed rules, strange names and strange limits, and answers to it."""
    data = hostile.guide(random)
    answers = json.loads(hostile.written(hostile.answers(random, data)))
    try:
        return parse(json.loads(hostile.written(data))), answers
    except UnableToReadGuide:
        assume(False)
        raise


@given(seeds)
def test_not_knowing_never_removes_anything_from_an_odd_guide(seed: int) -> None:
    """Answers taken back, a place and a channel left open: papers, fees, times and ways only become more."""
    random = Random(seed)
    guide, full = odd_guide(random)
    less = {fact: value for fact, value in full.items() if random.random() < 0.5}
    unsure = {fact: value if fact in less else "unknown" for fact, value in full.items()}
    sure = checklist(guide, full, on=ON, province="68", channel="online")
    for answers in (less, unsure):
        same_place = checklist(guide, answers, on=ON, province="68", channel="online")
        before, after = papers_of(same_place), papers_of(sure)
        assert set(after) <= set(before)
        assert all(after[paper] == "needed" for paper, need in before.items() if need == "needed")
        assert rows_of(sure) <= rows_of(same_place)
        anywhere = checklist(guide, answers, on=ON)
        assert set(papers_of(anywhere)) == set(before)
        assert rows_of(same_place) <= rows_of(anywhere)


@given(seeds)
def test_the_order_of_answers_to_an_odd_guide_never_matters(seed: int) -> None:
    random = Random(seed)
    guide, answers = odd_guide(random)
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    one, two = (read_answers(guide.version_on("2026-11-22"), said) for said in (answers, dict(shuffled)))
    assert one == two
    results = [checklist(guide, said, on=ON).as_json() for said in (answers, dict(shuffled))]
    assert canonical(results[0]) == canonical(results[1])


@given(seeds)
def test_when_no_question_of_an_odd_guide_is_open_no_answer_changes_anything(seed: int) -> None:
    """Papers and rows alike, in a known place; only answers that were not given before."""
    random = Random(seed)
    guide, answers = odd_guide(random)
    where = {"on": ON, "province": random.choice((None, "68")), "channel": random.choice((None, "online"))}
    before = checklist(guide, answers, **where)
    still_open = set(before.questions) | before.situation.dont_know | set(before.situation.answers)
    for fact in before.situation.version.facts.values():
        if fact.id not in still_open:
            for value in (*fact.values, 0, 14, "2012-11-22", "1990-05-01"):
                after = checklist(guide, {**answers, fact.id: value}, **where)
                assert papers_of(after) == papers_of(before)
                assert rows_of(after) == rows_of(before)


@given(junk)
def test_lint_never_raises_on_nested_data(data: Any) -> None:
    assert lint(data, file="x.yaml")


@given(guides(), junk, st.sampled_from(["versions", "name", "keywords", "slug", "replaces"]))
def test_lint_never_raises_on_damaged_guides(data: dict[str, Any], damage: Any, key: str) -> None:
    lint(data | {key: damage}, file="x.yaml")
    version = dict(data["versions"][0])
    for field in version:
        lint(data | {"versions": [version | {field: damage}]}, file="x.yaml")
