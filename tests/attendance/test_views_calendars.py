"""Calendar feeds read back by the library that phones' software is like, and the board on the wall."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar, Component

from nhipcau.attendance import services
from nhipcau.core.clock import VIETNAM
from nhipcau.places.enums import PointKind
from nhipcau.places.services import add_service_point
from nhipcau.shifts.models import Post, Shift
from nhipcau.signups import services as signup_services
from nhipcau.signups.enums import SignUpState
from nhipcau.teams.models import Member, MemberLanguage
from nhipcau.teams.services import close_account
from tests.attendance.conftest import END, START, Morning
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import SHIFT_DAY, make_member, make_shift, make_sign_up

Freeze = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def now(frozen: Freeze) -> None:
    frozen(NOW)


@pytest.fixture
def feed(morning: Morning) -> str:
    return reverse("attendance:calendar", args=[services.renew_own_feed(by=morning.volunteer, now=NOW).token])


@pytest.fixture
def post_feed(morning: Morning) -> str:
    row = services.renew_post_feed(post_id=morning.post.pk, by=morning.leader, now=NOW)
    return reverse("attendance:calendar", args=[row.token])


def read(client: Client, url: str) -> tuple[Component, list[Component]]:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    body = answer.content
    assert all(len(line) <= 75 for line in body.split(b"\r\n")), "folded to 75 octets"
    assert b"\n" not in body.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(body)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Ho_Chi_Minh"]
    return calendar, list(calendar.walk("VEVENT"))


def test_a_shift_as_an_event(morning: Morning, client: Client, feed: str) -> None:
    calendar, (event,) = read(client, feed)
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (START, END)
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert event.decoded("DTSTART").astimezone(VIETNAM).hour == 7
    assert str(event["STATUS"]) == "CONFIRMED"
    assert str(event["UID"]) == f"{morning.sign_up.pk}@nhipcau"
    assert "Hướng dẫn" in str(event["SUMMARY"])
    assert "Xã Lạc Dương" in str(event["LOCATION"])


def test_the_calendar_of_somebody_who_left_is_dead(morning: Morning, client: Client, feed: str) -> None:
    assert client.get(feed).status_code == 200
    close_account(by=None, now=NOW, member=morning.volunteer.member)
    assert client.get(feed).status_code == 404


def test_long_vietnamese_words_are_folded_and_come_back(morning: Morning, client: Client, feed: str) -> None:
    name = "Bàn hướng dẫn người dân nộp hồ sơ trực tuyến tại Trung tâm Phục vụ hành chính công"
    Post.objects.filter(pk=morning.post.pk).update(
        name=name, place_name="Nhà số 12, tổ dân phố Bon Đưng; tầng 1"
    )
    _calendar, (event,) = read(client, feed)
    assert name in str(event["SUMMARY"])
    assert str(event["LOCATION"]).startswith("Nhà số 12, tổ dân phố Bon Đưng; tầng 1, ")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (SignUpState.APPLIED, "TENTATIVE"),
        (SignUpState.STAND_IN_SOUGHT, "TENTATIVE"),
        (SignUpState.ATTENDED, "CONFIRMED"),
        (SignUpState.NO_SHOW, "CONFIRMED"),
        (SignUpState.EXCUSED, "CANCELLED"),
        (SignUpState.SWAPPED, "CANCELLED"),
        (SignUpState.CANCELLED, "CANCELLED"),
    ],
)
def test_each_state_has_its_status(
    morning: Morning, client: Client, feed: str, state: SignUpState, status: str
) -> None:
    type(morning.sign_up).objects.filter(pk=morning.sign_up.pk).update(state=state, reason="family")
    _calendar, (event,) = read(client, feed)
    assert str(event["STATUS"]) == status


def test_every_change_raises_the_sequence(morning: Morning, client: Client, feed: str) -> None:
    def seen() -> tuple[int, str]:
        _calendar, (event,) = read(client, feed)
        return int(event["SEQUENCE"]), str(event["STATUS"])

    before, _status = seen()
    Shift.objects.filter(pk=morning.shift.pk).update(ends_at=END + timedelta(hours=1))
    moved, status = seen()
    assert (moved, status) == (before + 1, "CONFIRMED")
    signup_services.cancel(sign_up_id=morning.sign_up.pk, by=morning.volunteer, now=NOW, reason="family")
    assert seen() == (moved + 1, "CANCELLED")


def test_a_shift_called_off_is_cancelled_and_a_draft_is_nobodys_business(
    morning: Morning, client: Client, feed: str, post_feed: str
) -> None:
    Shift.objects.filter(pk=morning.shift.pk).update(state="cancelled", reason="post_closed")
    for url in (feed, post_feed):
        _calendar, (event,) = read(client, url)
        assert str(event["STATUS"]) == "CANCELLED"
    Shift.objects.filter(pk=morning.shift.pk).update(state="draft", reason="")
    for url in (feed, post_feed):
        assert read(client, url)[1] == []


def test_the_calendar_of_a_post_has_numbers_and_no_names(
    morning: Morning, client: Client, post_feed: str
) -> None:
    morning.need.minimum, morning.need.ideal = 3, 3
    morning.need.save(update_fields=["minimum", "ideal"])
    _calendar, (event,) = read(client, post_feed)
    assert "1" in str(event["SUMMARY"])
    assert "2" in str(event["SUMMARY"])
    assert str(event["TRANSP"]) == "TRANSPARENT"
    body = client.get(post_feed).content.decode().replace("\r\n ", "")
    assert morning.volunteer.name not in body
    before = int(event["SEQUENCE"])
    ban = make_member("ban")
    signup_services.put_on(
        need_id=morning.need.pk, member_id=ban.pk, by=morning.leader, now=NOW, note="Thêm người"
    )
    _calendar, (event,) = read(client, post_feed)
    assert int(event["SEQUENCE"]) > before
    assert ban.name not in client.get(post_feed).content.decode().replace("\r\n ", "")


def test_nothing_of_others_and_nothing_without_the_address(
    morning: Morning, client: Client, feed: str
) -> None:
    make_sign_up(make_shift(morning.post, hours=(13.5, 17)), make_member("ban"))
    assert len(read(client, feed)[1]) == 1
    assert client.get(reverse("attendance:calendar", args=["x" * 27])).status_code == 404
    services.renew_own_feed(by=morning.volunteer, now=NOW)
    assert client.get(feed).status_code == 404


def test_a_phone_that_knows_it_already_gets_nothing_again(
    morning: Morning, client: Client, feed: str
) -> None:
    first = client.get(feed)
    assert first["Last-Modified"].endswith("GMT")
    again = client.get(feed, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    signup_services.cancel(sign_up_id=morning.sign_up.pk, by=morning.volunteer, now=NOW, reason="work")
    assert client.get(feed, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_what_feeds_and_boards_cost(
    morning: Morning, client: Client, feed: str, post_feed: str, number: int, frozen: Freeze
) -> None:
    frozen(START)
    for day in range(1, number):
        make_sign_up(make_shift(morning.post, day=SHIFT_DAY + timedelta(days=day)), morning.volunteer.member)
    board = services.renew_board(
        post_id=morning.post.pk, whole_point=False, language="vi", by=morning.leader, now=NOW
    )
    for url, most in (
        (feed, 2),
        (post_feed, 2),
        (reverse("attendance:board", args=[board.token]), 5),
    ):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        assert len(seen) == most, [query["sql"][:90] for query in seen]


def wall_of(client: Client, morning: Morning, **query: str) -> str:
    row = services.renew_board(
        post_id=morning.post.pk, whole_point="point" in query, language="en", by=morning.leader, now=NOW
    )
    answer = client.get(reverse("attendance:board", args=[row.token]))
    assert answer["Refresh"] == "60"
    return answer.content.decode()


def test_the_wall_shows_who_helps_in_which_languages_and_no_more(
    morning: Morning, cast: Cast, client: Client, frozen: Freeze
) -> None:
    Member.objects.filter(pk=cast.volunteer.pk).update(name="Nguyễn Văn An", phone="0912 345 678")
    for language, level in (("kpm", "native"), ("vi", "native"), ("en", "some")):
        MemberLanguage.objects.create(member=cast.volunteer, language=language, level=level)
    morning.came(leave=None)
    morning.put(make_member("ban", name="Trần Thị Bình"))
    morning.need.minimum = morning.need.ideal = 4
    morning.need.save(update_fields=["minimum", "ideal"])
    frozen(START + timedelta(hours=1))
    text = wall_of(client, morning)
    for words in ("An N.", "Bình T.", "is here", "2 more people are needed", "Helping now"):
        assert words in text
    for secret in ("Nguyễn Văn An", "0912", "Trần Thị", "English</span>", str(cast.volunteer.pk)):
        assert secret not in text
    frozen(END)
    assert "An N." not in wall_of(client, morning)


def test_a_board_of_a_whole_point_shows_all_its_posts(morning: Morning, cast: Cast, client: Client) -> None:
    point = add_service_point(by=None, now=NOW, commune="24848", kind=PointKind.CENTRE, name="Trung tâm Mẫu")
    Post.objects.filter(pk=morning.post.pk).update(point=point)
    second = Post.objects.create(
        team=morning.team, commune=cast.commune, point=point, name="Bàn quét giấy tờ", active_from=SHIFT_DAY
    )
    make_shift(second, day=NOW.date() + timedelta(days=1))
    make_shift(morning.post, day=NOW.date() + timedelta(days=1))
    text = wall_of(client, morning, point="1")
    assert "Trung tâm Mẫu" in text
    assert "Bàn quét giấy tờ" in text
    assert "Bàn hướng dẫn" in text
