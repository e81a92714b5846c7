"""A table of shifts that went out comes in again: as it is, nothing changes; edited, exactly that does."""

import io
from datetime import time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from python_calamine import load_workbook

from nhipcau.core import clock
from nhipcau.core.sheets import Sheet, write_book
from nhipcau.messaging.models import Message
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Post, Shift, ShiftNeed
from nhipcau.signups.models import SignUp
from nhipcau.staffing.services.sheets import Imported, import_shifts
from nhipcau.staffing.services.sheets.columns import ALL_COLUMNS
from nhipcau.teams.models import Team
from nhipcau.volunteers.models import Qualification
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_post, make_shift, make_sign_up, make_team

KEYS = [column.key for column in ALL_COLUMNS]
# Rows as the spreadsheet numbers them; the first is that of the names.
OVER, GUIDES, SPEAKER, DRAFT, OFF = 2, 3, 4, 5, 6
Rows = list[list[Any]]


@pytest.fixture(autouse=True)
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the Thursday before the shifts."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def team(cast: Cast) -> Team:
    return make_team(cast)


@pytest.fixture
def post(cast: Cast, team: Team) -> Post:
    """One shift that is over, one open with two roles and people, a draft, one called off."""
    post = make_post(team)
    make_shift(post, day=SHIFT_DAY - timedelta(days=7))
    guides = make_shift(post, maximum=3, pairs_newcomers=True)
    speaker = {"title": "=Nói(1)", "position": 1, "languages": {"kpm": "native"}, "qualifications": ["land"]}
    ShiftNeed.objects.create(shift=guides.shift, minimum=1, ideal=1, maximum=1, **speaker)
    Qualification.objects.filter(pk="land").update(active=False)
    make_sign_up(guides, cast.volunteer)
    make_sign_up(guides, cast.leader)
    make_shift(
        post, day=SHIFT_DAY + timedelta(days=1), hours=(0, 5.75), state=ShiftState.DRAFT, title="Trực  đêm"
    )
    off = make_shift(post, day=SHIFT_DAY + timedelta(days=2)).shift
    Shift.objects.filter(pk=off.pk).update(state=ShiftState.CANCELLED, reason="weather")
    return post


def outgoing(cast: Cast, team: Team, language: str = "en") -> bytes:
    client = Client()
    client.force_login(cast.leader)
    client.cookies["lang"] = language
    start = (SHIFT_DAY - timedelta(days=7)).isoformat()
    answer = client.get(reverse("staffing:export_shifts", args=[team.pk]), {"from": start})
    assert answer.status_code == 200
    return bytes(answer.content)


def rows_of(data: bytes) -> Rows:
    with load_workbook(io.BytesIO(data)) as read:
        return read.get_sheet_by_index(0).to_python()


def edited(cast: Cast, team: Team, *edits: tuple[int, str, Any]) -> Rows:
    """What went out, with some cells (row, column, value) written over."""
    rows = rows_of(outgoing(cast, team))
    for row, key, value in edits:
        rows[row - 1][KEYS.index(key)] = value
    return rows


def incoming(team: Team, rows: Rows) -> Imported:
    data = write_book([Sheet("Ca", [str(name) for name in rows[0]], rows[1:])])
    with override("en"):
        return import_shifts(by=None, now=NOW, team=team, file=io.BytesIO(data))


def stand() -> dict[str, list[dict[str, Any]]]:
    """Everything that a table could change."""
    return {
        "shifts": list(Shift.objects.order_by("id").values()),
        "needs": list(ShiftNeed.objects.order_by("id").values()),
        "sign_ups": list(SignUp.objects.order_by("id").values()),
        "messages": list(Message.objects.order_by("id").values()),
    }


