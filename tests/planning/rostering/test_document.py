"""Problems and results as JSON: there and back, and every fault told with its place."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.rostering import (
    UnableToReadProblem,
    UnableToReadResult,
    from_json,
    result_from_json,
    result_to_json,
    solve,
    to_json,
)

from .problems import a_problem


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_problem_survives_the_way_there_and_back(seed) -> None:
    problem = a_problem(seed, people=3, duties=4, most_needs=2)
    assert from_json(to_json(problem)) == problem


def test_a_result_survives_too() -> None:
    result = solve(a_problem(4))
    assert result_from_json(result_to_json(result)) == result


def changed(path, value):
    data = json.loads(to_json(a_problem(21, people=2, duties=2)))
    *way, last = path
    place = data
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return json.dumps(data)


FAULTS = {
    "format: expected": (("format",), "nhipcau.roster.problem/9"),
    "start: missing": (("start",), None),
    "start: expected a date": (("start",), "23/11/2026"),
    "start: the last day is beyond the calendar": (("start",), "9999-12-30"),
    "days: expected a whole number": (("days",), 2.5),
    "days: expected 1 to": (("days",), 0),
    "people: expected a list": (("people",), {"a": 1}),
    "people[1].id: expected a text": (("people", 1, "id"), 7),
    "people[1].id: 'p0' is there twice": (("people", 1, "id"), "p0"),
    "people[0].shoe: unknown name": (("people", 0, "shoe"), 42),
    "people[0].limits: expected an object": (("people", 0, "limits"), [1]),
    "people[0].limits.rest: must not be negative": (("people", 0, "limits"), {"rest": -1}),
    "people[0].limits.rest: expected a whole number": (("people", 0, "limits"), {"rest": True}),
    "people[0].experience: expected one of": (("people", 0, "experience"), "guru"),
    "people[0].unavailable[0].end: must be after": (
        ("people", 0, "unavailable"),
        [{"day": 0, "start": 9, "end": 9}],
    ),
    "duties[0].end: must be after start": (("duties", 0, "end"), 1),
    "duties[0].day: expected 0 to": (("duties", 0, "day"), 99),
    "duties[0].needs: a duty has at least one need": (("duties", 0, "needs"), []),
    "duties[0].needs[0].ideal: must not be below": (("duties", 0, "needs"), [{"id": "n", "minimum": 3}]),
    "duties[0].needs[0].under_minimum: must not be below": (
        ("duties", 0, "needs"),
        [{"id": "n", "ideal": 3, "under_minimum": 5}],
    ),
    "weights.load: expected a whole number up to": (("weights",), {"load": 10**12}),
    "locked[0].person: 'x' is not among": (("locked",), [{"person": "x", "duty": "d0", "need": "n0"}]),
    "locked[0]: there is no need 'z'": (("locked",), [{"person": "p0", "duty": "d0", "need": "z"}]),
}


@pytest.mark.parametrize("message", FAULTS)
def test_a_fault_is_told_with_its_place(message) -> None:
    with pytest.raises(UnableToReadProblem) as caught:
        from_json(changed(*FAULTS[message]))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", "[" * 100_000, '{"format": NaN}', b"\xff\xfe\x00", '"x"', '{"a": 1, "a": 2}'],
)
def test_what_is_no_problem_at_all_is_refused(text) -> None:
    with pytest.raises(UnableToReadProblem):
        from_json(text)
    with pytest.raises(UnableToReadResult):
        result_from_json(text)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_no_change_of_a_document_raises_anything_but_the_one_error(seed, data) -> None:
    document = json.loads(to_json(a_problem(seed, people=2, duties=2)))
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.just([])
        | st.just({})
        | st.just([{}])
    )
    with suppress(UnableToReadProblem):
        from_json(json.dumps(document))
