"""The list and the page with two columns, through a browser without scripts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from nhipcau.audit.queries import entries_of
from nhipcau.cases import services as cases
from nhipcau.cases.models import Case
from nhipcau.citizens.models import Citizen
from nhipcau.core import clock
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries.conflicts import content_of, own_open
from nhipcau.sync.services.clearing import forget_due
from nhipcau.sync.services.packing import hand_out
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone

from .conftest import Send, opening
from .test_operations_cases import change, give_to_leader

LATER = NOW + timedelta(hours=2)
Open = Callable[[Member], Client]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Open:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    monkeypatch.setattr(timezone, "now", lambda: LATER)

    def of(member: Member) -> Client:
        client = Client()
        client.force_login(member)
        client.cookies["lang"] = "en"
        return client

    return of


@pytest.fixture
def raised(phone: Phone, cast: Cast, send: Send, case: Case) -> Conflict:
    cases.move_case(case_id=case.pk, to="papers_missing", by=actor_of(cast.leader, NOW), now=NOW)
    send(phone, change(phone, case, {"state": "opened"}, state="papers_ready"))
    return Conflict.objects.get()


def page(row: Conflict) -> str:
    return f"/phones/decide/{row.pk}/"


def test_the_list_and_both_sides_in_words(cast: Cast, case: Case, raised: Conflict, browser: Open) -> None:
    client = browser(cast.official)
    listed = client.get("/phones/decide/").content.decode()
    assert case.code in listed
    shown = client.get(page(raised)).content.decode()
    for words in (
        "What stands now",
        "Papers missing",
        "Papers ready",
        "The phone had seen: Opened",
        cast.volunteer.name,
    ):
        assert words in shown
    for code in ("papers_missing", "same_field", "cases.change"):
        assert code not in shown
    assert entries_of("sync_conflict", str(raised.pk)).filter(action="read").count() == 1


def test_the_list_costs_the_same_however_long(
    phone: Phone, case: Case, raised: Conflict, cast: Cast, send: Send, browser: Open,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    client = browser(cast.leader)
    client.get("/phones/decide/")
    with CaptureQueriesContext(connection) as one:
        client.get("/phones/decide/")
    for day in ("2025-07-20", "2025-07-21"):
        send(phone, change(phone, case, None, due_on=day))
    assert Conflict.objects.count() == 3
    with django_assert_num_queries(len(one)):
        client.get("/phones/decide/")


def test_deciding_with_a_button(cast: Cast, case: Case, raised: Conflict, browser: Open) -> None:
    client = browser(cast.leader)
    mark = client.get(page(raised)).context["mark"]
    assert client.post(page(raised), {"keep": "phone", "seen": "old"}).status_code == 409
    assert client.post(page(raised), {"keep": "both", "seen": mark}).status_code == 200
    answer = client.post(page(raised), {"keep": "phone", "seen": mark})
    assert (answer.status_code, answer["Location"]) == (302, "/phones/decide/")
    case.refresh_from_db()
    assert case.state == "papers_ready"
    assert case.code in client.get("/phones/decide/?which=decided").content.decode()
    decided = client.get(page(raised)).content.decode()
    assert "What stood" in decided
    assert 'name="keep"' not in decided


def test_others_find_nothing(cast: Cast, raised: Conflict, browser: Open) -> None:
    for member in (cast.outsider, cast.neighbour_volunteer):
        client = browser(member)
        assert client.get(page(raised)).status_code == 404
        assert client.post(page(raised), {"keep": "server"}).status_code == 404
        assert client.get("/phones/decide/").context["lines"] == []
    assert browser(cast.province).get(page(raised)).status_code == 404


def test_the_author_of_a_case_given_away_sees_only_their_own_side(
    cast: Cast, case: Case, raised: Conflict, browser: Open
) -> None:
    give_to_leader(case, cast)
    shown = browser(cast.volunteer).get(page(raised)).content.decode()
    assert "Papers ready" in shown
    assert "Papers missing" not in shown
    assert 'name="keep"' not in shown
    assert own_open(actor_of(cast.volunteer, LATER), 5) == []


def test_the_page_of_the_case_says_it(cast: Cast, case: Case, raised: Conflict, browser: Open) -> None:
    shown = browser(cast.leader).get(f"/cases/{case.pk}/").content.decode()
    assert page(raised) in shown


def test_the_phone_gets_both_sides_in_words(phone: Phone, case: Case, raised: Conflict) -> None:
    items = []
    after, epoch, more = 0, "", True
    while more:
        got = hand_out(
            device_id=phone.id, after=after, epoch=epoch, language="en", by=phone.actor(NOW), now=NOW
        )
        items += [item for item in got.items if item.kind == "conflict"]
        after, epoch, more = got.next, got.epoch, got.more
    (item,) = items
    assert item.body is not None
    assert item.body["title"] == f"Case: {case.code} – Case changed"
    assert item.body["fields"] == [
        {
            "name": "state",
            "label": "State",
            "base": "Opened",
            "theirs": "Papers missing",
            "mine": "Papers ready",
        }
    ]


@pytest.mark.parametrize("same", [True, False])
def test_of_a_known_number_the_page_asks_whether_it_is_the_same_person(
    phone: Phone, cast: Cast, case: Case, send: Send, browser: Open, same: bool
) -> None:
    """The one who knew cannot say it any more: their role has ended before the phone could ask."""
    cast.volunteer.grants.update(valid_until=NOW + timedelta(hours=1))
    send(phone, opening(phone), now=LATER)
    row = Conflict.objects.get()
    client = browser(cast.leader)
    shown = client.get(page(row))
    assert case.code in shown.content.decode()
    assert "What stands now" not in shown.content.decode(), "nothing does"
    people = dict(shown.context["people"])
    assert list(people) == [str(case.citizen_id), "another"]
    mark = shown.context["mark"]
    assert "Say first whether" not in shown.content.decode()
    unsaid = client.post(page(row), {"keep": "phone", "seen": mark})
    assert unsaid.status_code == 409
    assert unsaid.content.decode().count("Say first whether it is the same person.") == 2
    assert 'aria-describedby="person-error"' in unsaid.content.decode()
    for nonsense in ("x", str(cast.volunteer.pk)):
        assert client.post(page(row), {"keep": "phone", "person": nonsense}).status_code == 409
    person = str(case.citizen_id) if same else "another"
    unseen = client.post(page(row), {"keep": "phone", "seen": "old", "person": person})
    assert unseen.status_code == 409
    assert f'value="{person}" checked' in unseen.content.decode(), "the answer is not lost"
    assert "person-error" not in unseen.content.decode()
    assert client.post(page(row), {"keep": "phone", "seen": mark, "person": person}).status_code == 302
    assert (Case.objects.count(), Citizen.objects.count()) == (2, 1 if same else 2)
    assert client.get(page(row)).context["people"] == []


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({"another_person": True}, False),
        ({"phone": "0987654321"}, False),
        ({"phone": "1"}, False),
        ({"known_citizen": "0197ca6c-0000-7000-8000-000000000000"}, True),
        ({"known_citizen": "0197ca6c-0000-7000-8000-000000000000", "phone": "0987654321"}, False),
    ],
)
def test_only_what_nobody_has_said_is_asked(
    phone: Phone, cast: Cast, case: Case, send: Send, browser: Open, more: dict[str, Any], asked: bool
) -> None:
    cast.volunteer.grants.update(valid_until=NOW + timedelta(hours=1))
    send(phone, opening(phone, **more), now=LATER)
    client = browser(cast.leader)
    row = Conflict.objects.get()
    assert bool(client.get(page(row)).context["people"]) == asked
    answer = {"person": "another"} if asked else {}
    refused = more.get("phone") == "1"
    assert client.post(page(row), {"keep": "phone", **answer}).status_code == (409 if refused else 302)
    if not refused:
        opened = Case.objects.get(pk=content_of(row)["data"]["id"])
        assert opened.citizen_id not in (None, case.citizen_id)


def test_who_the_phone_has_named_is_not_asked_again(
    phone: Phone, cast: Cast, case: Case, send: Send, browser: Open
) -> None:
    cast.volunteer.grants.update(valid_until=NOW + timedelta(hours=1))
    send(phone, opening(phone, known_citizen=str(case.citizen_id)), now=LATER)
    row = Conflict.objects.get()
    client = browser(cast.leader)
    assert client.get(page(row)).context["people"] == []
    assert client.post(page(row), {"keep": "phone"}).status_code == 302


def test_what_was_forgotten_is_not_shown_as_decided(cast: Cast, raised: Conflict, browser: Open) -> None:
    forget_due(now=NOW + timedelta(days=400))
    client = browser(cast.leader)
    assert "Erased · " in client.get("/phones/decide/?which=decided").content.decode()
    shown = client.get(page(raised)).content.decode()
    assert "What was written is erased" in shown
    assert "Keep what is there" not in shown
