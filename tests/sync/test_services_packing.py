"""A phone gets what it needs, page by page, and what is gone goes from it."""

import json
from datetime import timedelta
from hashlib import sha256

from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhipcau.cases.models import Case
from nhipcau.sync.models import PackLedger
from nhipcau.sync.services.packing import Item, hand_out
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.classes import make_class
from tests.factories.phones import Phone, make_phone
from tests.factories.visiting import make_visit

from .conftest import Send, opening
from .test_operations_cases import results


def whole(
    phone: Phone, after: int = 0, epoch: str = "", language: str = "vi"
) -> tuple[dict[str, Item], int, str]:
    """All pages from a place on."""
    items: dict[str, Item] = {}
    while True:
        page = hand_out(
            device_id=phone.id, after=after, epoch=epoch, language=language, by=phone.actor(NOW), now=NOW
        )
        items |= {f"{item.kind}/{item.id}": item for item in page.items}
        after, epoch = page.next, page.epoch
        if not page.more:
            return items, after, epoch


def test_the_whole_pack_comes_once(phone: Phone) -> None:
    items, place, epoch = whole(phone)
    kinds = {item.kind for item in items.values()}
    assert {"me", "choices", "consent", "guide"} <= kinds
    assert items["me/me"].body
    assert items["me/me"].body["cut"] == {}
    assert whole(phone, place, epoch) == ({}, place, epoch)


def test_a_change_comes_alone_and_what_is_gone_too(phone: Phone, cast: Cast) -> None:
    _items, place, epoch = whole(phone)
    Member.objects.filter(pk=cast.volunteer.pk).update(name="Tên Mới")
    phone.member.refresh_from_db()
    items, place, epoch = whole(phone, place, epoch)
    assert list(items) == ["me/me"]
    cast.volunteer.grants.update(valid_until=NOW)
    items, _place, _epoch = whole(phone, place, epoch)
    assert items
    assert all(item.body is None for item in items.values())


def test_a_page_lost_on_the_road_is_asked_for_again(phone: Phone) -> None:
    first = hand_out(device_id=phone.id, after=0, epoch="", language="vi", by=phone.actor(NOW), now=NOW)
    again = hand_out(
        device_id=phone.id, after=0, epoch=first.epoch, language="vi", by=phone.actor(NOW), now=NOW
    )
    assert first == again
    assert first.more


def test_a_phone_that_knows_more_than_the_server_begins_anew(phone: Phone) -> None:
    _items, place, epoch = whole(phone)
    page = hand_out(
        device_id=phone.id, after=place + 50, epoch=epoch, language="vi", by=phone.actor(NOW), now=NOW
    )
    assert page.epoch != epoch
    assert page.items[0].sequence == 1


def test_the_ledger_holds_no_name(phone: Phone) -> None:
    whole(phone)
    assert phone.member.name not in json.dumps(PackLedger.objects.get().items, ensure_ascii=False)
    assert not Case.objects.exists()


def test_the_work_of_these_days_is_named_in_words(phone: Phone, cast: Cast) -> None:
    make_class(cast.leader, cast.volunteer)
    items, _place, _epoch = whole(phone)
    (found,) = [item.body for item in items.values() if item.kind == "class"]
    assert found is not None
    assert (found["title"], found["place"]) == ("Ứng dụng VNeID", "Nhà văn hoá thôn 3")


def test_nothing_of_another_commune_however_much_there_is(
    phone: Phone, cast: Cast, send: Send, case: Case
) -> None:
    """A full day, in each language: all of it of the places the member works in."""
    now = NOW
    for number in range(12):
        make_class(cast.leader, cast.volunteer, starts_at=now + timedelta(hours=3 * number))
        make_visit(cast, actor_of(cast.leader, now), begins=3 * number, hours=1)
        one = opening(phone)
        one["data"]["phone"] = f"09123451{number:02}"
        send(phone, one)
    theirs = make_phone(cast.neighbour_volunteer, now)
    send(theirs, opening(theirs, commune=cast.neighbour.pk))
    for language in ("vi", "th", "en"):
        items, _place, _epoch = whole(phone, language=language)
        bodies = [item.body for item in items.values() if item.body]
        mine = {place["code"] for place in items["me/me"].body["communes"]}  # type: ignore[index]  # it is there
        assert {body["commune"] for body in bodies if isinstance(body.get("commune"), str)} == mine
        assert len([item for item in items.values() if item.kind == "case"]) == 13


def test_a_tracking_card_is_known_again_without_its_link(phone: Phone, case: Case) -> None:
    items, _place, _epoch = whole(phone)
    body = items[f"case/{case.pk}"].body
    assert body
    assert body["card"] == sha256(case.token.encode()).hexdigest()[:32]
    assert case.token not in json.dumps(body)


def test_who_works_in_another_commune_now_takes_no_address_along(phone: Phone, cast: Cast) -> None:
    leader = actor_of(cast.leader, NOW)
    visit, taught = make_visit(cast, leader), make_class(cast.leader, cast.volunteer)
    keys = {f"visit/{visit.pk}", f"class/{taught.pk}"}
    items, place, epoch = whole(phone)
    assert keys <= items.keys()
    cast.volunteer.grants.update(unit_code=cast.neighbour.pk)
    phone.member = Member.objects.get(pk=phone.member.pk)
    items, _place, _epoch = whole(phone, place, epoch)
    assert {items[key].body for key in keys} == {None}
    assert items["me/me"].body


def test_what_waits_for_a_person_does_not_make_the_pack_slow(phone: Phone, send: Send) -> None:
    def disputed(number: int) -> None:
        command = opening(phone)
        command["data"]["phone"] = f"091234567{number}"
        change = {"case": command["data"]["id"], "set": {"due_on": "2027-01-01"}}
        answer = send(phone, command, phone.command("cases.change", change, NOW))
        assert results(answer) == [("applied", ""), ("needs_person", "sync.same_field")]

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            hand_out(device_id=phone.id, after=0, epoch="", language="vi", by=phone.actor(NOW), now=NOW)
        return len(asked)

    disputed(0)
    queries()
    one = queries()
    for number in range(1, 6):
        disputed(number)
    queries()
    # What stands of each is read; nothing else.
    assert queries() <= one + 5
