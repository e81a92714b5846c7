"""The table of states, and what a session, a dossier code, a note and a rating may be."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.cases.enums import CLOSED_STATES, CaseState, PublicMessage
from nhipcau.cases.rules import (
    MOVES,
    NEXT_STEPS,
    TRANSITIONS,
    NewSession,
    UnableToMove,
    UnableToNote,
    UnableToReadDossierCode,
    UnableToRecordSession,
    can_rate,
    can_transition,
    check_session,
    check_transition,
    keep_until,
    public_message,
    read_dossier_code,
    read_note,
    states_page,
)

NOW = datetime(2025, 7, 3, 2, 0, tzinfo=UTC)


def test_every_state_has_its_row_its_words_and_its_button() -> None:
    states = set(CaseState)
    assert set(TRANSITIONS) == set(NEXT_STEPS) == set(MOVES) == states
    for state in CaseState:
        assert PublicMessage(state)


def test_every_state_is_reached_and_every_state_leads_to_an_end() -> None:
    reached, frontier = {CaseState.OPENED}, [CaseState.OPENED]
    while frontier:
        for to in TRANSITIONS[frontier.pop()]:
            if to not in reached:
                reached.add(to)
                frontier.append(to)
    assert reached == set(CaseState)
    for start in CaseState:
        seen, frontier = {start}, [start]
        while frontier:
            for to in TRANSITIONS[frontier.pop()]:
                if to not in seen:
                    seen.add(to)
                    frontier.append(to)
        assert seen & set(CLOSED_STATES)


def test_a_closed_case_can_only_be_opened_again() -> None:
    for state in CLOSED_STATES:
        assert TRANSITIONS[state] == (CaseState.OPENED,)
        assert public_message(state, CaseState.OPENED) == PublicMessage.REOPENED


@given(st.text(max_size=20) | st.sampled_from(CaseState.values), st.sampled_from(CaseState.values))
def test_only_what_the_table_names_passes(to: str, state: str) -> None:
    allowed = to in [str(target) for target in TRANSITIONS[CaseState(state)]]
    assert can_transition(state, to) == allowed
    if not allowed:
        with pytest.raises(UnableToMove):
            check_transition(state, to)


def test_the_page_of_states_is_the_table() -> None:
    page = states_page()
    for state, targets in TRANSITIONS.items():
        for to in targets:
            assert f"    {state} --> {to}\n" in page
    assert page.count(" --> ") == sum(map(len, TRANSITIONS.values())) + 1 + len(CLOSED_STATES)


def new(**changes: Any) -> NewSession:
    values: dict[str, Any] = {
        "id": UUID(int=1),
        "commune": "24848",
        "minutes": 15,
        "outcome": "done",
        "alone": "half",
        "volunteer": UUID(int=2),
        "topic": "vneid",
    }
    return NewSession(**(values | changes))


def test_a_plain_session_passes() -> None:
    check_session(new(), NOW)
    check_session(new(topic="", procedure="birth-registration", at=NOW - timedelta(days=30)), NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": ""},
        {"procedure": "birth-registration"},
        {"topic": "password"},
        {"minutes": 0},
        {"minutes": 481},
        {"minutes": -1},
        {"outcome": "filed_for_them"},
        {"alone": ""},
        {"age_band": "41"},
        {"at": NOW + timedelta(hours=1)},
        {"at": NOW - timedelta(days=93)},
        {"at": NOW.replace(tzinfo=None)},
    ],
)
def test_an_impossible_session_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UnableToRecordSession):
        check_session(new(**changes), NOW)


def test_the_bulk_path_may_bring_old_sessions_but_never_future_ones() -> None:
    check_session(new(at=NOW - timedelta(days=900)), NOW, oldest=None)
    with pytest.raises(UnableToRecordSession):
        check_session(new(at=NOW + timedelta(days=1)), NOW, oldest=None)


@pytest.mark.parametrize(
    ("typed", "code", "known"),
    [
        ("G22.99.08-260921-896048", "G22.99.08-260921-896048", True),
        (" g22.99.08 - 260921 – 896048 ", "G22.99.08-260921-896048", True),
        ("000.00.12.H62-201105-0004", "000.00.12.H62-201105-0004", True),
        ("G22.99-251225-020175", "G22.99-251225-020175", True),
        ("H62.1-250703-0001", "H62.1-250703-0001", True),
        ("HS-2025/0017", "HS-2025/0017", False),
        ("12345", "12345", False),
    ],
)
def test_dossier_codes_are_read_tolerantly(typed: str, code: str, known: bool) -> None:
    assert read_dossier_code(typed) == (code, known)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "chưa có",
        "068000000000",
        "0680 0000 0000",
        "123.456.789",
        "A1" * 40,
        "x" * 10_240,
        "<b>1</b>",
        "G22\x00-1",
        "\U0001f6001",
    ],
)
def test_what_is_no_dossier_code_is_refused(typed: str) -> None:
    with pytest.raises(UnableToReadDossierCode):
        read_dossier_code(typed)


@given(st.text(max_size=500))
def test_reading_a_dossier_code_is_total_and_idempotent(text: str) -> None:
    try:
        code, known = read_dossier_code(text)
    except UnableToReadDossierCode:
        return
    assert read_dossier_code(code) == (code, known)
    assert len(code) <= 60


def test_notes_lose_control_characters_and_have_an_end() -> None:
    assert read_note("  Gọi\x00 lại\x07\nthứ hai ") == "Gọi lại\nthứ hai"
    for text in ("", " \n ", "\x00", "a" * 1001, "a" * 100_000):
        with pytest.raises(UnableToNote):
            read_note(text)


@pytest.mark.parametrize("months", [1, 3, 6, 12])
def test_the_end_date_counts_from_the_end_of_the_case(months: int) -> None:
    closed = keep_until(CaseState.CLOSED_DONE, months, NOW)
    assert abs((closed - date(2025, 7, 3)).days - months * 30.4) < 3
    assert keep_until(CaseState.OPENED, months, NOW) == date(2026, 7, 3)


def test_a_rating_waits_for_a_result_and_settles_after_a_week() -> None:
    assert not can_rate(CaseState.SUBMITTED, None, NOW)
    assert not can_rate(CaseState.WITHDRAWN, None, NOW)
    for state in (CaseState.RESULT_READY, CaseState.CLOSED_DONE, CaseState.CLOSED_NOT_POSSIBLE):
        assert can_rate(state, None, NOW)
        assert can_rate(state, NOW - timedelta(days=6, hours=23), NOW)
        assert not can_rate(state, NOW - timedelta(days=7), NOW)
