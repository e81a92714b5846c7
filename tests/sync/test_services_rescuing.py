"""What could not be sent is taken in as if the phone had sent it: once, in its author's name."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from nhipcau.audit.models import Entry
from nhipcau.cases.models import HelpSession
from nhipcau.devices.models import Device
from nhipcau.devices.queries.rescue import read_rescue
from nhipcau.devices.services.keys import renew_key
from nhipcau.messaging.models import Message
from nhipcau.sync.models import Conflict, Receipt
from nhipcau.sync.services.rescuing import Taken, UnableToOpenRescue, take_in
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, make_phone, seal
from tests.factories.rescues import rescue_codes, rescue_file, rescue_of, seal_record

from .conftest import Send

LATER = NOW + timedelta(days=20)


def hand_in(text: str, by: Member) -> Taken:
    return take_in(rescue=read_rescue(text), by=actor_of(by, LATER), now=LATER)


def counts(taken: Taken) -> tuple[int, int, int, int, int]:
    return (taken.new, taken.already, taken.need_person, taken.refused, len(taken.unreadable))


def test_all_of_it_once_in_the_name_of_who_wrote_it(phone: Phone, cast: Cast, send: Send) -> None:
    sent = phone.session(NOW)
    send(phone, sent)
    commands = [phone.session(NOW + timedelta(hours=hour)) for hour in range(1, 4)]
    text = rescue_file(phone, sent, *commands)
    assert counts(hand_in(text, cast.coordinator)) == (3, 1, 0, 0, 0)
    assert set(HelpSession.objects.values_list("volunteer", flat=True)) == {cast.volunteer.pk}
    assert sorted(HelpSession.objects.values_list("at", flat=True))[1:] == [
        NOW + timedelta(hours=hour) for hour in range(1, 4)
    ]
    told = Message.objects.get(to=cast.volunteer.pk)
    assert (told.kind, told.link) == ("field", "/phones/mine/")
    assert "3" in told.body
    assert hand_in(text, cast.coordinator).new == 0
    assert counts(hand_in("\n".join(rescue_codes(text)), cast.coordinator)) == (0, 4, 0, 0, 0)
    assert HelpSession.objects.count() == Receipt.objects.count() == 4
    assert Message.objects.count() == 1
    acts = Entry.objects.filter(action="rescue", entity="devices_device", actor=str(cast.coordinator.pk))
    assert acts.count() == 3


def test_the_phone_that_comes_back_gets_the_same_receipts(phone: Phone, cast: Cast, send: Send) -> None:
    command = phone.session(NOW)
    hand_in(rescue_file(phone, command), cast.coordinator)
    again = send(phone, command, now=LATER)
    assert [row.result for row in again.receipts] == ["applied"]
    assert HelpSession.objects.count() == 1


def test_a_visit_of_the_phone_is_not_pretended(phone: Phone, cast: Cast) -> None:
    hand_in(rescue_file(phone, phone.session(NOW)), cast.coordinator)
    device = Device.objects.get()
    assert (device.seen_at, device.skew_seconds) == (NOW, 0)


def test_what_was_handed_in_does_not_wait_any_more(phone: Phone, cast: Cast) -> None:
    """One of the three needs something that is not there; a fourth was made after the file."""
    Device.objects.update(waiting=4)
    orphan = phone.command("sessions.undo", {"session": str(phone.id)}, NOW, needs=[phone.session(NOW)["id"]])
    text = rescue_file(phone, phone.session(NOW), phone.session(NOW), orphan)
    for _twice in range(2):
        hand_in(text, cast.coordinator)
        assert Device.objects.get().waiting == 2
    more = rescue_file(phone, *(phone.session(NOW) for _ in range(5)), orphan)
    hand_in(more, cast.coordinator)
    assert Device.objects.get().waiting == 1


def test_damaged_records_are_told_and_stop_nothing(phone: Phone, cast: Cast) -> None:
    good = [phone.session(NOW) for _ in range(3)]
    content: dict[str, Any] = json.loads(rescue_file(phone, *good))
    first, second, third = content["records"]
    other = replace(phone, key=bytes(32))
    moved = {**first, "where": second["where"]}
    cut = {**first, "box": first["box"][: len(first["box"]) // 8 * 4]}
    strange = [
        seal_record(phone, second["where"], text)
        for text in ("text", 7, None, [], {"id": 7}, {"id": "x" * 5000})
    ]
    drawer = seal_record(phone, second["where"].replace("outbox", "drawer"), {"no": "command"})
    bad = [moved, cut, seal_record(other, first["where"], good[0]), None, drawer, *strange]
    taken = hand_in(rescue_of(phone.id, [first, *bad, second, third]), cast.coordinator)
    assert counts(taken) == (3, 0, 0, 0, len(bad))
    assert taken.unreadable == tuple(range(2, 2 + len(bad)))


def test_commands_that_are_nonsense_are_refused_alone(phone: Phone, cast: Cast) -> None:
    good, late = phone.session(NOW), phone.session(NOW - timedelta(days=300))
    strange = {**phone.session(NOW), "seq": "x"}
    unknown = phone.command("no.such.thing", {"deep": [[[[]]]]}, NOW)
    bottomless: Any = {}
    for _ in range(300):
        bottomless = {"a": bottomless}
    deep = phone.command("sessions.record", bottomless, NOW, v=2)
    nul = phone.session(NOW, minutes="\x00")
    taken = hand_in(rescue_file(phone, late, strange, unknown, deep, nul, good), cast.coordinator)
    assert counts(taken) == (1, 0, 0, 5, 0)
    assert all(row.words for row in taken.left)


def test_what_lies_in_the_drawer_comes_too(phone: Phone, cast: Cast, send: Send) -> None:
    bad = phone.session(NOW, minutes=0)
    send(phone, bad)
    better = phone.command("sessions.record", {**bad["data"], "minutes": 5}, NOW, v=2, replaces=bad["id"])
    taken = hand_in(rescue_file(phone, better, drawer=(bad,)), cast.coordinator)
    assert counts(taken) == (1, 0, 0, 1, 0)
    assert ("minutes", "0") in taken.left[0].said


def test_more_than_one_batch_and_needs_across_them(phone: Phone, cast: Cast) -> None:
    sessions = [phone.session(NOW) for _ in range(250)]
    undo = phone.command(
        "sessions.undo", {"session": sessions[249]["data"]["id"]}, NOW, needs=[sessions[249]["id"]]
    )
    undo["seq"] = 1  # a phone that counted wrongly
    taken = hand_in(rescue_file(phone, undo, *sessions), cast.coordinator)
    assert counts(taken) == (251, 0, 0, 0, 0)
    assert HelpSession.objects.count() == 249
    orphan = phone.command("sessions.undo", undo["data"], NOW, needs=[phone.session(NOW)["id"]])
    assert counts(hand_in(rescue_file(phone, orphan), cast.coordinator)) == (0, 0, 1, 0, 0)


def test_not_a_phone_of_ones_places(phone: Phone, cast: Cast) -> None:
    text = rescue_file(phone, phone.session(NOW))
    for stranger in (cast.outsider, cast.leader, cast.volunteer, cast.nation, cast.administrator):
        with pytest.raises(Http404):
            hand_in(text, stranger)
    assert not Receipt.objects.exists()
    assert hand_in(text, cast.province).new == 1


def test_a_file_that_names_another_phone(phone: Phone, cast: Cast) -> None:
    other = make_phone(cast.leader, NOW)
    taken = hand_in(rescue_file(phone, phone.session(NOW), device=other.id), cast.coordinator)
    assert counts(taken) == (0, 0, 0, 0, 1)


def test_names_are_not_shown_to_the_province(phone: Phone, cast: Cast) -> None:
    text = rescue_file(phone, phone.session(NOW, minutes=0))
    assert [row.said for row in hand_in(text, cast.province).left] == [()]
    assert hand_in(text, cast.coordinator).left[0].said


def test_of_a_closed_account_all_waits_for_a_person(phone: Phone, cast: Cast) -> None:
    teams.close_account(member=cast.volunteer, by=actor_of(cast.coordinator, LATER), now=LATER)
    phone.member.refresh_from_db()
    commands = [phone.session(NOW) for _ in range(3)]
    taken = hand_in(rescue_file(phone, *commands), cast.coordinator)
    assert counts(taken) == (0, 0, 3, 0, 0)
    held = list(Conflict.objects.all())
    assert {row.reason for row in held} == {"not_yours"}
    assert {row.pk for row in held} == {row.conflict for row in taken.left}
    assert {json.loads(row.content)["data"]["id"] for row in held} == {
        each["data"]["id"] for each in commands
    }
    assert not HelpSession.objects.exists()
    assert not Message.objects.filter(to=cast.volunteer.pk).exists()


def test_a_retired_key_still_opens(phone: Phone, cast: Cast) -> None:
    new = renew_key(province="68", by=actor_of(cast.province, LATER), now=LATER)
    assert Device.objects.get().escrow_key_id != new.pk
    assert hand_in(rescue_file(phone, phone.session(NOW)), cast.coordinator).new == 1


def test_an_escrow_that_was_never_one(phone: Phone, cast: Cast) -> None:
    key = Device.objects.get().escrow_key
    Device.objects.update(escrow=seal(key.public, b"too short"))
    assert counts(hand_in(rescue_file(phone, phone.session(NOW)), cast.coordinator)) == (0, 0, 0, 0, 1)
    for escrow in ("", "AAAA", "x" * 512):
        Device.objects.update(escrow=escrow)
        with pytest.raises(UnableToOpenRescue):
            hand_in(rescue_file(phone, phone.session(NOW)), cast.coordinator)