def change(before: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """What is another now: table.field → the new value; a new row as a whole is counted."""
    found: dict[str, Any] = {}
    for table, rows in stand().items():
        was = {row["id"]: row for row in before[table]}
        for row in rows:
            if row["id"] not in was:
                found[f"new {table}"] = found.get(f"new {table}", 0) + 1
                continue
            found |= {
                f"{table}.{name}": value for name, value in row.items() if value != was[row["id"]][name]
            }
    return found


def said(done: Imported) -> list[tuple[int, str]]:
    return [(one.row, str(one.column)) for one in done.passed]


@pytest.mark.parametrize("language", ["vi", "en", "th"])
def test_as_it_went_out_it_changes_nothing(cast: Cast, team: Team, post: Post, language: str) -> None:
    before = stand()
    data = outgoing(cast, team, language)
    for spoken in ("en", language):
        with override(spoken):
            done = import_shifts(by=None, now=NOW, team=team, file=io.BytesIO(data))
        assert (done.faults, done.made, done.changed, done.same, done.first) == ((), 0, 0, 3, None)
        assert said(done) == [(OVER, ""), (OFF, "")]
        assert change(before) == {}


@pytest.mark.parametrize(
    ("row", "key", "value", "expected"),
    [
        (GUIDES, "at_most", 5, {"needs.maximum": 5}),
        (GUIDES, "best", "3", {"needs.ideal": 3}),
        (GUIDES, "role", "Đón tiếp", {"needs.title": "Đón tiếp"}),
        (SPEAKER, "languages", "K’Ho", {"needs.languages": {"kpm": "good"}}),
        (SPEAKER, "languages", "", {"needs.languages": {}}),
        (SPEAKER, "qualifications", "", {"needs.qualifications": []}),
        (DRAFT, "at_least", 2.0, {"needs.minimum": 2}),
    ],
)
def test_one_cell_changes_one_field(
    cast: Cast, team: Team, post: Post, row: int, key: str, value: Any, expected: dict[str, Any]
) -> None:
    rows = edited(cast, team, (row, key, value))
    before = stand()
    done = incoming(team, rows)
    assert (done.faults, done.made, done.changed, done.same) == ((), 0, 1, 2)
    assert change(before) == expected


def test_other_times_move_the_shift_and_its_people_and_tell_them(cast: Cast, team: Team, post: Post) -> None:
    times = [
        (row, key, value)
        for row in (GUIDES, SPEAKER)
        for key, value in (("from", "8:00"), ("until", time(12)))
    ]
    rows = edited(cast, team, *times)
    before = stand()
    done = incoming(team, rows)
    assert (done.faults, done.changed, done.first) == ((), 1, SHIFT_DAY)
    found = change(before)
    assert found.pop("new messages") == 2
    assert found.keys() == {"shifts.starts_at", "shifts.ends_at", "sign_ups.starts_at", "sign_ups.ends_at"}
    assert Shift.objects.get(day=SHIFT_DAY).hours == 4


def test_rows_may_be_missing_and_new_ones_stand_beside(cast: Cast, team: Team, post: Post) -> None:
    rows = edited(cast, team)
    later = [SHIFT_DAY + timedelta(days=7), *rows[GUIDES - 1][1:-1], ""]
    one_more = [*rows[GUIDES - 1][:4], "Trông trẻ", 0, 1, 1, *[""] * 7]
    before = stand()
    done = incoming(team, [rows[0], rows[GUIDES - 1], later, one_more])
    assert (done.faults, done.made, done.changed, done.same) == ((), 1, 1, 1)
    assert change(before) == {"new shifts": 1, "new needs": 2}
    assert Shift.objects.get(day=SHIFT_DAY).needs.count() == 3
    made = Shift.objects.get(day=SHIFT_DAY + timedelta(days=7))
    assert (made.state, made.needs.get().title) == (ShiftState.DRAFT, "Hướng dẫn")


def test_without_codes_rows_are_known_by_post_day_time_and_role(cast: Cast, team: Team, post: Post) -> None:
    rows = [row[:-1] for row in edited(cast, team, (GUIDES, "at_most", 4))]
    before = stand()
    done = incoming(team, [rows[0], *(rows[row - 1] for row in (GUIDES, SPEAKER, DRAFT))])
    assert (done.faults, done.made, done.changed, done.same) == ((), 0, 1, 2)
    assert change(before) == {"needs.maximum": 4}


def test_what_is_not_read_is_said_by_row_and_column(cast: Cast, team: Team, post: Post) -> None:
    edits = (
        (OVER, "at_most", 9),
        (GUIDES, "names", "Người khác"),
        (GUIDES, "taken", 1),
        (DRAFT, "state", "Open"),
    )
    rows = edited(cast, team, *edits)
    before = stand()
    with override("en"):
        done = incoming(team, rows)
        assert said(done) == [
            (OVER, ""),
            (GUIDES, "Places taken"),
            (GUIDES, "Names"),
            (DRAFT, "State"),
            (OFF, ""),
        ]
    assert (done.faults, done.same, change(before)) == ((), 3, {})


@pytest.mark.parametrize(
    ("edits", "row", "words"),
    [
        ([(GUIDES, "at_most", 2), (GUIDES, "best", 1), (GUIDES, "at_most", 1)], GUIDES, "Take somebody off"),
        ([(DRAFT, "date", SHIFT_DAY)], DRAFT, "keeps its day and its post"),
        ([(DRAFT, "post", "Chợ")], DRAFT, "keeps its day and its post"),
        ([(DRAFT, "code", "x")], DRAFT, "no such row"),
        ([(SPEAKER, "until", "12:00")], SPEAKER, "has other times"),
        ([(SPEAKER, "role", "hướng dẫn")], SPEAKER, "same name"),
        ([(DRAFT, "qualifications", "land")], DRAFT, "no such skill"),
        ([(DRAFT, "languages", "Klingon")], DRAFT, "no such language"),
    ],
)
def test_one_fault_and_nothing_is_saved_or_told(
    cast: Cast, team: Team, post: Post, edits: list[tuple[int, str, Any]], row: int, words: str
) -> None:
    """Beside a good change, which is undone, and its message with it."""
    other = make_shift(post, day=SHIFT_DAY + timedelta(days=4)).shift
    make_sign_up(other.needs.get(), cast.coordinator)
    rows = edited(cast, team, *edits)
    assert rows[-1][0] == other.day
    rows[-1][KEYS.index("until")] = "11:45"
    before = stand()
    done = incoming(team, rows)
    assert [(fault.row, words in str(fault.message)) for fault in done.faults] == [(row, True)]
    assert change(before) == {}


def test_a_row_that_stands_twice_is_a_fault(cast: Cast, team: Team, post: Post) -> None:
    rows = edited(cast, team)
    done = incoming(team, [*rows, rows[GUIDES - 1]])
    assert [(fault.row, str(fault.column)) for fault in done.faults] == [(OFF + 1, "Role")]


def test_a_moved_shift_may_not_stand_on_another(cast: Cast, team: Team, post: Post) -> None:
    make_shift(post, day=SHIFT_DAY + timedelta(days=1), hours=(7, 11.5))
    rows = edited(cast, team, (DRAFT, "until", "9:00"))
    assert [fault.row for fault in incoming(team, rows).faults] == [DRAFT]


def test_the_page_says_what_was_done_and_what_was_passed_over(
    cast: Cast, team: Team, post: Post, client: Client
) -> None:
    client.force_login(cast.leader)
    client.cookies["lang"] = "en"
    address = reverse("staffing:import_shifts", args=[team.pk])

    def send(rows: Rows) -> Any:
        data = write_book([Sheet("Ca", [str(name) for name in rows[0]], rows[1:])])
        return client.post(address, {"file": SimpleUploadedFile("ca.xlsx", data)})

    rows = edited(cast, team, (GUIDES, "at_most", 4))
    shown = send(rows)
    assert shown.status_code == 200
    text = shown.content.decode()
    for words in ("1 shift was changed.", "This shift has begun or is over", "This shift is called off"):
        assert words in text
    sound = [rows[0], rows[GUIDES - 1], rows[SPEAKER - 1]]
    answer = send(sound)
    assert answer.headers["Location"] == reverse("staffing:week", args=[team.pk])
    text = client.get(answer.headers["Location"]).content.decode()
    assert "Nothing was changed: the table says what is there already." in text


@pytest.mark.parametrize("number", [1, 3])
def test_reading_costs_the_same_for_one_shift_and_three(cast: Cast, team: Team, number: int) -> None:
    post = make_post(team)
    for day in range(number):
        make_sign_up(make_shift(post, day=SHIFT_DAY + timedelta(days=day)), cast.volunteer)
    data = outgoing(cast, team)
    with CaptureQueriesContext(connection) as seen:
        assert import_shifts(by=None, now=NOW, team=team, file=io.BytesIO(data)).same == number
    assert len(seen) == 10, "\n".join(query["sql"][:120] for query in seen)


def test_no_two_columns_share_a_name_in_any_language() -> None:
    names = [column.names() for column in ALL_COLUMNS]
    assert len(set.union(*names)) == sum(map(len, names))
    assert len(settings.LANGUAGES) == 3
