"""The protocol over HTTP, as strangers, broken phones and honest ones use it."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nhipcau.cases import services as cases
from nhipcau.cases.models import HelpSession
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.services import GivenConsent
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.devices.models import Device
from nhipcau.devices.services.enrolling import renew, revoke
from nhipcau.sync import api
from nhipcau.sync.models import PackLedger, Receipt
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from tests.factories.cast import Cast
from tests.factories.phones import Phone, make_phone, phone_token

COMMANDS, PACK = "/api/v1/sync/commands", "/api/v1/sync/pack"
JSON = "application/json"


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return make_phone(cast.volunteer, clock.now())


def bearer(phone: Phone) -> dict[str, str]:
    return {"Authorization": f"Bearer {phone.credentials.token}"}


def batch(*commands: Any, **more: Any) -> dict[str, Any]:
    return {"device_time": clock.now().isoformat(), "app": "0.1.0", "commands": list(commands), **more}


def post(client: Client, phone: Phone, content: Any) -> Any:
    body = content if isinstance(content, bytes) else json.dumps(content)
    return client.post(COMMANDS, body, content_type=JSON, headers=bearer(phone))


def refusal(answer: Any) -> tuple[int, str]:
    said = answer.json()
    assert set(said) == {"code", "message"}
    assert said["message"]
    return answer.status_code, said["code"]


def both(client: Client, headers: dict[str, str]) -> set[tuple[int, str]]:
    """The refusals of both addresses: they must be one and the same."""
    answers = [
        client.post(COMMANDS, json.dumps(batch()), content_type=JSON, headers=headers),
        client.get(PACK, headers=headers),
    ]
    return {refusal(answer) for answer in answers}


@pytest.mark.parametrize(
    "header",
    [
        None, "", "Bearer", "Bearer ", "Bearer x", "Bearer " + "x" * 10_000, "Bearer a b c", "Basic eDp4",
        "x", "Bearer \u00e9", "bearer \x00",
    ],
)  # fmt: skip
def test_without_a_token_of_ours(header: str | None, phone: Phone, client: Client) -> None:
    assert both(client, {"Authorization": header} if header is not None else {}) == {
        (401, "sync.unknown_token")
    }


def test_a_session_of_the_browser_is_no_token(cast: Cast, phone: Phone, client: Client) -> None:
    client.force_login(cast.volunteer)
    assert both(client, {}) == {(401, "sync.unknown_token")}


def test_the_token_before_ends_with_the_next(cast: Cast, phone: Phone, client: Client) -> None:
    now = clock.now()
    renewed = renew(
        device_id=phone.id,
        token=phone_token(),
        by=actor_of(cast.volunteer, now),
        now=now,
        signed_in_at=now,
    )
    assert both(client, bearer(phone)) == {(401, "sync.unknown_token")}
    assert client.get(PACK, headers={"Authorization": f"Bearer {renewed.token}"}).status_code == 200


def test_who_leaves_a_phone_shuts_it(cast: Cast, phone: Phone, client: Client) -> None:
    """It does not count among the phones of the member any more; nobody leaves for another."""
    other = make_phone(cast.volunteer, clock.now())
    assert client.post("/api/v1/sync/leave", headers={"Authorization": "Bearer nobody"}).status_code == 401
    assert client.post("/api/v1/sync/leave", headers=bearer(phone)).status_code == 200
    assert both(client, bearer(phone)) == {(401, "sync.device_revoked")}
    assert client.get(PACK, headers=bearer(other)).status_code == 200


def test_shut_ended_and_closed(cast: Cast, phone: Phone, client: Client) -> None:
    now = clock.now()
    Device.objects.update(lease_until=now - timedelta(seconds=1))
    assert both(client, bearer(phone)) == {(401, "sync.lease_ended")}
    Device.objects.update(lease_until=now + timedelta(days=1))
    assert client.get(PACK, headers=bearer(phone)).status_code == 200
    teams.close_account(member=cast.volunteer, by=actor_of(cast.coordinator, now), now=now)
    assert both(client, bearer(phone)) == {(401, "sync.account_closed")}
    revoke(device_id=phone.id, by=actor_of(cast.leader, now), now=now)
    assert both(client, bearer(phone)) == {(401, "sync.device_revoked")}
    assert not Receipt.objects.exists()


def test_who_tries_tokens_is_kept_waiting_and_nobody_else(
    phone: Phone, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "WRONG_TRIES", 3)
    for _try in range(3):
        assert refusal(client.get(PACK, headers={"Authorization": "Bearer x"})) == (401, "sync.unknown_token")
    assert both(client, {"Authorization": "Bearer x"}) == {(429, "sync.too_many_tries")}
    assert client.get(PACK, headers=bearer(phone)).status_code == 200


def test_another_phones_token_sends_as_that_phone(cast: Cast, phone: Phone, client: Client) -> None:
    """The device stands in the token, never in what is sent."""
    other = make_phone(cast.neighbour_volunteer, clock.now())
    command = phone.session(clock.now())
    answer = post(client, other, batch(command, device=str(phone.id)))
    assert [row["code"] for row in answer.json()["receipts"]] == ["cases.invalid_session"]
    assert Receipt.objects.get().device_id == other.id


def test_too_much_at_once(phone: Phone, client: Client) -> None:
    assert refusal(post(client, phone, b" " * (512 * 1024 + 1))) == (413, "sync.too_large")
    assert refusal(post(client, phone, b" " * 3_000_000)) == (413, "sync.too_large")
    commands = [phone.session(clock.now()) for _ in range(201)]
    assert refusal(post(client, phone, batch(*commands))) == (413, "sync.too_large")
    assert refusal(post(client, phone, batch(*[None] * 201))) == (413, "sync.too_large")
    assert not HelpSession.objects.exists()
    assert post(client, phone, batch(*commands[:200])).status_code == 200
    assert HelpSession.objects.count() == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"7", b"null", b"[]", b'"x"', b"\xff\xfe", b"{}", b'{"commands": []}', b"[" * 100_000,
        b'{"commands": {}}', b'{"commands": [], "device_time": "2025-07-03T09:00:00"}',
        b'{"commands": [], "device_time": "yesterday"}', b'{"commands": [], "device_time": 1e400}',
        b'{"commands": [], "device_time": ' + b"9" * 5000 + b"}", b'{"commands": [' + b"[" * 5000,
        b'{"device_time": "2025-07-03T09:00:00Z", "commands": [], "waiting": -1}',
        b'{"device_time": "2025-07-03T09:00:00Z", "commands": [], "waiting": 99999999999999999999}',
        b'{"device_time": "2025-07-03T09:00:00Z", "commands": [], "app": "' + b"x" * 21 + b'"}',
        b"device_time=2025-07-03T09:00:00Z&commands=[]",
    ],
)  # fmt: skip
def test_what_is_no_batch(body: bytes, phone: Phone, client: Client) -> None:
    assert refusal(post(client, phone, body)) == (422, "sync.unreadable")
    sent = client.post(COMMANDS, body, content_type="text/plain", headers=bearer(phone))
    assert refusal(sent) == (422, "sync.unreadable")


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
def test_whatever_the_phone_calls_its_body(kind: str, phone: Phone, client: Client) -> None:
    body = json.dumps(batch(phone.session(clock.now())))
    answer = client.generic("POST", COMMANDS, body, content_type=kind, headers=bearer(phone))
    assert [row["result"] for row in answer.json()["receipts"]] == ["applied"]


@pytest.mark.parametrize("address", [COMMANDS, PACK])
def test_other_methods(address: str, phone: Phone, client: Client) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        right = method == ("POST" if address == COMMANDS else "GET")
        answer = client.generic(method, address, "{}", content_type=JSON, headers=bearer(phone))
        assert answer.status_code == (405 if not right else 422 if address == COMMANDS else 200)


def nested(depth: int) -> Any:
    content: Any = 1
    for _ in range(depth):
        content = {"a": content} if depth % 2 else [content]
    return content


HOSTILE: tuple[Any, ...] = (
    "\x00", "a\x00b", "\ud800", "\udfff\ud800", "x" * 10_000, "😀" * 3000, nested(13), nested(300),
    nested(301), nested(800), 10**400, -(10**400), float("nan"), float("inf"), -1, 0, True, None, "", [], {},
    {"\x00": 1}, {"\ud800": 1}, "../../etc/passwd",
    "9999-12-31T23:59:59.999999-14:00", "0001-01-01T00:00:00+14:00",
)  # fmt: skip


@pytest.mark.parametrize("place", ["id", "seq", "name", "v", "made_at", "needs", "replaces", "base", "data"])
def test_nonsense_in_one_command_hurts_no_other(place: str, phone: Phone, client: Client) -> None:
    now = clock.now()
    good = [phone.session(now), phone.session(now)]
    bad = [{**phone.session(now), place: value} for value in HOSTILE]
    answer = post(client, phone, json.dumps(batch(good[0], *bad, good[1])).encode())
    assert answer.status_code == 200, answer.content
    said = {row["id"]: row for row in answer.json()["receipts"]}
    assert [said[one["id"]]["result"] for one in good] == ["applied", "applied"]
    # Null; an empty object or list; true is one.
    harmless = {"base": 2, "replaces": 1, "needs": 1, "seq": 1, "v": 1}
    results = [row["result"] for key, row in said.items() if key not in {one["id"] for one in good}]
    assert sum(result == "applied" for result in results) <= harmless.get(place, 0)
    assert all(row["words"] for row in said.values() if row["result"] == "refused")


@pytest.mark.parametrize("field", ["id", "commune", "need", "minutes", "outcome", "language", "papers", "x"])
def test_nonsense_in_what_a_command_says(
    field: str, phone: Phone, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    bad = [phone.session(clock.now(), **{field: value}) for value in HOSTILE]
    answer = post(client, phone, json.dumps(batch(*bad)).encode())
    assert answer.status_code == 200, answer.content
    codes = {row["code"] for row in answer.json()["receipts"] if row["result"] == "refused"}
    assert codes <= {"sync.unreadable_command", "cases.invalid_session", "sync.not_found"}
    assert "a command failed" not in caplog.text


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["app", "language", "waiting", "device_time"])
def test_nonsense_beside_the_commands(name: str, value: Any, phone: Phone, client: Client) -> None:
    answer = post(client, phone, json.dumps(batch(phone.session(clock.now()), **{name: value})).encode())
    assert answer.status_code in (200, 422), answer.content
    if answer.status_code == 200:
        assert len(answer.json()["receipts"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "after=x", "after=-1", f"after={'9' * 400}", "after=99999999999999999999", "epoch=%00",
        "epoch=%ED%A0%80", f"epoch={'x' * 10_000}", "language=xx", "language=%00", "after=",
        "after=1&after=2", "epoch[]=1",
    ],
)  # fmt: skip
def test_nonsense_asked_of_the_pack(query: str, phone: Phone, client: Client) -> None:
    answer = client.get(f"{PACK}?{query}", headers=bearer(phone))
    assert answer.status_code in (200, 422)
    assert "<" not in answer.content.decode()[:1]


def test_the_same_again_gets_the_same_bytes(phone: Phone, client: Client) -> None:
    sent = batch(phone.session(clock.now()), phone.session(clock.now(), minutes=0))
    first, again = post(client, phone, sent), post(client, phone, sent)
    assert json.dumps(first.json()["receipts"]) == json.dumps(again.json()["receipts"])


def test_answers_are_kept_nowhere_on_the_way(phone: Phone, client: Client) -> None:
    for answer in (client.get(PACK, headers=bearer(phone)), post(client, phone, batch())):
        assert "no-store" in answer["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
        assert not answer.cookies


def test_the_log_holds_no_token_and_no_name(
    cast: Cast, phone: Phone, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "django.db.backends")
    name = "Nguyễn Thị Không Ai"
    bad = [
        phone.command("cases.open", {"name": name, "phone": "0633000999"}, clock.now()),
        phone.session(clock.now(), outcome=name),
        {**phone.session(clock.now()), "name": name},
        {"id": name},
        name,
    ]
    assert post(client, phone, batch(*bad)).status_code == 200
    post(client, phone, json.dumps(batch(*bad)).encode()[:-5])
    client.get(PACK, headers=bearer(phone))
    client.get(PACK, headers={"Authorization": f"Bearer {phone.credentials.token}x"})
    for secret in (phone.credentials.token, phone.credentials.lease_secret, name, "0633000999"):
        assert secret not in caplog.text
    assert cast.volunteer.name not in caplog.text


@pytest.mark.parametrize("part", ["leader", "official", "administrator", "nation"])
def test_what_each_role_is_given(part: str, cast: Cast, phone: Phone, client: Client) -> None:
    """Somebody whose role in the field has ended gets an empty pack, not an error."""
    Device.objects.update(member=getattr(cast, part))
    answer = client.get(PACK, headers=bearer(phone)).json()
    assert bool(answer["items"]) == actor_of(getattr(cast, part), clock.now()).may("cases.record_session")


def queries_of(client: Client, phone: Phone, *commands: Any) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert post(client, phone, batch(*commands)).status_code == 200
    return len(seen)


def test_one_and_a_hundred_cost_the_same(phone: Phone, client: Client) -> None:
    now = clock.now()
    queries_of(client, phone, phone.session(now))
    few = queries_of(client, phone, *(phone.session(now) for _ in range(2)))
    many = queries_of(client, phone, *(phone.session(now) for _ in range(100)))
    assert few == many
    assert queries_of(client, phone, phone.session(now)) <= few + 8
    again = [phone.session(now) for _ in range(100)]
    queries_of(client, phone, *again)
    assert queries_of(client, phone, *again) < few


def open_case(cast: Cast, number: int) -> None:
    now = clock.now()
    case = cases.open_case(
        case=cases.OpenCase(
            id=new_id(),
            commune="24848",
            name="Người Dân Mẫu",
            phone=f"0633 000 {number:03}",
            consent=GivenConsent(Purpose.FOLLOW_UP, ConsentMethod.SPOKEN_WITNESSED),
            topic="vneid",
        ),
        by=actor_of(cast.volunteer, now),
        now=now,
    )
    leader = actor_of(cast.leader, now)
    cases.assign_case(case_id=case.pk, member_id=cast.volunteer.pk, by=leader, now=now)


def test_the_pack_costs_the_same_with_one_case_and_three(cast: Cast, phone: Phone, client: Client) -> None:
    counts = []
    for number in (1, 2, 3):
        open_case(cast, number)
        PackLedger.objects.all().delete()
        with CaptureQueriesContext(connection) as seen:
            items = client.get(PACK, headers=bearer(phone)).json()["items"]
        assert sum(item["kind"] == "case" for item in items) == number
        counts.append(len(seen))
    assert counts[1] == counts[2] == counts[0]
