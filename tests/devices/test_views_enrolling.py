"""A phone is signed in over the session of a browser: by honest apps, by strangers, twice, and too late."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.devices.models import Device, ProvinceKey
from nhipcau.devices.services.enrolling import MOST_DEVICES, revoke
from nhipcau.devices.services.keys import renew_key
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import PASSWORD, Cast
from tests.factories.phones import make_phone, phone_token, seal

DEVICES = "/field/devices"
KEY = bytes(range(32))


@pytest.fixture
def volunteer(cast: Cast, client: Client) -> Client:
    client.force_login(cast.volunteer)
    type_password(client, cast.volunteer)
    return client


def type_password(client: Client, member: Member, *, ago: timedelta = timedelta()) -> None:
    """What the page of sign-in leaves in the session."""
    session = client.session
    at = (clock.now() - ago).timestamp()
    session["account_authentication_methods"] = [{"method": "password", "at": at}]
    session["account_authentication_methods_user"] = str(member.pk)
    session.save()


def me(client: Client) -> dict[str, Any]:
    answer = client.get("/field/me")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found: dict[str, Any] = answer.json()
    return found


def pack(client: Client, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return client.get("/api/v1/sync/pack", headers=headers).status_code


def wish(client: Client, **more: Any) -> dict[str, Any]:
    """What an honest app sends."""
    key = me(client)["escrow_key"]
    sealed = {"escrow_key": key["id"], "escrow": seal(key["spki"], KEY)} if key else {}
    return {"id": str(new_id()), "app": "0.1.0", "token": phone_token(), **sealed, **more}


def enrol(client: Client, content: Any) -> Any:
    body = content if isinstance(content, bytes) else json.dumps(content)
    return client.post(DEVICES, body, content_type="application/json")


def renew(client: Client, device: object) -> Any:
    return client.post(f"{DEVICES}/{device}/renew", {"token": phone_token()}, content_type="application/json")


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_nobody_is_told_nothing(db: None, client: Client) -> None:
    assert set(me(client)) == {"signed_in", "server_time"}
    assert not ProvinceKey.objects.exists()


@pytest.mark.parametrize(
    ("part", "may"),
    [
        ("volunteer", True), ("leader", True), ("official", True), ("coordinator", True), ("province", False),
        ("administrator", False), ("nation", False),
    ],
)  # fmt: skip
def test_who_has_work_in_the_field(part: str, may: bool, cast: Cast, client: Client) -> None:
    member: Member = getattr(cast, part)
    client.force_login(member)
    type_password(client, member)
    found = me(client)
    assert (found["may"], found["escrow_key"] is not None) == (may, may)
    assert found["member"] == {"id": str(member.pk), "name": member.name, "language": "vi"}
    content = wish(client, **({} if may else {"escrow_key": str(uuid4()), "escrow": "AAAA"}))
    assert enrol(client, content).status_code == (200 if may else 409)


def test_without_a_home_commune(cast: Cast, volunteer: Client) -> None:
    Member.objects.filter(pk=cast.volunteer.pk).update(commune=None)
    assert me(volunteer)["may"] is False
    key = {"escrow_key": str(uuid4()), "escrow": "AAAA"}
    assert code(enrol(volunteer, wish(volunteer, **key))) == (409, "sync.unable_to_enrol")
    assert not Device.objects.exists()


def test_without_a_session(cast: Cast, client: Client) -> None:
    for address in (DEVICES, f"{DEVICES}/{uuid4()}/renew"):
        assert client.post(address, "{}", content_type="application/json").status_code == 302
    assert not Device.objects.exists()


def test_without_the_token_of_the_page(cast: Cast) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.volunteer)
    type_password(careful, cast.volunteer)
    content = json.dumps(wish(careful))
    token = me(careful)["csrf"]
    for wrong in ({}, {"X-CSRFToken": "x" * 64}):
        answer = careful.post(DEVICES, content, content_type="application/json", headers=wrong)
        assert answer.status_code == 403
    assert not Device.objects.exists()
    right = careful.post(DEVICES, content, content_type="application/json", headers={"X-CSRFToken": token})
    assert right.status_code == 200


def test_the_answer_was_lost_and_it_is_asked_again(volunteer: Client) -> None:
    content = wish(volunteer)
    first, again = enrol(volunteer, content).json(), enrol(volunteer, content).json()
    assert Device.objects.count() == 1
    assert first["lease_secret"] == again["lease_secret"]
    assert first["token"] == again["token"] == content["token"]
    assert pack(volunteer, content["token"]) == 200


def test_a_new_token_ends_the_one_before(volunteer: Client) -> None:
    content = wish(volunteer)
    enrol(volunteer, content)
    new = renew(volunteer, content["id"]).json()["token"]
    assert (pack(volunteer, content["token"]), pack(volunteer, new)) == (401, 200)


@pytest.mark.parametrize("token", ["", "short", "x" * 44, "x" * 42 + "=", "x" * 42 + "ộ", None, 7])
def test_a_token_that_a_phone_would_not_make(token: Any, volunteer: Client) -> None:
    content = wish(volunteer)
    assert code(enrol(volunteer, {**content, "token": token})) == (422, "sync.unreadable")
    assert not Device.objects.exists()
    enrol(volunteer, content)
    address = f"{DEVICES}/{content['id']}/renew"
    for body in ({"token": token}, {}, []):
        answer = volunteer.post(address, body, content_type="application/json")
        assert code(answer) == (422, "sync.unreadable")
    assert pack(volunteer, content["token"]) == 200


def test_no_two_phones_with_one_token(cast: Cast, volunteer: Client) -> None:
    content = wish(volunteer)
    enrol(volunteer, content)
    twin = wish(volunteer, token=content["token"])
    assert code(enrol(volunteer, twin)) == (409, "sync.unable_to_enrol")
    other = wish(volunteer)
    enrol(volunteer, other)
    answer = volunteer.post(
        f"{DEVICES}/{other['id']}/renew", {"token": content["token"]}, content_type="application/json"
    )
    assert code(answer) == (409, "sync.unable_to_enrol")
    assert pack(volunteer, other["token"]) == 200


def test_another_members_phone(cast: Cast, volunteer: Client) -> None:
    phone = make_phone(cast.leader, clock.now())
    assert code(enrol(volunteer, wish(volunteer, id=str(phone.id)))) == (409, "sync.device_taken")
    assert renew(volunteer, phone.id).status_code == 404
    volunteer.force_login(cast.coordinator)
    assert code(renew(volunteer, phone.id)) == (409, "sync.device_taken")
    assert Device.objects.get().member_id == cast.leader.pk


def test_the_province_got_a_new_key_in_between(cast: Cast, volunteer: Client) -> None:
    content = wish(volunteer)
    now = clock.now()
    renew_key(province="68", by=actor_of(cast.province, now), now=now)
    assert code(enrol(volunteer, content)) == (409, "sync.unable_to_enrol")
    assert enrol(volunteer, wish(volunteer, id=content["id"])).status_code == 200
    assert ProvinceKey.objects.filter(retired_at__isnull=True).count() == 1


def test_a_phone_in_use_seals_anew_to_the_new_key(cast: Cast, volunteer: Client) -> None:
    content = wish(volunteer)
    before = enrol(volunteer, content).json()
    now = clock.now()
    key = renew_key(province="68", by=actor_of(cast.province, now), now=now)
    after = enrol(volunteer, wish(volunteer, id=content["id"])).json()
    assert Device.objects.get().escrow_key_id == key.pk
    assert after["lease_secret"] == before["lease_secret"]


def test_a_shut_phone_neither_renews_nor_signs_in(cast: Cast, volunteer: Client) -> None:
    content = wish(volunteer)
    enrol(volunteer, content)
    now = clock.now()
    revoke(device_id=UUID(content["id"]), by=actor_of(cast.leader, now), now=now)
    for answer in (renew(volunteer, content["id"]), enrol(volunteer, content)):
        assert code(answer) == (403, "sync.device_revoked")


def test_back_after_the_lease(volunteer: Client) -> None:
    content = wish(volunteer)
    first = enrol(volunteer, content).json()
    Device.objects.update(lease_until=clock.now() - timedelta(days=30))
    again = renew(volunteer, content["id"]).json()
    assert again["lease_secret"] == first["lease_secret"]
    assert Device.objects.get().lease_until > clock.now() + timedelta(days=9)


def test_an_old_session_gives_nobody_more_tries_at_the_pin(cast: Cast, volunteer: Client) -> None:
    """Who finds a phone finds the session of its browser: it opens no store without the password."""
    content = wish(volunteer)
    first = enrol(volunteer, content).json()
    Device.objects.update(enrolled_at=clock.now() - timedelta(days=3))
    type_password(volunteer, cast.volunteer, ago=timedelta(minutes=11))
    for answer in (renew(volunteer, content["id"]), enrol(volunteer, content)):
        assert code(answer) == (403, "sync.sign_in_again")
        assert "lease_secret" not in answer.json()
        assert answer.json()["message"]
    again = volunteer.post("/account/reauthenticate/?next=/field/", {"password": PASSWORD})
    assert (again.status_code, again["Location"]) == (302, "/field/")
    for answer in (renew(volunteer, content["id"]), enrol(volunteer, content)):
        assert answer.json()["lease_secret"] == first["lease_secret"]


def test_a_phone_that_was_shut_does_not_come_back_as_another_one(cast: Cast, volunteer: Client) -> None:
    """The session in its browser is all that whoever found it has."""
    content = wish(volunteer)
    enrol(volunteer, content)
    now = clock.now()
    revoke(device_id=UUID(content["id"]), by=actor_of(cast.leader, now), now=now)
    type_password(volunteer, cast.volunteer, ago=timedelta(minutes=11))
    assert me(volunteer)["fresh"] is False
    assert code(enrol(volunteer, wish(volunteer))) == (403, "sync.sign_in_again")
    assert Device.objects.count() == 1
    volunteer.post("/account/reauthenticate/?next=/field/", {"password": PASSWORD})
    assert me(volunteer)["fresh"] is True
    assert enrol(volunteer, wish(volunteer)).status_code == 200


def test_the_sign_in_of_somebody_else_does_not_count(cast: Cast, volunteer: Client) -> None:
    content = wish(volunteer)
    enrol(volunteer, content)
    type_password(volunteer, cast.leader)
    assert code(renew(volunteer, content["id"])) == (403, "sync.sign_in_again")


def test_a_lost_answer_to_an_enrolment_is_asked_for_again_without_another_sign_in(
    cast: Cast, volunteer: Client
) -> None:
    content = wish(volunteer)
    first = enrol(volunteer, content).json()
    type_password(volunteer, cast.volunteer, ago=timedelta(hours=3))
    second = enrol(volunteer, content).json()
    assert first["lease_secret"] == second["lease_secret"]


def test_who_moved_is_looked_after_at_home(cast: Cast, volunteer: Client) -> None:
    content = wish(volunteer)
    enrol(volunteer, content)
    Member.objects.filter(pk=cast.volunteer.pk).update(commune=cast.neighbour)
    renew(volunteer, content["id"])
    assert Device.objects.get().commune_id == cast.neighbour.pk


def test_so_many_phones_and_no_more(cast: Cast, volunteer: Client) -> None:
    phones = [make_phone(cast.volunteer, clock.now()) for _ in range(MOST_DEVICES)]
    assert code(enrol(volunteer, wish(volunteer))) == (409, "sync.too_many_devices")
    now = clock.now()
    revoke(device_id=phones[0].id, by=actor_of(cast.volunteer, now), now=now)
    assert enrol(volunteer, wish(volunteer)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"7", b"null", b"[]", b"\xff\xfe", b"[" * 50_000, b'{"id": "x"}', b'{"id": 7}',
        b'{"id": ' + b"9" * 5000 + b"}", b"id=x&escrow=y",
    ],
)  # fmt: skip
def test_what_no_app_sends(body: bytes, volunteer: Client) -> None:
    assert code(enrol(volunteer, body)) == (422, "sync.unreadable")


@pytest.mark.parametrize(
    "more",
    [
        {"app": "\x00"}, {"app": "\ud800"}, {"app": "x" * 21}, {"escrow": ""}, {"escrow": "\x00"},
        {"escrow": "x" * 2001}, {"escrow": "AAAA"}, {"escrow": "\ud800" * 512}, {"escrow_key": None},
        {"escrow_key": str(uuid4())}, {"id": "\x00"}, {"id": [[[]]]},
    ],
)  # fmt: skip
def test_nonsense_in_a_field(more: dict[str, Any], volunteer: Client) -> None:
    assert enrol(volunteer, wish(volunteer, **more)).status_code in (409, 422)
    assert not Device.objects.exists()


def test_other_methods(volunteer: Client) -> None:
    assert volunteer.post("/field/me").status_code == 405
    for address in (DEVICES, f"{DEVICES}/{uuid4()}/renew"):
        assert volunteer.get(address).status_code == 405
