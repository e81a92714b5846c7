"""Nonsense in addresses and forms: a clear answer, never an error of the server."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from config.api import api
from nhipcau.teams.access import module_of
from tests.depth import WHOLE
from tests.factories.cast import Cast

from .pages import ADDRESSES, PUBLIC, Address, patterns

VIEWS = {name: module_of(entry.callback) for name, entry in patterns()}
ASKED = re.compile(r"GET(?:\.get(?:list)?\(|\[)\s*[\"'](\w+)[\"']")
# Names that views read in other ways than by `request.GET.get("…")`.
READ_OTHERWISE = {
    "procedures": {"answer", "a.child_age", "province"},
    "reports": {"first", "last"},
    "account_login": {"next"},
    "portal:front": {"lang", "view"},
}
HOSTILE = {
    "nul": "%00",
    "nul-inside": "a%00b",
    "long": "x" * 10_000,
    "long-words": "xa+" * 3_333,
    "emoji": "%F0%9F%98%80%F0%9F%87%BB%F0%9F%87%B3",
    "broken-utf8": "%FF%FE%C3%28",
    "half-a-pair": "%ED%A0%80",
    "broken-percent": "%zz%",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "quotes": "%27%3B--%22%29",
    "negative": "-1",
    "huge": "9" * 400,
    "not-a-number": "NaN",
    "first-day": "0001-01-01",
    "last-day": "9999-12-31",
    "no-such-day": "2025-02-30",
    "code": "68",
    "other-digits": "%D9%A6%D9%A8",
    "id": "00000000-0000-7000-8000-000000000000",
    "turned-text": "%E2%80%AE%E2%81%A6",
}
TYPED = (
    "", "\x00", "x" * 10_000, "😀", "\ud800", "9" * 400, "-1", "0001-01-01", "9999-12-31", "24848:", ":", "68"
)  # fmt: skip
# How many of the values each address, and each form, meets in a run.
EVERY, STARTS = (5, (0, 4, 8)) if WHOLE else (9, (0,))
# Of a name alone: each value, or each third, dealt out over the addresses.
ALONE = 1 if WHOLE else 3
AS_A_FORM = "application/x-www-form-urlencoded"
# Fields of small forms that open on a page only in some states.
FIELDS = {"to", "seen", "note", "code", "submitted_on", "submitted_by", "member", "due_on", "all"}
NOT_FIELDS = {"csrfmiddlewaretoken", "viewport", "theme-color", "description", "robots"}
PATHS = (
    "/{}", "/static/{}", "/places/{}/", "/guides/{}/", "/guides/{}/questions/", "/guides/{}/checklist/",
    "/guides/{}/checklist.pdf", "/c/{}/", "/figures/{}/", "/figures/{}/sessions/rows/",
    "/figures/68/{}/rows/", "/teams/{}/", "/cases/{}/", "/teams/start/<member>/{}/",
    "/api/v1/places/units/{}", "/api/v1/procedures/{}", "/api/v1/procedures/{}/questions",
)  # fmt: skip
# One address for each view and path; another query of the same page adds nothing here.
OPEN = list({(address.name, *address.values.values()): address for address in reversed(PUBLIC)}.values())
SIGNED_IN = [
    address for address in ADDRESSES if address.opener and address.kind != "act" and not address.label
]
FORMS = [address for address in ADDRESSES if address.opener and address.kind in ("page", "act")]

SignIn = Callable[..., Client]

# The first address of each view; the others of the same view differ in what they show.
FIRST = {address.name: address for address in reversed(ADDRESSES)}.values()


@cache
def names_asked_for(name: str) -> tuple[str, ...]:
    """The names that the view reads from an address; the front page stands for what all pages read."""
    room, _colon, act = name.partition(":")
    if room == "api":
        return tuple(sorted(declared().get(act, ())))
    module = sys.modules[VIEWS[name]]
    found = ASKED.findall(inspect.getsource(module)) if module.__name__.startswith("nhipcau.") else []
    return tuple(sorted({*found, *READ_OTHERWISE.get(room, READ_OTHERWISE.get(name, ()))}))


@cache
def declared() -> dict[str, set[str]]:
    """The names in the description of the interface: it reads no others."""
    paths = api.get_openapi_schema()["paths"].values()
    return {
        operation["operationId"].rpartition("_api_")[2]: {
            one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"
        }
        for path in paths
        for operation in path.values()
    }


def queries(address: Address) -> Iterator[str]:
    """Values as a name, twice and as an array, and under all names that are read, each name another value.

    The values are dealt out so that each name meets each value once; where nothing is read, only the house
    around the page can break, and it is the same house everywhere. On public pages each name also meets each
    value alone.
    """
    names = names_asked_for(address.name)
    turn, values = ADDRESSES.index(address), list(HOSTILE.values())
    step_on = ALONE if len(names) == 1 else EVERY
    for start in range(turn % step_on, len(values), step_on):
        value = values[start]
        dealt = (f"{name}={values[(start + step) % len(values)]}" for step, name in enumerate(names))
        yield "&".join([*dealt, f"x[]={value}&x={value}&x=1&{value}=1&{value}"])
    # A PDF takes long and reads as its page does.
    if len(names) > 1 and address in FIRST and not address.opener and not address.name.endswith("_pdf"):
        for place, name in enumerate(names):
            yield from (f"{name}={value}" for value in values[(turn + place) % ALONE :: ALONE])


def test_the_names_are_found() -> None:
    found = set().union(*(names_asked_for(address.name) for address in ADDRESSES))
    assert {"on", "place", "from", "to"} <= set().union(*declared().values())
    assert {"day", "page", "q", "session", "which", "lang", "change"} <= found


@pytest.mark.parametrize("address", OPEN, ids=str)
def test_public_addresses(address: Address, samples: dict[str, str], client: Client) -> None:
    for query in queries(address):
        status = client.get(address.path(samples), QUERY_STRING=query).status_code
        assert status in (200, 302, 400, 404, 422), query[:80]


@pytest.mark.parametrize("address", SIGNED_IN, ids=str)
def test_addresses_of_members(address: Address, samples: dict[str, str], as_part: SignIn) -> None:
    client = as_part(address.opener)
    for query in queries(address):
        status = client.get(address.path(samples), QUERY_STRING=query).status_code
        assert status in (200, 302, 400, 404, 422), query[:80]


@pytest.mark.parametrize("path", PATHS)
def test_text_inside_the_path(path: str, cast: Cast, as_part: SignIn) -> None:
    client = as_part("coordinator")
    filled = path.replace("<member>", str(cast.volunteer.pk))
    for value in list(HOSTILE.values())[PATHS.index(path) % ALONE :: ALONE]:
        assert client.get(filled.format(value)).status_code in (200, 302, 400, 404, 422), value[:80]


@pytest.mark.parametrize("address", FORMS, ids=str)
def test_forms(address: Address, samples: dict[str, str], as_part: SignIn) -> None:
    path, client = address.path(samples), as_part(address.opener)
    fields = {*FIELDS, *re.findall(r'name="([\w-]+)"', client.get(path).content.decode())} - NOT_FIELDS
    turn = FORMS.index(address)
    # All fields the same text, dealt out over the forms; then each field another text, so that one refused
    # early does not hide what the next one does with its own.
    for more in STARTS:
        start = (turn + more) % len(TYPED)
        for step in (0, 1):
            texts = [TYPED[(start + step * place) % len(TYPED)] for place in range(len(fields))]
            sent = urlencode(list(zip(sorted(fields), texts, strict=True)), errors="surrogatepass")
            with transaction.atomic():
                answer = client.post(path, sent, content_type=AS_A_FORM)
                transaction.set_rollback(True)  # each text meets the same rows
            known = answer.status_code in (200, 302, 400, 404, 405, 409, 422, 429)
            # What opens a phone's store asks for the password first.
            assert known or b"sync.sign_in_again" in answer.content, (start, step)


@pytest.mark.parametrize("text", ["", "\x00", "x" * 10_000, "😀", "7K3M-9QX", "--------", "0" * 8])
def test_codes_that_are_none(text: str, client: Client) -> None:
    assert client.post("/follow/", {"code": text}).status_code == 422


@pytest.mark.parametrize("stars", ["", "0", "6", "-1", "x", "\x00", "9" * 400, "4.5"])
def test_ratings_that_are_none(stars: str, samples: dict[str, str], client: Client) -> None:
    assert client.post(f"/c/{samples['finished']}/rate/", {"stars": stars}).status_code == 422


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "nonsense", "utf-8"])
def test_whatever_the_sender_calls_its_letters(charset: str, client: Client) -> None:
    sent = client.generic("POST", "/follow/", b"code=x", content_type=f"{AS_A_FORM}; charset={charset}")
    assert sent.status_code == 422


def test_what_is_too_long_is_said_in_words(client: Client) -> None:
    sent = client.post("/follow/?lang=en", {"code": "x" * 3_000_000})
    assert sent.status_code == 400
    assert "Nothing was saved." in sent.content.decode()
