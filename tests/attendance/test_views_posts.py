"""The code at the post, the scan, the sheet, approval: as people use them, without a script."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.attendance import services
from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.models import Attendance, Board, CalendarFeed, WalkIn
from nhipcau.attendance.rules.codes import code_at, typed_at
from nhipcau.shifts.models import Shift
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.teams.models import Member
from tests.attendance.conftest import END, START, Morning
from tests.factories.cast import PASSWORD, Cast
from tests.factories.rosters import make_member, make_shift, make_sign_up

SignIn = Callable[[Member], Client]
Freeze = Callable[[datetime], None]


def scan_url(morning: Morning, at: datetime) -> str:
    return reverse("attendance:scan", args=[code_at(morning.post.pk, at)])


def test_the_screen_shows_the_code_of_the_moment_and_renews_itself(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze
) -> None:
    frozen(START + timedelta(seconds=12))
    url = reverse("attendance:screen", args=[morning.post.pk])
    first = sign_in(cast.official).get(url)
    assert first["Refresh"] == "18"
    assert first["Cache-Control"] == "no-store"
    frozen(START + timedelta(seconds=29))
    second = sign_in(cast.leader).get(url)
    assert second["Refresh"] == "10"
    frozen(START + timedelta(seconds=39))
    third = sign_in(cast.leader).get(url)
    codes = [re.search(rb"<svg.*?</svg>", answer.content, re.S).group() for answer in (first, second, third)]  # type: ignore[union-attr]
    assert codes[0] == codes[1] != codes[2]
    assert typed_at(morning.post.pk, START) in first.content.decode()
    for stranger in (cast.outsider, cast.volunteer, cast.neighbour_volunteer, cast.province):
        assert sign_in(stranger).get(url).status_code == 404


def test_a_tablet_needs_nobody_signed_in_and_forgets_at_night(
    morning: Morning,
    sign_in: SignIn,
    cast: Cast,
    client: Client,
    frozen: Freeze,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frozen(START)
    monkeypatch.setattr("django.core.signing.time.time", START.timestamp)
    page = sign_in(cast.leader).get(reverse("attendance:post", args=[morning.post.pk])).content.decode()
    found = re.search(r'href="[^"]*(/attendance/screen/[^"]+)"', page)
    assert found is not None
    assert client.get(found.group(1)).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: START.timestamp() + 16 * 3600 + 1)
    assert client.get(found.group(1)).status_code == 404
    assert client.get(reverse("attendance:device_screen", args=["x:y:z"])).status_code == 404


def test_scan_sign_in_and_press_one_button(morning: Morning, client: Client, frozen: Freeze) -> None:
    """The sign-in takes longer than the code is good: the scan counts."""
    frozen(START)
    url = scan_url(morning, START)
    to_login = client.get(url)
    assert to_login["Location"].startswith(reverse("account_login"))
    frozen(START + timedelta(minutes=4))
    back = client.post(reverse("account_login"), {"login": "volunteer", "password": PASSWORD, "next": url})
    assert back["Location"] == url
    page = client.get(url)
    assert "I am here" in client.get(url + "?lang=en").content.decode()
    assert page.status_code == 200
    assert not Attendance.objects.exists(), "looking is not coming"
    answer = client.post(url, {"do": "come", "id": str(morning.shift.pk)})
    assert answer["Location"] == reverse("attendance:mine")
    row = Attendance.objects.get()
    assert (row.checked_in_at, row.recorded_at) == (START, START + timedelta(minutes=4))
    frozen(END)
    out = scan_url(morning, END)
    assert "I am leaving now" in client.get(out + "?lang=en").content.decode()
    client.post(out, {"do": "leave", "id": str(row.pk)})
    row.refresh_from_db()
    assert (row.state, row.method_out) == (AttendanceState.RECORDED, "qr")


def test_an_old_code_says_scan_again(morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze) -> None:
    frozen(START + timedelta(minutes=2))
    client = sign_in(cast.volunteer)
    for code in (code_at(morning.post.pk, START), "nonsense"):
        url = reverse("attendance:scan", args=[code])
        assert "Scan once more" in client.get(url + "?lang=en").content.decode()
        client.post(url, {"do": "come", "id": str(morning.shift.pk)})
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("body", [{}, {"do": "come"}, {"do": "come", "id": "x"}, {"do": "rob", "id": "x"}])
def test_nonsense_changes_nothing(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze, body: dict[str, str]
) -> None:
    frozen(START)
    assert sign_in(cast.volunteer).post(scan_url(morning, START), body).status_code == 302
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ("2025-07-07T07:00:00+07:00", True),
        ("2025-07-07T00:00:00+23:59", True),
        ("2025-07-07T07:00:00", False),
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-23:59", False),
        ("2025-02-30T07:00:00+07:00", False),
        ("yesterday", False),
    ],
)
def test_a_wrong_clock_stops_nobody(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze, claimed: str, kept: bool
) -> None:
    moment = datetime.fromisoformat("2025-07-07T07:00:00+07:00")
    assert moment == START, "the samples speak of the day of the shift"
    frozen(START)
    body = {"do": "come", "id": str(morning.shift.pk), "claimed": claimed}
    assert sign_in(cast.volunteer).post(scan_url(morning, START), body).status_code == 302
    assert (Attendance.objects.get().claimed_at is not None) == kept


def test_an_evening_may_end_after_midnight(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze
) -> None:
    need = make_shift(morning.post, hours=(19, 23))
    row = make_sign_up(need, cast.volunteer)
    frozen(row.ends_at + timedelta(hours=9))
    answer = sign_in(cast.leader).post(
        reverse("attendance:sheet", args=[need.shift_id]),
        {
            "method": "leader",
            f"{row.pk}-came": "came",
            f"{row.pk}-came_at": "19:00",
            f"{row.pk}-left_at": "00:20",
        },
    )
    assert answer.status_code == 302
    assert Attendance.objects.get().minutes_measured == 320


def test_somebody_may_come_after_midnight(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze
) -> None:
    need = make_shift(morning.post, hours=(19, 23))
    row = make_sign_up(need, cast.volunteer)
    SignUp.objects.filter(pk=row.pk).update(ends_at=row.ends_at + timedelta(hours=3))
    Shift.objects.filter(pk=need.shift_id).update(ends_at=row.ends_at + timedelta(hours=3))
    frozen(row.ends_at + timedelta(hours=9))
    name = str(row.pk)
    answer = sign_in(cast.leader).post(
        reverse("attendance:sheet", args=[need.shift_id]),
        {
            "method": "leader",
            f"{name}-came": "came",
            f"{name}-came_at": "00:20",
            f"{name}-left_at": "01:50",
        },
    )
    assert answer.status_code == 302
    assert Attendance.objects.get().minutes_measured == 90


def test_what_was_filled_in_stays_when_the_person_checks_out_meanwhile(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze
) -> None:
    services.check_in(
        code=code_at(morning.post.pk, START), seen_at=START, shift_id=morning.shift.pk,
        by=morning.volunteer, now=START,
    )  # fmt: skip
    other = morning.put(make_member("ban"))
    row, name = Attendance.objects.get(), str(morning.sign_up.pk)
    frozen(END + timedelta(hours=1))
    client, url = sign_in(cast.leader), reverse("attendance:sheet", args=[morning.shift.pk])
    services.check_out(attendance_id=row.pk, by=morning.volunteer, now=END + timedelta(minutes=5))
    rest = {"method": "leader", f"{other.pk}-came": "did_not_come"}
    line = {f"{name}-came": "came", f"{name}-came_at": "07:00", f"{name}-left_at": "10:00"}
    answer = client.post(url + "?lang=en", rest | line)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Meanwhile something else was written down of this person" in page
    assert 'value="10:00"' in page
    other.refresh_from_db()
    assert other.state == SignUpState.CONFIRMED, "nothing was saved yet"
    # Not touched, said otherwise, or what is written already: the sheet is saved.
    assert client.post(url, rest | line | {f"{name}-came": ""}).status_code == 302
    assert client.post(url, rest | line | {f"{name}-left_at": ""}).status_code == 302
    assert client.post(url, rest | line | {f"{name}-left_at": "11:35"}).status_code == 302
    row.refresh_from_db()
    assert row.checked_out_at == END + timedelta(minutes=5)
    other.refresh_from_db()
    assert other.state == SignUpState.NO_SHOW


def test_correcting_when_somebody_came_keeps_the_seconds_of_leaving(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze
) -> None:
    left = END - timedelta(seconds=18)
    morning.came(leave=left)
    frozen(END + timedelta(days=1))
    name = str(morning.sign_up.pk)
    body = {
        f"{name}-came": "came",
        f"{name}-came_at": "07:10",
        f"{name}-left_at": "11:29",
        f"{name}-why": "Nhầm",
    }
    url = reverse("attendance:correct", args=[morning.sign_up.pk])
    assert sign_in(cast.leader).post(url, body).status_code == 302
    row = Attendance.objects.get()
    assert (row.checked_in_at, row.checked_out_at) == (START + timedelta(minutes=10), left)


def test_a_walk_in_from_the_phone_to_the_sheet(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze
) -> None:
    frozen(START)
    helper = make_member("helper", name="Lê Thị Giúp")
    client, url = sign_in(helper), scan_url(morning, START)
    assert "I want to help now" in client.get(url + "?lang=en").content.decode()
    client.post(url, {"do": "help", "id": str(morning.shift.pk)})
    asked = WalkIn.objects.get()
    leader, sheet = sign_in(cast.leader), reverse("attendance:sheet", args=[morning.shift.pk])
    assert "Lê Thị Giúp" in leader.get(sheet).content.decode()
    leader.post(reverse("attendance:answer_walk_in", args=[morning.shift.pk, asked.pk]), {"accept": "1"})
    assert Attendance.objects.get().member == helper


def test_the_sheet_by_hand(morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze) -> None:
    frozen(END + timedelta(hours=1))
    second = morning.put(make_member("ban"))
    client, url = sign_in(cast.leader), reverse("attendance:sheet", args=[morning.shift.pk])
    page = client.get(url).content.decode()
    assert 'value="07:00"' not in page, "times are never filled in from the plan"
    body = {
        "method": "paper",
        f"{morning.sign_up.pk}-came": "came",
        f"{morning.sign_up.pk}-came_at": "07:10",
        f"{morning.sign_up.pk}-left_at": "11:20",
        f"{second.pk}-came": "excused",
    }
    wrong = client.post(url, body)
    assert wrong.status_code == 422
    assert not Attendance.objects.exists()
    right = client.post(url, body | {f"{second.pk}-reason": "school"})
    assert right.status_code == 302
    row = Attendance.objects.get()
    assert (row.checked_in_at, row.minutes_measured) == (START + timedelta(minutes=10), 250)
    second.refresh_from_db()
    assert (second.state, second.reason) == (SignUpState.EXCUSED, "school")
    # What the service refuses stands with the person.
    third = morning.put(make_member("ban2"))
    late = client.post(
        url,
        {
            "method": "leader",
            f"{third.pk}-came": "came",
            f"{third.pk}-came_at": "02:00",
            f"{third.pk}-left_at": "11:00",
        },
    )
    assert late.status_code == 422
    assert f'href="#id_{third.pk}-came"' in late.content.decode()


def test_who_is_here_keeps_their_seconds_when_the_leader_writes_the_end(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze
) -> None:
    came = START + timedelta(seconds=42)
    services.check_in(
        code=code_at(morning.post.pk, came),
        seen_at=came,
        shift_id=morning.shift.pk,
        by=morning.volunteer,
        now=came,
    )
    frozen(END + timedelta(hours=1))
    name = str(morning.sign_up.pk)
    client = sign_in(cast.leader)
    url = reverse("attendance:sheet", args=[morning.shift.pk])
    assert 'value="07:00"' in client.get(url).content.decode()
    client.post(
        url,
        {"method": "leader", f"{name}-came": "came", f"{name}-came_at": "07:00", f"{name}-left_at": "11:30"},
    )
    row = Attendance.objects.get()
    assert (row.checked_in_at, row.method_in, row.method_out) == (came, "qr", "leader")


def test_a_correction_by_hand(morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze) -> None:
    morning.approved()
    frozen(END + timedelta(days=3))
    client, url = sign_in(cast.leader), reverse("attendance:correct", args=[morning.sign_up.pk])
    name = str(morning.sign_up.pk)
    assert client.post(url, {f"{name}-came": "did_not_come"}).status_code == 422
    done = client.post(url, {f"{name}-came": "did_not_come", f"{name}-why": "Nhầm người"})
    assert done.status_code == 302
    assert SignUp.objects.get(pk=morning.sign_up.pk).state == SignUpState.NO_SHOW
    assert "Nhầm người" in client.get(url).content.decode()


def test_adding_somebody_by_name(morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze) -> None:
    frozen(START + timedelta(minutes=5))
    helper = make_member("helper", name="Lê Thị Giúp")
    make_member("elsewhere", "24846", name="Lê Thị Xa")
    client, url = sign_in(cast.official), reverse("attendance:sheet", args=[morning.shift.pk])
    page = client.get(url, {"q": "lê thị"}).content.decode()
    assert "Lê Thị Giúp" in page
    assert "Lê Thị Xa" not in page
    client.post(
        reverse("attendance:walk_in", args=[morning.shift.pk]), {"member": helper.pk, "need": morning.need.pk}
    )
    assert Attendance.objects.get().member == helper
    client.post(reverse("attendance:walk_in", args=[morning.shift.pk]), {"member": "x", "need": "y"})
    assert Attendance.objects.count() == 1


def test_approving_by_ticks(morning: Morning, sign_in: SignIn, cast: Cast) -> None:
    row = morning.came()
    client, url = sign_in(cast.leader), reverse("attendance:approve")
    assert f"{row.pk}:270" in client.get(url).content.decode()
    for seen in ([], ["x"], [f"{row.pk}:x"], [f"{row.pk}:9999999"], [f"{row.pk}:255"]):
        client.post(url, {"seen": seen})
        row.refresh_from_db()
        assert row.state == AttendanceState.RECORDED
    client.post(url, {"seen": [f"{row.pk}:270"]})
    row.refresh_from_db()
    assert row.state == AttendanceState.APPROVED
    assert f"{row.pk}:270" not in client.get(url).content.decode()
    take_back = reverse("attendance:take_back", args=[row.pk])
    assert client.post(take_back, {"reason": ""}).status_code == 422
    assert client.post(take_back, {"reason": "Sai giờ"}).status_code == 302
    dispute = reverse("attendance:dispute", args=[row.pk])
    assert client.get(dispute).status_code == 404
    assert sign_in(cast.volunteer).post(dispute, {"reason": "Em ở lâu hơn"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason) == (AttendanceState.DISPUTED, "Em ở lâu hơn")


def test_boards_and_calendars_of_a_post_are_renewed_and_ended(
    morning: Morning, sign_in: SignIn, cast: Cast, client: Client
) -> None:
    leader, post = sign_in(cast.leader), morning.post.pk
    for _turn in range(2):
        leader.post(reverse("attendance:new_board", args=[post]))
        leader.post(reverse("attendance:new_post_feed", args=[post]))
    old, new = Board.objects.order_by("made_at")
    statuses = [client.get(reverse("attendance:board", args=[row.token])).status_code for row in (old, new)]
    assert statuses == [404, 200]
    dead, alive = CalendarFeed.objects.order_by("made_at")
    found = [
        client.get(reverse("attendance:calendar", args=[row.token])).status_code for row in (dead, alive)
    ]
    assert found == [404, 200]
    assert leader.post(reverse("attendance:new_board", args=[post]), {"point": "1"}).status_code == 404
    for stranger in (cast.outsider, cast.volunteer):
        other = sign_in(stranger)
        assert other.post(reverse("attendance:new_board", args=[post])).status_code == 404
        assert other.post(reverse("attendance:end_board", args=[post, new.pk])).status_code == 404
    leader.post(reverse("attendance:end_board", args=[post, new.pk]))
    assert client.get(reverse("attendance:board", args=[new.token])).status_code == 404


def test_the_paper_sheet_is_a_pdf(morning: Morning, sign_in: SignIn, cast: Cast) -> None:
    answer = sign_in(cast.official).get(reverse("attendance:paper", args=[morning.shift.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_somebody_whose_end_nobody_knows_does_not_hold_up_the_sheet(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Freeze
) -> None:
    row = morning.came(come=START + timedelta(seconds=42), leave=None)
    second = morning.put(make_member("ban"))
    frozen(END + timedelta(hours=1))
    body = {
        "method": "leader",
        f"{morning.sign_up.pk}-came": "came",
        f"{morning.sign_up.pk}-came_at": "07:00",
        f"{second.pk}-came": "did_not_come",
    }
    done = sign_in(cast.leader).post(reverse("attendance:sheet", args=[morning.shift.pk]), body)
    assert done.status_code == 302
    second.refresh_from_db()
    row.refresh_from_db()
    assert (second.state, row.state) == (SignUpState.NO_SHOW, AttendanceState.HERE)
