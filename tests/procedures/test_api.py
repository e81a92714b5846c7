"""The open interface: search, a procedure, its questions, a checklist."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
BASE = "/api/v1/procedures/"


def post(client: Client, code: str, body: Any) -> Any:
    return client.post(f"{BASE}{code}/checklist", body, content_type="application/json")


def test_search(client: Client) -> None:
    found = client.get(f"{BASE}search", {"q": "mất căn cước"}).json()
    assert found[0]["code"] == "1.014064"
    assert client.get(f"{BASE}search", {"q": "xin visa"}).json() == []
    assert client.get(f"{BASE}search", {"q": "x" * 10_000}).status_code == 422


def test_a_procedure_with_its_source(client: Client) -> None:
    procedure = client.get(f"{BASE}1.001193").json()
    assert procedure["slug"] == "birth-registration"
    assert set(procedure["name"]) == {"vi", "en", "th"}
    assert procedure["source"]["checked_on"]
    assert client.get(f"{BASE}1.000000").status_code == 404


def test_questions_and_checklist_fit_together(client: Client) -> None:
    questions = client.get(f"{BASE}1.001193/questions").json()
    whole = post(client, "1.001193", {}).json()
    assert {question["id"] for question in questions} >= set(whole["questions"])
    first = next(question for question in questions if question["options"])
    answered = post(
        client, "1.001193", {"answers": {first["id"]: first["options"][0]["value"]}, "lang": "en"}
    ).json()
    assert first["id"] not in answered["questions"]
    assert all(isinstance(document["name"], str) for document in answered["documents"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"answers": {"nothing": "yes"}}, 422),
        ({"answers": {"way": "on foot"}}, 422),
        ({"answers": {"way": None}}, 200),
        ({"answers": {"way": {"deep": 1}}}, 422),
        ({"answers": []}, 422),
        ({"answers": {f"q{number}": "yes" for number in range(201)}}, 422),
        ({"on": "yesterday"}, 422),
        ({"province": "Lâm Đồng"}, 422),
        ("{", 400),
    ],
)
def test_bad_requests_are_refused_clearly(client: Client, body: Any, status: int) -> None:
    response = post(client, "1.001193", body)
    assert response.status_code == status
    assert response.json()
    assert len(response.content) < 100_000


def test_an_unknown_procedure_has_no_checklist(client: Client) -> None:
    response = post(client, "1.000000", {})
    assert response.status_code == 404
    assert response.json()["code"] == "procedures.not_found"
