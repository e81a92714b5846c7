"""By mail, to a real server: words, troubles, retries, gathering, quiet hours, the ceiling."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from config.settings import _smtp as read_smtp
from nhipcau.messaging import queries, services
from nhipcau.messaging.enums import Channel, DeliveryState, Kind, Trouble
from nhipcau.messaging.models import Address, Delivery, Message
from nhipcau.messaging.rules import MOST_ATTEMPTS, Wishes
from tests.factories.messages import confirmed_email, tell

from .conftest import MORNING, NIGHT, NOW, MailServer

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=10)


@pytest.fixture
def reader(lan: UUID, mail_server: MailServer) -> UUID:
    """Somebody with a confirmed address; the mail with the code is not counted."""
    confirmed_email(lan, NOW)
    return lan


def deliver(now: object) -> int:
    count = 0
    while services.deliver_next(now=now):  # type: ignore[arg-type]
        count += 1
        assert count < 50, "it never ends"
    return count


def mails_of(recipient: UUID) -> list[Delivery]:
    return list(Delivery.objects.filter(recipient=recipient, channel=Channel.EMAIL).order_by("id"))


def test_a_mail_says_what_where_and_how_to_stop_it(reader: UUID, mail_server: MailServer) -> None:
    tell(reader, NOW, subject="Ca trực đổi giờ", link="/roster/shifts/1/", language="vi")
    assert deliver(NOW) == 0
    deliver(SOON)
    (mail,) = mail_server.mails
    (row,) = mails_of(reader)
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "lan@example.vn",
        "nhipcau@example.vn",
        "Ca trực đổi giờ",
    )
    assert mail["Message-ID"] == f"<{row.pk}@example.vn>" == row.receipt
    assert "Bắt đầu lúc 7:00." in mail_server.text()
    assert "http://127.0.0.1:8000/roster/shifts/1/" in mail_server.text()
    assert "http://127.0.0.1:8000/messages/settings/" in mail_server.text()
    assert (row.state, row.attempts, row.settled_at) == (DeliveryState.DELIVERED, 1, SOON)


def test_several_changes_are_one_mail_but_three_in_the_inbox(reader: UUID, mail_server: MailServer) -> None:
    for minute, subject in enumerate(("Một", "Hai", "Ba & <b>")):
        tell(reader, NOW + timedelta(minutes=minute), subject=subject, body=f"Nội dung {subject}")
    deliver(SOON)
    assert len(mail_server.mails) == 1
    assert mail_server.subjects()[0].startswith("Một")
    for subject in ("1. Một", "2. Hai", "3. Ba & <b>"):
        assert subject in mail_server.text()
    assert sorted(row.state for row in mails_of(reader)) == ["delivered", "gathered", "gathered"]
    assert queries.unread_count(reader) == 3
    assert deliver(SOON + timedelta(days=1)) == 0


def test_an_urgent_one_goes_at_once_and_takes_the_others_along(reader: UUID, mail_server: MailServer) -> None:
    tell(reader, NOW, subject="Lịch mới")
    tell(reader, NOW, subject="Ca hôm nay bị huỷ", urgent=True)
    deliver(NOW)
    assert mail_server.subjects()[0].startswith("Ca hôm nay bị huỷ")
    assert "2. Lịch mới" in mail_server.text()


def test_quiet_hours_hold_until_morning(reader: UUID, mail_server: MailServer) -> None:
    tell(reader, NIGHT, subject="Đêm")
    tell(reader, NIGHT + timedelta(hours=2), subject="Khuya", urgent=True)
    deliver(NIGHT + timedelta(hours=3))
    assert mail_server.mails == []
    assert {(row.state, row.next_try_at) for row in mails_of(reader)} == {(DeliveryState.HELD, MORNING)}
    deliver(MORNING - timedelta(seconds=1))
    assert mail_server.mails == []
    deliver(MORNING)
    assert len(mail_server.mails) == 1


def test_who_allows_it_hears_urgent_things_at_night(reader: UUID, mail_server: MailServer) -> None:
    services.set_wishes(recipient=reader, wishes=Wishes(urgent_at_night=True), declined=())
    tell(reader, NIGHT, subject="Thường")
    deliver(NIGHT + timedelta(minutes=10))
    assert mail_server.mails == []
    tell(reader, NIGHT + timedelta(minutes=20), subject="Gấp", urgent=True)
    deliver(NIGHT + timedelta(minutes=20))
    assert mail_server.subjects()[0].startswith("Gấp")


def test_the_sixth_of_a_day_waits_and_comes_with_the_seventh(reader: UUID, mail_server: MailServer) -> None:
    for number in range(7):
        moment = NOW + timedelta(minutes=30 * number)
        tell(reader, moment, subject=f"Số {number}")
        deliver(moment + timedelta(minutes=10))
    assert len(mail_server.mails) == 5
    tell(reader, NOW + timedelta(hours=5), subject="Gấp", urgent=True, kind=Kind.SHIFT_CHANGE)
    deliver(NOW + timedelta(hours=5))
    assert len(mail_server.mails) == 6
    assert mail_server.subjects()[5].startswith("Gấp")
    assert "Số 5" in mail_server.text()
    assert "Số 6" in mail_server.text()
    assert queries.unread_count(reader) == 8


def test_over_the_ceiling_comes_the_next_morning_as_one(reader: UUID, mail_server: MailServer) -> None:
    services.set_wishes(recipient=reader, wishes=Wishes(daily_ceiling=1), declined=())
    for number in range(4):
        moment = NOW + timedelta(minutes=30 * number)
        tell(reader, moment, subject=f"Số {number}")
        deliver(moment + timedelta(minutes=10))
    assert len(mail_server.mails) == 1
    deliver(MORNING - timedelta(minutes=1))
    assert len(mail_server.mails) == 1
    deliver(MORNING)
    assert len(mail_server.mails) == 2
    assert all(f"Số {number}" in mail_server.text() for number in (1, 2, 3))


def test_a_busy_server_is_asked_again_later_and_later(reader: UUID, mail_server: MailServer) -> None:
    mail_server.answer = "451 later"
    tell(reader, NOW)
    waits, moment = [], SOON
    for _attempt in range(4):
        deliver(moment)
        (row,) = mails_of(reader)
        assert (row.state, row.trouble) == (DeliveryState.FAILED, Trouble.BUSY)
        waits.append(row.next_try_at - moment)
        assert deliver(row.next_try_at - timedelta(seconds=1)) == 0
        moment = row.next_try_at
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    mail_server.answer = "250 OK"
    deliver(moment)
    (row,) = mails_of(reader)
    assert (row.state, row.attempts, row.trouble, len(mail_server.mails)) == ("delivered", 5, "", 1)


def test_what_failed_is_tried_as_it_was_and_later_ones_apart(reader: UUID, mail_server: MailServer) -> None:
    """A mail that perhaps arrived after all has the same identifier: nothing new may be in it."""
    mail_server.answer = "451 later"
    tell(reader, NOW, subject="Một")
    tell(reader, NOW, subject="Hai")
    deliver(SOON)
    tell(reader, SOON, subject="Ba")
    mail_server.answer = "250 OK"
    deliver(SOON + timedelta(minutes=30))
    assert len(mail_server.mails) == 2
    assert "Một" in mail_server.text(0)
    assert "Hai" in mail_server.text(0)
    assert "Ba" not in mail_server.text(0)
    assert mail_server.subjects()[1] == "Ba"


def test_after_a_day_of_trouble_it_is_given_up(
    reader: UUID, settings: Settings, mail_server: MailServer
) -> None:
    settings.SMTP = read_smtp("smtp://127.0.0.1:1/?from=nhipcau@example.vn")
    services.set_wishes(
        recipient=reader, wishes=Wishes(quiet_from=NOW.time(), quiet_until=NOW.time()), declined=()
    )
    tell(reader, NOW)
    moment = SOON
    for _attempt in range(MOST_ATTEMPTS):
        deliver(moment)
        (row,) = mails_of(reader)
        moment = row.next_try_at
    assert (row.state, row.trouble, row.attempts) == ("given_up", Trouble.UNREACHABLE, MOST_ATTEMPTS)
    assert timedelta(hours=20) < row.settled_at - SOON < timedelta(days=2)  # type: ignore[operator]
    assert queries.unread_count(reader) == 1


@pytest.mark.parametrize("where", ["to_recipient", "answer"])
def test_a_refusal_is_final(reader: UUID, mail_server: MailServer, where: str) -> None:
    setattr(mail_server, where, "550 no such user")
    tell(reader, NOW)
    deliver(SOON)
    (row,) = mails_of(reader)
    assert (row.state, row.trouble, row.attempts) == ("given_up", Trouble.REFUSED, 1)


def test_wishes_hold_for_what_already_waits(reader: UUID, mail_server: MailServer) -> None:
    tell(reader, NOW)
    declined = {(Kind.SHIFT_REMINDER.value, Channel.EMAIL.value)}
    services.set_wishes(recipient=reader, wishes=Wishes(), declined=declined)
    deliver(SOON)
    assert [row.state for row in mails_of(reader)] == ["declined"]
    assert mail_server.mails == []


def test_an_address_taken_away_and_old_news_are_given_up(reader: UUID, mail_server: MailServer) -> None:
    tell(reader, NOW)
    deliver(NOW + timedelta(days=4))
    assert [row.trouble for row in mails_of(reader)] == [Trouble.TOO_OLD]
    tell(reader, NOW + timedelta(days=4))
    services.remove_address(recipient=reader, address_id=Address.objects.get(recipient=reader).pk)
    deliver(NOW + timedelta(days=4, hours=1))
    assert [row.trouble for row in mails_of(reader)] == [Trouble.TOO_OLD, Trouble.NO_ADDRESS]
    assert mail_server.mails == []


def test_mail_switched_off_is_given_up(reader: UUID, mail_server: MailServer, settings: Settings) -> None:
    tell(reader, NOW)
    settings.SMTP = None
    deliver(SOON)
    assert [row.trouble for row in mails_of(reader)] == [Trouble.CHANNEL_OFF]
    tell(reader, NOW)
    assert len(mails_of(reader)) == 1


def test_the_code_proves_the_address(lan: UUID, mail_server: MailServer) -> None:
    now = timezone.now()
    row = services.give_email(
        recipient=lan, email=" Lan@Example.vn ", commune="24848", language="en", now=now
    )
    assert (row.verified_at, row.unit_code) == (None, "24848")
    services.send_code(address_id=row.pk, language="en", now=now)
    (mail,) = mail_server.mails
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", str(mail["Subject"]))
    assert found is not None
    tell(lan, now, urgent=True)
    assert mails_of(lan) == []
    services.confirm_email(recipient=lan, code=found[0].lower().replace("-", " "), now=now)
    row.refresh_from_db()
    assert (row.verified_at, row.code) == (now, "")
    again = services.give_email(recipient=lan, email="lan@example.vn", commune="", language="vi", now=now)
    assert again.pk == row.pk
    other = services.give_email(recipient=lan, email="khac@example.vn", commune="", language="vi", now=now)
    assert list(Address.objects.filter(recipient=lan)) == [other]


def test_codes_run_out_by_time_and_by_tries(lan: UUID, mail_server: MailServer) -> None:
    row = services.give_email(recipient=lan, email="lan@example.vn", commune="", language="vi", now=NOW)
    with pytest.raises(services.UnableToConfirm):
        services.confirm_email(recipient=lan, code=row.code, now=NOW + timedelta(hours=1))
    with pytest.raises(services.UnableToConfirm):
        services.confirm_email(recipient=lan, code="nonsense", now=NOW)
    row = services.give_email(recipient=lan, email="lan@example.vn", commune="", language="vi", now=NOW)
    for _try in range(5):
        with pytest.raises(services.UnableToConfirm):
            services.confirm_email(recipient=lan, code="2222-2222", now=NOW)
    with pytest.raises(services.UnableToConfirm):
        services.confirm_email(recipient=lan, code=row.code, now=NOW)
    services.send_code(address_id=row.pk, language="vi", now=NOW + timedelta(hours=2))
    assert mail_server.mails == []


@pytest.mark.parametrize(
    "text", ["", "lan", "lan@", "a@b.vn\nBcc: c@d.vn", "lân@example.vn", "x" * 250 + "@a.vn"]
)
def test_what_is_no_address(lan: UUID, mail_server: MailServer, text: str) -> None:
    with pytest.raises(services.UnableToReadEmail):
        services.give_email(recipient=lan, email=text, commune="", language="vi", now=NOW)


def test_without_a_mail_server_no_address_is_taken(lan: UUID, settings: Settings) -> None:
    settings.SMTP = None
    with pytest.raises(services.UnableToSendMail):
        services.give_email(recipient=lan, email="lan@example.vn", commune="", language="vi", now=NOW)


def test_forgetting_a_person_and_what_is_old(reader: UUID, mail_server: MailServer) -> None:
    tell(reader, NOW - timedelta(days=181))
    kept = tell(reader, NOW)
    assert services.forget_old(now=NOW) == 1
    assert services.forget_old(now=NOW) == 0
    assert list(Message.objects.filter(to=reader)) == [kept]
    services.set_wishes(recipient=reader, wishes=Wishes(), declined={("hours", "email")})
    services.forget(recipient=reader)
    assert not Message.objects.filter(to=reader).exists()
    assert queries.addresses_of(reader) == []
    assert queries.declined_by(reader) == set()


def test_the_server_is_named_in_one_line() -> None:
    assert read_smtp("") is None
    found = read_smtp("smtp+starttls://user%40x:p%2Fw@mail.example.vn/?from=a@example.vn")
    assert found == {
        "server": {
            "host": "mail.example.vn",
            "port": 587,
            "username": "user@x",
            "password": "p/w",
            "use_ssl": False,
            "use_tls": True,
        },
        "sender": "a@example.vn",
    }
    secure = read_smtp("smtps://mail.example.vn")
    assert secure is not None
    assert (secure["server"]["port"], secure["server"]["use_ssl"]) == (465, True)
