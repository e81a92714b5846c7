"""The programming interface does what its own description says."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from nhipcau.core import clock
from tests.factories.cast import Cast
from tests.factories.phones import make_phone

from .schema import problems, resolve

API = "/api/v1"
UNKNOWN = "9.999999"
# (method, path template, path and query or body) -> the status that the description must name
GOOD: tuple[tuple[str, str, str], ...] = (
    ("get", "/places/convert", "/places/convert?q=xã Đạ Chais huyện Lạc Dương tỉnh Lâm Đồng"),
    ("get", "/places/convert", "/places/convert?q=😀"),
    ("get", "/places/convert", "/places/convert?q="),
    ("get", "/places/units/{code}", "/places/units/24848"),
    ("get", "/places/units/{code}", "/places/units/68"),
    ("get", "/procedures/search", "/procedures/search?q=làm lại bằng lái bị mất"),
    ("get", "/procedures/search", "/procedures/search?q=zzzz"),
    ("get", "/procedures", "/procedures"),
    ("get", "/procedures/all.jsonld", "/procedures/all.jsonld"),
    ("get", "/procedures/{code}.jsonld", "/procedures/1.001193.jsonld"),
    ("get", "/procedures/{code}", "/procedures/1.001193"),
    ("get", "/procedures/{code}", "/procedures/vneid-level-2"),
    ("get", "/procedures/{code}/questions", "/procedures/birth-registration/questions"),
    ("get", "/reports/indicators", "/reports/indicators"),
    ("get", "/reports/figures", "/reports/figures"),
    ("get", "/reports/figures", "/reports/figures?place=68&from=2025-07-01&to=2025-07-06"),
)
# For phones that a member signed in.
OF_PHONES = (("post", "/sync/commands"), ("get", "/sync/pack"))
LEAVE = "/sync/leave"
REFUSED: tuple[tuple[str, str, int], ...] = (
    ("/places/convert", "/places/convert", 422),
    ("/places/units/{code}", f"/places/units/{UNKNOWN}", 404),
    ("/procedures/search", "/procedures/search", 422),
    ("/procedures/search", f"/procedures/search?q={'x' * 10_000}", 422),
    ("/procedures/{code}", f"/procedures/{UNKNOWN}", 404),
    ("/procedures/{code}.jsonld", f"/procedures/{UNKNOWN}.jsonld", 404),
    ("/procedures/{code}/questions", f"/procedures/{UNKNOWN}/questions", 404),
    ("/reports/figures", "/reports/figures?place=00", 422),
    ("/reports/figures", "/reports/figures?from=2025-07-06&to=2025-07-01", 422),
    ("/reports/figures", "/reports/figures?from=yesterday", 422),
)


@pytest.fixture
def described(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{API}/openapi.json").json()
    return found


def references(part: Any) -> list[str]:
    """Every reference inside a part of the description."""
    if isinstance(part, dict):
        inside = [name for value in part.values() for name in references(value)]
        return [part["$ref"], *inside] if isinstance(part.get("$ref"), str) else inside
    return [name for value in part for name in references(value)] if isinstance(part, list) else []


def check(answer: HttpResponse, operation: dict[str, Any], whole: dict[str, Any]) -> None:
    """The status is described, and the body is as described for it."""
    response = operation["responses"].get(str(answer.status_code))
    assert response is not None, f"{answer.status_code} is not described: {answer.content[:200]!r}"
    (kind,) = response["content"]
    assert answer["Content-Type"].partition(";")[0] == kind
    schema = response["content"][kind]["schema"]
    assert problems(answer.json(), schema, whole) == []


def test_the_description_is_whole(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert described["info"]["title"] == "Nhịp Cầu"
    for name in references(described):
        assert resolve(name, described)
    operations = [op for path in described["paths"].values() for op in path.values()]
    assert len({op["operationId"] for op in operations}) == len(operations)
    assert all(op.get("summary") and op.get("description") and op["responses"] for op in operations)


def test_every_address_of_it_is_tried(described: dict[str, Any]) -> None:
    tried = {API + path for _method, path, _url in GOOD} | {f"{API}/procedures/{{code}}/checklist"}
    assert set(described["paths"]) == tried | {API + path for _method, path in OF_PHONES} | {API + LEAVE}


@pytest.mark.parametrize(("method", "path", "url"), GOOD, ids=[url[:60] for _method, _path, url in GOOD])
def test_answers(method: str, path: str, url: str, described: dict[str, Any], client: Client) -> None:
    answer = client.get(API + url)
    assert answer.status_code == 200
    check(answer, described["paths"][API + path][method], described)


@pytest.mark.parametrize(
    ("path", "url", "status"), REFUSED, ids=[url[:60] for _path, url, _status in REFUSED]
)
def test_refusals(path: str, url: str, status: int, described: dict[str, Any], client: Client) -> None:
    answer = client.get(API + url)
    assert answer.status_code == status
    if status in (404, 422) and "detail" not in answer.json():
        assert set(answer.json()) == {"code", "message"}
        check(answer, described["paths"][API + path]["get"], described)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 200),
        ({"answers": {}, "lang": "vi", "province": "68"}, 200),
        ({"answers": {"no-such-question": "yes"}}, 422),
        ({"answers": []}, 422),
        ({"answers": {"born_where": {"deep": ["er"]}}}, 422),
        ({"on": "0000-00-00"}, 422),
        ([1], 422),
    ],
)
def test_checklists(body: Any, status: int, described: dict[str, Any], client: Client) -> None:
    url = f"{API}/procedures/1.001193/checklist"
    answer = client.post(url, json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.content
    if status == 200:
        operation = described["paths"][f"{API}/procedures/{{code}}/checklist"]["post"]
        check(answer, operation, described)
        assert answer.json()["documents"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"7", b"[" * 10_000, b'{"answers": "\\ud800"}'])
def test_bodies_that_are_no_json(body: bytes, client: Client) -> None:
    url = f"{API}/procedures/1.001193/checklist"
    assert client.post(url, body, content_type="application/json").status_code in (400, 422)


def test_no_account_is_read(client: Client, cast: Any) -> None:
    client.force_login(cast.nation)
    as_member = client.get(f"{API}/reports/figures?place=24848").json()
    client.logout()
    assert client.get(f"{API}/reports/figures?place=24848").json() == as_member


def ask(client: Client, method: str, path: str, token: str, body: str = "") -> HttpResponse:
    headers = {"Authorization": f"Bearer {token}"}
    return client.generic(method.upper(), API + path, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize(("method", "path"), OF_PHONES)
def test_phones_are_answered_as_described(
    method: str, path: str, described: dict[str, Any], cast: Cast, client: Client
) -> None:
    phone, now = make_phone(cast.volunteer, clock.now()), clock.now()
    operation = described["paths"][API + path][method]
    token = phone.credentials.token
    commands = [phone.session(now), phone.session(now, minutes=0)]
    sent = {"device_time": now.isoformat(), "commands": commands}
    answer = ask(client, method, path, token, json.dumps(sent) if method == "post" else "")
    assert answer.status_code == 200
    check(answer, operation, described)
    if method == "post":
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        assert problems(sent, schema, described) == []
        assert [row["result"] for row in answer.json()["receipts"]] == ["applied", "refused"]
    else:
        assert answer.json()["items"]


@pytest.mark.parametrize(("method", "path"), OF_PHONES)
def test_without_a_token_phones_are_refused_as_described(
    method: str, path: str, described: dict[str, Any], cast: Cast, client: Client
) -> None:
    client.force_login(cast.nation)
    for token in ("", "x"):
        answer = ask(client, method, path, token)
        assert answer.status_code == 401
        check(answer, described["paths"][API + path][method], described)
    token = make_phone(cast.volunteer, clock.now()).credentials.token
    wrong = ask(client, method, f"{path}?after=x", token, "[]")
    assert wrong.status_code == 422
    if method == "post":
        check(wrong, described["paths"][API + path][method], described)


def test_who_leaves_a_phone_is_answered_as_described(
    described: dict[str, Any], cast: Cast, client: Client
) -> None:
    operation = described["paths"][API + LEAVE]["post"]
    token = make_phone(cast.volunteer, clock.now()).credentials.token
    for status in (200, 401):
        answer = ask(client, "post", LEAVE, token)
        assert answer.status_code == status
        check(answer, operation, described)


def test_a_phone_that_sends_too_much_is_refused_as_described(
    described: dict[str, Any], cast: Cast, client: Client
) -> None:
    token = make_phone(cast.volunteer, clock.now()).credentials.token
    answer = ask(client, "post", "/sync/commands", token, " " * 600_000)
    assert answer.status_code == 413
    check(answer, described["paths"][f"{API}/sync/commands"]["post"], described)
