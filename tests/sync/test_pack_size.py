"""What a pack weighs on the line, and how a phone is told what it has not got."""

import gzip
import json
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client

from nhipcau.core import clock
from nhipcau.procedures.models import Procedure
from nhipcau.procedures.queries import library
from nhipcau.sync.queries.pack import place, work
from nhipcau.teams import services as teams
from tests.factories.cast import Cast
from tests.factories.classes import make_class
from tests.factories.phones import Phone, case_data, make_phone

from .conftest import Send
from .test_operations_cases import results

MOST = 300_000


@pytest.fixture
def phone(cast: Cast) -> Phone:
    """Its token is good at this moment."""
    return make_phone(cast.volunteer, clock.now())


def fetched(client: Client, phone: Phone, language: str) -> tuple[dict[str, Any], int]:
    """The whole pack as a phone gets it; and the bytes of its answers, compressed as they come."""
    found: dict[str, Any] = {}
    asked = {"after": 0, "epoch": "", "language": language}
    heads = {"Authorization": f"Bearer {phone.credentials.token}", "Accept-Encoding": "gzip"}
    size = 0
    while True:
        answer = client.get("/api/v1/sync/pack", asked, headers=heads)
        assert answer["Content-Encoding"] == "gzip"
        size += len(answer.content)
        page = json.loads(gzip.decompress(answer.content))
        found |= {f"{item['kind']}/{item['id']}": item["body"] for item in page["items"]}
        asked |= {"after": page["next"], "epoch": page["epoch"]}
        if not page["more"]:
            return found, size


def open_cases(phone: Phone, send: Send, count: int, notes: int = 0) -> None:
    chance, now = Random(5), clock.now()
    for number in range(count):
        data = case_data(name=f"Bà {note(chance)[:40]}", phone=f"09123{number:05}")
        opening = phone.command("cases.open", data, now)
        written = [
            phone.command("cases.note", {"case": data["id"], "note": note(chance)}, now) for _ in range(notes)
        ]
        assert set(results(send(phone, opening, *written, now=now))) == {("applied", "")}


def note(chance: Random) -> str:
    """As people write, at some length; no number in it."""
    heard = (
        "giấy",
        "hẹn",
        "mẹ",
        "xã",
        "ngày",
        "mang",
        "bản",
        "gốc",
        "chưa",
        "đủ",
        "trường",
        "nhà",
        "gọi",
        "lại",
    )
    return " ".join(chance.choice(heard) for _ in range(180))


def full_day(phone: Phone, cast: Cast, send: Send) -> None:
    now = clock.now()
    for number in range(12):
        make_class(cast.leader, cast.volunteer, now=now, starts_at=now + timedelta(hours=3 * number))
    open_cases(phone, send, work.MOST_CASES + 1, notes=3)


def test_all_guides_and_a_full_day_come_in_300_kb(
    phone: Phone, cast: Cast, send: Send, client: Client
) -> None:
    now = clock.now()
    for number in range(12):
        make_class(cast.leader, cast.volunteer, now=now, starts_at=now + timedelta(hours=3 * number))
    open_cases(phone, send, work.MOST_CASES + 1, notes=3)
    current = Procedure.objects.filter(state="current").values_list("slug", flat=True)
    for language in ("vi", "th", "en"):
        found, size = fetched(client, phone, language)
        assert {key for key in found if key.startswith("guide/")} == {f"guide/{slug}" for slug in current}
        assert len([key for key in found if key.startswith("case/")]) == work.MOST_CASES
        assert found["me/me"]["cut"] == {"cases": {"here": work.MOST_CASES, "all": work.MOST_CASES + 1}}
        assert size <= MOST


def test_of_many_long_guides_those_come_that_are_asked_for(
    phone: Phone, cast: Cast, send: Send, client: Client
) -> None:
    """Words that hardly shrink; nothing is cut in silence."""
    chance, now = Random(9), clock.now()
    slugs = list(library().values_list("slug", flat=True))
    for slug in slugs:
        long = {
            language: " ".join(f"{chance.randrange(16**8):x}" for _ in range(1200))
            for language in ("vi", "en")
        }
        Procedure.objects.filter(pk=slug).update(summaries=long)
    *_others, own, asked = slugs
    session = phone.session(now, need=f"procedure:{asked}")
    case = phone.command("cases.open", case_data(need=f"procedure:{own}"), now)
    assert set(results(send(phone, session, case, now=now))) == {("applied", "")}
    found, size = fetched(client, phone, "vi")
    guides = [key.removeprefix("guide/") for key in found if key.startswith("guide/")]
    assert {own, asked} <= set(guides) < set(slugs)
    assert found["me/me"]["cut"] == {"guides": {"here": len(guides), "all": len(slugs)}}
    assert MOST * 0.8 < size <= MOST


def test_communes_that_are_not_taken_along_are_counted(
    phone: Phone, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    teams.grant_role(
        by=None, now=clock.now(), member=cast.volunteer, role="volunteer", unit_code=cast.neighbour.pk
    )
    assert fetched(client, phone, "vi")[0]["me/me"]["cut"] == {}
    monkeypatch.setattr(place, "MOST_COMMUNES", 1)
    found, _size = fetched(client, phone, "vi")
    assert found["me/me"]["cut"] == {"communes": {"here": 1, "all": 2}}
    assert [unit["code"] for unit in found["me/me"]["communes"]] == [cast.volunteer.commune_id]
