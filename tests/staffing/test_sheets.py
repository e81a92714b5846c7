"""Shifts as spreadsheets: what goes out can be read, what comes in is saved whole or not at all."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from python_calamine import load_workbook

from nhipcau.core import clock
from nhipcau.core.sheets import Sheet, UnableToReadFile, write_book
from nhipcau.shifts.enums import ClosureReason, ShiftState
from nhipcau.shifts.models import Post, Shift, ShiftNeed
from nhipcau.shifts.rules.editing import UnableToEditRoster
from nhipcau.staffing.services.closures import close_place
from nhipcau.staffing.services.sheets import Imported, import_shifts
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Team
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_post, make_shift, make_sign_up, make_team

DAY = date(2025, 7, 7)
TITLES = ("Date", "From", "Until", "Post", "Role", "At least", "Best", "At most", "Skills", "Languages")
GOOD = ("7/7/2025", "7:00", "11:30", "Bàn hướng dẫn", "Hướng dẫn", 1, 2, 3, "", "")


@pytest.fixture
def team(cast: Cast) -> Team:
    return make_team(cast)


@pytest.fixture
def post(team: Team) -> Post:
    return make_post(team)


def book(rows: Sequence[Sequence[Any]], titles: Sequence[str] = TITLES) -> io.BytesIO:
    return io.BytesIO(write_book([Sheet("Ca trực", titles, rows)]))


def take(team: Team, *rows: Sequence[Any]) -> Imported:
    with override("en"):
        return import_shifts(by=None, now=NOW, team=team, file=book(rows))


def faults(done: Imported) -> list[tuple[int, str]]:
    return [(fault.row, str(fault.message)) for fault in done.faults]


def test_rows_become_shifts_with_their_roles(team: Team, post: Post) -> None:
    speaks = (*GOOD[:4], "Nói K’Ho", 1, 1, 1, "land", "K’Ho (Mother tongue); vi")
    later = (date(2025, 7, 8), "13h30", "17:00", "ban huong dan", "Hướng dẫn", 0, 1, 2, "", "kpm")
    done = take(team, GOOD, speaks, later)
    assert done == Imported(made=2, first=DAY)
    first, second = Shift.objects.order_by("starts_at")
    assert (first.state, first.rule, first.post) == (ShiftState.DRAFT, None, post)
    assert second.starts_at - first.starts_at == timedelta(days=1, hours=6, minutes=30)
    need = first.needs.get(title="Nói K’Ho")
    assert (need.qualifications, need.languages) == (["land"], {"kpm": "native", "vi": "good"})
    assert [need.title for need in first.needs.order_by("position")] == ["Hướng dẫn", "Nói K’Ho"]
    assert second.needs.get().languages == {"kpm": "good"}


@pytest.mark.parametrize(
    ("at", "value", "words"),
    [
        (0, "31/2/2025", "no such date"),
        (0, "3/7/2025", "from tomorrow"),
        (0, "8/7/2026", "until a year"),
        (1, "25:00", "hours and minutes"),
        (2, "6:00", "ends after it begins"),
        (3, "Chợ", "no such post"),
        (4, "", "name of at most 60"),
        (5, 4, "not more than"),
        (6, "two", "whole number"),
        (7, 61, "from 0 to 60"),
        (8, "nothing", "no such skill: nothing"),
        (9, "Klingon", "no such language: Klingon"),
        (9, "kpm (best)", "no such level"),
    ],
)
def test_every_fault_has_its_row_and_nothing_is_saved(
    team: Team, post: Post, at: int, value: Any, words: str
) -> None:
    wrong = list(GOOD)
    wrong[at] = value
    afternoon = (GOOD[0], "13:30", "17:00", *GOOD[3:])
    done = take(team, afternoon, wrong)
    assert [row for row, _message in faults(done)] == [3]
    assert words in faults(done)[0][1]
    assert not Shift.objects.exists()


def test_several_faults_come_together(team: Team, post: Post) -> None:
    wrong = ("x", "y", "z", "Chợ", "A", "b", 1, 1, "", "")
    assert [row for row, _message in faults(take(team, wrong))] == [2] * 5


def test_what_stands_in_the_way(cast: Cast, team: Team, post: Post) -> None:
    make_shift(post, hours=(11, 12))
    assert faults(take(team, GOOD)) == [(2, "This post has another shift at this time.")]
    Shift.objects.update(state=ShiftState.CANCELLED, reason="other")
    overlap = (GOOD[0], "8:00", "9:00", *GOOD[3:])
    assert faults(take(team, GOOD, overlap)) == [(3, "This post has another shift at this time.")]
    other_end = (GOOD[0], "7:00", "9:00", "Bàn hướng dẫn", "B", 1, 1, 1, "", "")
    assert faults(take(team, GOOD, other_end))[0][1].startswith("Row 2 says")
    assert faults(take(team, GOOD, GOOD)) == [(3, "Two roles have the same name.")]
    close_place(
        by=None, now=NOW, commune=cast.commune, point=None, reason=ClosureReason.FLOOD, starts_on=DAY,
        ends_on=DAY + timedelta(days=1),
    )  # fmt: skip
    assert faults(take(team, GOOD)) == [(2, "Closed on this day: Flood.")]


def test_wrong_columns_empty_lists_and_ten_thousand_rows_are_refused(team: Team, post: Post) -> None:
    with override("en"):
        for titles in (TITLES[1:], (*TITLES[:9], "Weather"), (*TITLES[:9], "Date")):
            with pytest.raises(UnableToReadFile):
                import_shifts(by=None, now=NOW, team=team, file=book([GOOD], titles))
        with pytest.raises(UnableToReadFile, match="2,000"):
            import_shifts(by=None, now=NOW, team=team, file=book([GOOD] * 10_000))
        assert faults(take(team)) == [(1, "There is no row below the names of the columns.")]
        with pytest.raises(UnableToReadFile):
            import_shifts(by=None, now=NOW, team=team, file=io.BytesIO(b"\x00\xff\xfe nothing"))
    assert not Shift.objects.exists()


def test_formulas_and_joined_cells_are_faults_of_their_rows(team: Team, post: Post) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, TITLES)
        for row in (1, 2, 3):
            page.write_row(row, 0, (f"{6 + row}/7/2025", *GOOD[1:]))
        page.write_formula(2, 5, "=1+1")
        page.merge_range(3, 8, 3, 9, "kpm")
    buffer.seek(0)
    with override("en"):
        done = import_shifts(by=None, now=NOW, team=team, file=buffer)
    assert [row for row, _message in faults(done)] == [3, 4]
    assert "formula" in faults(done)[0][1]
    assert "joined" in faults(done)[1][1]
    assert not Shift.objects.exists()


def test_a_plain_csv_will_do(team: Team, post: Post) -> None:
    plain = b"date,from,until,post,role,at least,best,at most\n2025-07-07,7:00,9:00,ban huong dan,A,1,1,1\n"
    assert import_shifts(by=None, now=NOW, team=team, file=io.BytesIO(plain)).made == 1


def test_strangers_bring_no_list(cast: Cast, team: Team, post: Post) -> None:
    for stranger in (cast.outsider, cast.volunteer, cast.official):
        with pytest.raises(UnableToEditRoster):
            import_shifts(by=actor_of(stranger, NOW), now=NOW, team=team, file=book([GOOD]))


def test_pages_of_a_list(cast: Cast, team: Team, post: Post, client: Client) -> None:
    client.force_login(cast.leader)
    client.cookies["lang"] = "en"
    address = reverse("staffing:import_shifts", args=[team.pk])
    day = clock.local_date(clock.now()) + timedelta(days=7)
    for value, status in (("Chợ", 422), ("Bàn hướng dẫn", 302)):
        data = book([(day, *GOOD[1:3], value, *GOOD[4:])]).getvalue()
        answer = client.post(address, {"file": SimpleUploadedFile("ca.xlsx", data)})
        assert answer.status_code == status
    assert Shift.objects.get().day == day
    template = client.get(reverse("staffing:shift_template", args=[team.pk])).content
    again = client.post(address, {"file": SimpleUploadedFile("mau.xlsx", template)})
    assert again.status_code == 422, "the example row stands in the way of the shift made before"


def test_a_period_goes_out_with_cover_and_names(cast: Cast, team: Team, post: Post, client: Client) -> None:
    need = make_shift(post, languages={"kpm": "good"}, title="=cmd()")
    make_sign_up(need, cast.volunteer)
    client.force_login(cast.official)
    client.cookies["lang"] = "en"
    answer = client.get(reverse("staffing:export_shifts", args=[team.pk]), {"from": "2025-07-07"})
    assert answer["Content-Disposition"] == 'attachment; filename="shifts-2025-07-07.xlsx"'
    with load_workbook(io.BytesIO(answer.content)) as read:
        head, row = read.get_sheet_by_index(0).to_python()
    assert head[:10] == list(TITLES)
    assert row[3:5] == ["Bàn hướng dẫn", "=cmd()"]
    assert row[9:] == ["kpm (good)", "Open", 1.0, "Enough", cast.volunteer.name, str(need.pk)]
    assert ShiftNeed.objects.count() == 1
