"""Every address as every role and as nobody: doors open and stay shut as marked, and nothing breaks.

What a page costs is counted on the way: at most twelve queries of the database for whoever opens it.
"""

import re
from collections.abc import Callable, Mapping

import pytest
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from nhipcau.core.doors import door_of
from nhipcau.core.ids import new_id
from nhipcau.teams.access import GuardMiddleware, MemberActor, actor_of
from tests.depth import WHOLE
from tests.factories.cast import NOW, Cast

from .pages import ADDRESSES, Address, patterns

DOORS = {name: door_of(entry.callback) for name, entry in patterns()}
OURS = [address for address in ADDRESSES if DOORS[address.name] is not None]
FOREIGN = [address for address in ADDRESSES if DOORS[address.name] is None]
ABOUT_SOMETHING = [address for address in OURS if address.opener and "@" in "".join(address.values.values())]
UUID_IN_PATH = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Taking back a session that is not there answers as for one that was taken back: a message on the list.
SENT_BACK = "cases:undo_session"
SignIn = Callable[..., Client]
READ, MOST_QUERIES = ("page", "file"), 12


def get(client: Client, address: Address, samples: Mapping[str, str], part: str) -> HttpResponse:
    """What it answers; to its opener, for no more queries than a page may cost."""
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address.url(samples))
    if part == address.opener and address.kind in READ:
        assert len(seen) <= MOST_QUERIES, "\n".join(query["sql"][:200] for query in seen)
    return answer


def test_every_address_has_a_sample() -> None:
    named = {name for name, _entry in patterns()}
    assert named - {address.name for address in ADDRESSES} == set(), "give it a line in tests/flows/pages.py"
    assert {address.name for address in ADDRESSES} - named == set(), "no such address any more"
    assert all(not name.endswith(":") and name for name in named), "an address without a name"


def test_samples_are_told_apart() -> None:
    assert len({str(address) for address in ADDRESSES}) == len(ADDRESSES)


@pytest.mark.parametrize("address", OURS, ids=str)
def test_as_nobody(address: Address, samples: dict[str, str], client: Client) -> None:
    door = DOORS[address.name]
    answer = get(client, address, samples, "")
    if address.kind == "act":
        assert answer.status_code == (302 if door.signed_in else 405)  # type: ignore[union-attr]
    elif door.signed_in:  # type: ignore[union-attr]
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login") + "?next=/")
    else:
        assert answer.status_code == (404 if address.label == "spent" else 200)


@pytest.fixture(scope="module")
def actors(people: Cast) -> dict[str, MemberActor]:
    """The cast as actors, whose roles are read once."""
    return {part: actor_of(member, NOW) for part, member in people.everyone().items()}


@pytest.mark.parametrize("address", OURS, ids=str)
def test_the_door_for_every_role(
    address: Address, samples: dict[str, str], actors: dict[str, MemberActor], rf: RequestFactory
) -> None:
    """The guard alone, without the page behind it: it opens to those who may and to nobody else."""
    match = resolve(address.path(samples))
    guard = GuardMiddleware(lambda _request: HttpResponse())
    for part, actor in actors.items():
        request = rf.get(address.url(samples))
        request.actor = actor  # type: ignore[attr-defined]
        try:
            opens = guard.process_view(request, match.func, match.args, match.kwargs) is None
        except Http404:
            opens = False
        permission = DOORS[address.name].permission  # type: ignore[union-attr]
        assert opens == (not permission or actor.may(permission)), part


@pytest.mark.parametrize("address", OURS, ids=str)
def test_as_some_roles(address: Address, samples: dict[str, str], cast: Cast, as_part: SignIn) -> None:
    """The page itself, as the one who opens it, and as one more of the cast in turn; two in whole runs."""
    parts, turn = list(cast.everyone().items()), OURS.index(address)
    some = {address.opener, *(parts[(turn + step) % len(parts)][0] for step in ((0, 5) if WHOLE else (0,)))}
    for part, member in parts:
        if part not in some:
            continue
        permission = DOORS[address.name].permission  # type: ignore[union-attr]
        allowed = not permission or actor_of(member, NOW).may(permission)
        answer = get(as_part(part), address, samples, part)
        assert answer.status_code in ((200, 302, 404, 405) if allowed else (404,)), part
        if part == address.opener:
            assert answer.status_code == {"act": 405, "sends": 302}.get(address.kind, 200), part


@pytest.mark.parametrize("address", ABOUT_SOMETHING, ids=str)
def test_what_is_not_yours_does_not_exist(address: Address, samples: dict[str, str], as_part: SignIn) -> None:
    for stranger in ("outsider", "neighbour_volunteer"):
        client = as_part(stranger)
        assert client.get(address.path(samples)).status_code in (404, 405)
        status = client.post(address.path(samples), {"name": "X"}).status_code
        assert status in (404, 405) or (status == 302 and address.name == SENT_BACK)


@pytest.mark.parametrize("address", ABOUT_SOMETHING, ids=str)
def test_what_does_not_exist_is_404(address: Address, samples: dict[str, str], as_part: SignIn) -> None:
    client = as_part(address.opener)
    unknown = UUID_IN_PATH.sub(str(new_id()), address.path(samples))
    assert client.get(unknown).status_code in (404, 405)
    status = client.post(unknown, {"to": "submitted", "note": "x"}).status_code
    assert status in (404, 405) or (status == 302 and address.name == SENT_BACK)


@pytest.mark.parametrize("address", FOREIGN, ids=str)
def test_pages_of_other_packages(
    address: Address, samples: dict[str, str], cast: Cast, as_part: SignIn
) -> None:
    # The interface reads no cookie: one who sends one is enough.
    parts = ("", "coordinator") if address.name.startswith("api:") else ("", *cast.everyone())
    assert address.opener in parts
    for part in parts:
        status = get(as_part(part), address, samples, part).status_code
        assert status == 404 if address.kind == "shut" else status < 500 and status != 403, part
        if part == address.opener and address.kind in READ:
            # Before a secret is shown the password is wanted once more.
            assert status == (302 if address.name == "mfa_activate_totp" else 200)


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_nothing_is_sent_without_the_token_of_the_form(
    address: Address, samples: dict[str, str], as_part: SignIn
) -> None:
    if address.name.startswith("api:"):
        # The interface reads no cookie and changes nothing, but for phones that say who they are.
        careful = as_part("", enforce_csrf_checks=True)
        answer = careful.post(address.path(samples), "{}", content_type="application/json")
        assert answer.status_code in (200, 401, 403, 404, 405, 422)
        return
    for part in ("", "coordinator"):
        careful = as_part(part, enforce_csrf_checks=True)
        assert careful.post(address.path(samples), {"name": "X"}).status_code == 403
