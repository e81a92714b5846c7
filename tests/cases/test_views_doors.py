"""Every page of the room by every role, by a stranger and by nobody; what each costs; wrong methods."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from nhipcau.cases import services
from nhipcau.cases.models import Case
from nhipcau.cases.urls import urlpatterns
from nhipcau.core import clock
from nhipcau.places.models import ServicePoint
from nhipcau.teams.access import MemberActor, actor_of
from tests.cases.conftest import open_case, session
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db

OWN = {"volunteer", "leader", "official", "coordinator", "outsider", "neighbour_volunteer"}
HERE = {"volunteer", "leader", "official", "coordinator"}
LEAD = HERE - {"volunteer"}
# Address -> who may open it about the near commune's case, which the volunteer opened.
DOORS: dict[str, set[str]] = {
    "reception": OWN,
    "sessions": OWN | {"province"},
    "undo_session": set(),
    "cases": OWN,
    "new_case": OWN,
    "case": HERE,
    "move": HERE,
    "note": HERE,
    "dossier": HERE,
    "assign": LEAD,
    "due": HERE,
    "person": HERE,
    "withdraw": HERE,
    "papers": HERE,
    "card": HERE,
    "card_pdf": HERE,
}
POSTS = {"undo_session", "move", "note", "dossier", "assign", "due"}
PUBLIC = {"follow", "follow_card", "rate"}


def address(name: str, case: Case) -> str:
    if name in ("reception", "sessions", "cases", "new_case", "follow"):
        return reverse(f"cases:{name}")
    if name in ("follow_card", "rate"):
        return reverse(f"cases:{name}", args=[case.token])
    return reverse(f"cases:{name}", args=[case.pk])


def visit(client: Client, name: str, case: Case) -> HttpResponse:
    method = client.post if name in POSTS else client.get
    return method(address(name, case))  # type: ignore[return-value]  # the test client's own class


def test_every_address_is_in_one_of_the_tables() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(DOORS) | PUBLIC
    assert get_resolver()


@pytest.mark.parametrize("name", sorted(DOORS))
def test_each_role_finds_its_pages_and_nothing_else(name: str, cast: Cast, case: Case) -> None:
    found = set()
    for part, member in cast.everyone().items():
        client = Client()
        client.force_login(member)
        status = visit(client, name, case).status_code
        assert status in (200, 302, 404, 422), f"{name} {part}: {status}"
        if status != 404:
            found.add(part)
    assert found == DOORS[name]


@pytest.mark.parametrize("name", sorted(DOORS))
def test_nobody_is_sent_to_the_sign_in_page(name: str, case: Case) -> None:
    response = visit(Client(), name, case)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(POSTS | {"rate"}))
def test_what_changes_something_is_never_a_link(name: str, cast: Cast, case: Case) -> None:
    client = Client()
    client.force_login(cast.leader)
    assert client.get(address(name, case)).status_code == 405


@pytest.mark.parametrize("name", ["sessions", "cases", "case", "person", "card", "card_pdf", "follow_card"])
def test_what_is_read_takes_no_post(name: str, cast: Cast, case: Case) -> None:
    client = Client()
    client.force_login(cast.leader)
    assert client.post(address(name, case)).status_code == 405


@pytest.mark.parametrize("name", sorted(set(DOORS) - {"reception", "sessions", "cases", "new_case"}))
def test_unknown_ids_are_not_found(name: str, cast: Cast, case: Case) -> None:
    client = Client()
    client.force_login(cast.leader)
    strange = Case(pk="00000000-0000-7000-8000-000000000000")
    assert visit(client, name, strange).status_code == 404


def fill(volunteer: MemberActor, point: ServicePoint, count: int) -> list[Case]:
    """So many sessions today, cases, dossiers and events on each case."""
    cases = []
    for number in range(count):
        now = clock.now()
        done = services.record_session(
            session=session(volunteer, service_point=point.pk), by=volunteer, now=now
        ).session
        case = open_case(volunteer, phone=f"063300{number:04}", session=done.pk, service_point=point.pk)
        cases.append(case)
    for number in range(count):
        services.add_dossier(
            case_id=cases[0].pk,
            code=f"HS-{number}",
            submitted_on=clock.local_date(clock.now()),
            submitted_by_citizen=True,
            by=volunteer,
            now=clock.now(),
        )
        services.add_note(case_id=cases[0].pk, note=f"Lần {number}", by=volunteer, now=clock.now())
    return cases


# A page's queries, session and member included; the same with one row and with three.
COSTS = {
    "reception": 7,
    "sessions": 4,
    "cases": 5,
    "new_case": 6,
    "case": 13,
    "papers": 6,
    "person": 8,
    "withdraw": 4,
    "card": 4,
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", sorted(COSTS))
def test_pages_cost_the_same_with_one_row_and_with_three(
    name: str,
    rows: int,
    cast: Cast,
    volunteer: MemberActor,
    point: ServicePoint,
    django_assert_num_queries: Any,
) -> None:
    first = fill(volunteer, point, rows)[0]
    client = Client()
    client.force_login(cast.leader)
    client.get(address(name, first))
    with django_assert_num_queries(COSTS[name]):
        assert client.get(address(name, first)).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_public_page_is_cheap(
    rows: int, volunteer: MemberActor, point: ServicePoint, django_assert_num_queries: Any
) -> None:
    first = fill(volunteer, point, rows)[0]
    with django_assert_num_queries(6):
        assert Client().get(address("follow_card", first)).status_code == 200
    with django_assert_num_queries(0):
        assert Client().get(reverse("cases:follow")).status_code == 200


def test_lists_show_the_rows_of_ones_own_places_only(
    cast: Cast, volunteer: MemberActor, leader: MemberActor, actor: Callable[..., MemberActor]
) -> None:
    mine = open_case(volunteer)
    leaders = open_case(leader, phone="0633000222")
    far = open_case(actor_of(cast.outsider, clock.now()), commune="22015", phone="0633000333")

    def seen(member: Any) -> set[str]:
        client = Client()
        client.force_login(member)
        text = client.get(reverse("cases:cases")).content.decode()
        return {case.code for case in (mine, leaders, far) if case.code in text}

    assert seen(cast.volunteer) == {mine.code}
    assert seen(cast.leader) == {mine.code, leaders.code}
    assert seen(cast.outsider) == {far.code}
    assert seen(cast.neighbour_volunteer) == set()
