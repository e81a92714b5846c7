"""Leaders hear in time; secrets of phones long gone are emptied, the rows and receipts stay."""

from datetime import timedelta

import pytest
from django.http import Http404

from nhipcau.devices import tasks
from nhipcau.devices.models import Device, ProvinceKey
from nhipcau.devices.queries.rescue import read_rescue
from nhipcau.devices.services.enrolling import UnableToRenew, renew
from nhipcau.devices.services.forgetting import forget_secrets
from nhipcau.devices.services.keys import renew_key
from nhipcau.devices.services.telling import tell_unseen
from nhipcau.messaging.models import Message
from nhipcau.sync.models import Receipt
from nhipcau.sync.services.rescuing import UnableToOpenRescue, take_in
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, make_phone, phone_token
from tests.factories.rescues import rescue_file
from tests.sync.conftest import Send

SOON, LONG = NOW + timedelta(days=3), NOW + timedelta(days=411)


def told() -> dict[str, str]:
    return {str(row.to): f"{row.subject} {row.body}" for row in Message.objects.filter(kind="field")}


def test_one_message_to_each_leader_of_the_commune(cast: Cast, phone: Phone) -> None:
    others = [make_phone(cast.official, NOW), make_phone(cast.neighbour_volunteer, NOW)]
    quiet = make_phone(cast.leader, NOW)
    Device.objects.exclude(pk=quiet.id).update(waiting=4)
    assert tell_unseen(now=SOON - timedelta(seconds=1)) == 0
    assert tell_unseen(now=SOON) == 2
    messages = told()
    assert set(messages) == {str(cast.leader.pk), str(cast.coordinator.pk)}
    for text in messages.values():
        assert cast.volunteer.name in text
        assert others[0].member.name in text
        assert cast.neighbour_volunteer.name not in text
    tell_unseen(now=SOON + timedelta(hours=1))
    assert Message.objects.count() == 2
    Device.objects.update(seen_at=SOON)
    assert tell_unseen(now=SOON + timedelta(days=1)) == 0


def test_of_a_phone_long_gone_nobody_is_told_for_ever(cast: Cast, phone: Phone) -> None:
    Device.objects.update(waiting=4)
    assert tell_unseen(now=LONG + timedelta(days=1)) == 0


def test_of_a_phone_that_was_shut_nobody_is_told(cast: Cast, phone: Phone) -> None:
    Device.objects.update(waiting=4, revoked_at=NOW)
    assert tell_unseen(now=SOON) == 0


def test_secrets_end_and_the_rest_stays(cast: Cast, phone: Phone, send: Send) -> None:
    send(phone, phone.session(NOW))
    renew_key(province="68", by=actor_of(cast.province, NOW), now=NOW)
    assert forget_secrets(now=LONG - timedelta(days=2)) == 0
    Device.objects.update(lease_until=NOW + timedelta(days=10))
    assert forget_secrets(now=LONG) == 2
    assert forget_secrets(now=LONG) == 0
    device = Device.objects.select_related("escrow_key").get()
    assert (device.escrow, device.lease_secret, device.escrow_key.private) == ("", "", "")
    assert Receipt.objects.filter(device=device).exists()
    assert ProvinceKey.objects.get(retired_at__isnull=True).private
    with pytest.raises(UnableToRenew):
        renew(device_id=phone.id, token=phone_token(), by=phone.actor(LONG), now=LONG, signed_in_at=LONG)
    rescue = read_rescue(rescue_file(phone, phone.session(NOW)))
    with pytest.raises(UnableToOpenRescue):
        take_in(rescue=rescue, by=actor_of(cast.coordinator, LONG), now=LONG)
    with pytest.raises(Http404):
        take_in(rescue=rescue, by=actor_of(cast.outsider, LONG), now=LONG)


def test_a_retired_key_stays_as_long_as_a_phone_is_sealed_to_it(cast: Cast, phone: Phone) -> None:
    renew_key(province="68", by=actor_of(cast.province, NOW), now=NOW)
    Device.objects.update(lease_until=LONG)
    assert forget_secrets(now=LONG) == 0
    assert all(key.private for key in ProvinceKey.objects.all())


def test_the_tasks_themselves(cast: Cast, phone: Phone) -> None:
    """The phone of the tests was last seen in 2025."""
    Device.objects.update(waiting=1, lease_until=NOW + timedelta(days=3650))
    assert tasks.tell_of_unseen(timestamp=0) == 2
    Device.objects.update(lease_until=NOW - timedelta(days=400))
    assert tasks.forget(timestamp=0) == 1
