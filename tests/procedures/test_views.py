"""The pages of the guides: from a question in one's own words to a list on A5, without anything stored."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from nhipcau.procedures import guide as engine
from nhipcau.procedures.models import Procedure
from nhipcau.procedures.queries import library
from nhipcau.procedures.views import words
from tests.depth import WHOLE

pytestmark = pytest.mark.django_db
BIRTH = "/guides/birth-registration/"


def text(client: Client, url: str, **query: Any) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return str(response.content.decode())


def open_questions(client: Client, url: str) -> list[str]:
    """Answers "I don't know" until the list comes; returns the questions that were asked."""
    asked = []
    for _ in range(40):
        response = client.get(url)
        if response.status_code == 302:
            url = response["Location"]
            if "/checklist/" in url:
                return asked
            continue
        fact = response.context["fact"]
        asked.append(fact)
        query = "&".join(f"{key}={value}" for key, value in response.context["carried"])
        url = f"{url.split('?')[0]}?{query}&fact={fact}&answer=unknown&dont_know=1"
    raise AssertionError("the interview does not end")


def test_search_leads_to_the_guide(client: Client) -> None:
    page = text(client, "/guides/", q="mat bang lai xe")
    assert "/guides/driving-licence-reissue/" in page


def test_search_says_when_nothing_fits(client: Client) -> None:
    response = client.get("/guides/", {"q": "xin visa Mỹ", "lang": "en"})
    assert response.context["found"] == []
    assert "This is not in our library" in response.content.decode()


def test_all_guides_are_listed(client: Client) -> None:
    page = text(client, "/guides/")
    for procedure in library():
        assert f'href="/guides/{procedure.slug}/"' in page


@pytest.mark.parametrize("turn", range(3 if WHOLE else 1))
def test_every_guide_can_be_read_answered_and_taken_away(client: Client, turn: int) -> None:
    """In one language each, and in whole runs in all three."""
    for number, procedure in enumerate(library(), turn):
        language = ("vi", "th", "en")[number % 3]
        base = f"/guides/{procedure.slug}/"
        assert procedure.names[language].split("&")[0] in text(client, base, lang=language).replace(
            "&#x27;", "'"
        )
        asked = open_questions(client, f"{base}questions/")
        assert len(asked) == len(set(asked))
        text(client, f"{base}checklist/")


def test_every_list_prints_on_one_a5_page(client: Client) -> None:
    for procedure in library():
        response = client.get(f"/guides/{procedure.slug}/checklist.pdf")
        assert response["Content-Type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(response.content)).pages
        assert len(pages) == 1, procedure.slug
        assert [round(float(side)) for side in pages[0].mediabox[2:]] == [420, 595]


def test_an_answer_travels_in_the_address_and_can_be_changed(client: Client) -> None:
    response = client.get(f"{BIRTH}questions/", {"fact": "way", "answer": "online"})
    assert response["Location"] == f"{BIRTH}questions/?a.way=online"
    page = client.get(f"{BIRTH}checklist/", {"a.way": "online"})
    change = page.context["answers"][0]["url"]
    asked = client.get(change)
    assert asked.context["fact"] == "way"
    assert asked.context["form"]["answer"].value() == "online"


def test_an_empty_answer_is_asked_for_again(client: Client) -> None:
    response = client.get(f"{BIRTH}questions/", {"fact": "way", "lang": "en"})
    assert response.status_code == 200
    assert "Choose an answer" in response.content.decode()


def test_the_qr_code_opens_the_same_list(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(address: str) -> str:
        drawn.append(address)
        return "<svg></svg>"

    monkeypatch.setattr("nhipcau.procedures.views.checklist.qr_svg", draw)
    page = client.get(f"{BIRTH}checklist/", {"a.way": "online", "lang": "th"})
    mark = page.context["version"].mark
    assert drawn[0].endswith(f"{BIRTH}checklist/?a.way=online&v={mark}&lang=th")


def test_a_code_leads_to_the_guide(client: Client) -> None:
    assert client.get("/guides/1.001193/")["Location"] == BIRTH
    assert client.get("/guides/1.000000/").status_code == 404


HOSTILE: list[str] = [
    "a.nothing=yes",
    "a.way=<script>alert(1)</script>",
    "a.way=" + "x" * 10_000,
    "a.way=online&a.way=direct",
    "&".join(f"a.f{i}=1" for i in range(500)),
    "province=%3Cb%3E",
    "a.way=%00",
    "a.=yes",
]


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("page", ["questions/", "checklist/"])
def test_strange_addresses_get_a_clear_page(client: Client, page: str, query: str) -> None:
    response = client.get(f"{BIRTH}{page}?{query}&lang=en")
    assert response.status_code == 200
    content = response.content.decode()
    assert "Some answers in this address could not be read" in content
    assert "<script>alert" not in content


@pytest.mark.parametrize("query", ["fact=nothing&answer=yes", "change=nothing", "fact=%00", "change="])
def test_questions_that_do_not_exist_are_not_found(client: Client, query: str) -> None:
    assert client.get(f"{BIRTH}questions/?{query}").status_code == 404


@pytest.mark.parametrize(
    "url", ["/guides/", "/guides/?q=khai+sinh", BIRTH, f"{BIRTH}questions/", f"{BIRTH}checklist/"]
)
def test_few_queries_whatever_the_size_of_the_library(client: Client, url: str) -> None:
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for i in range(3):
        Procedure.objects.create(
            slug=f"more-{i}", kind="in_app", life_event="birth", names={"vi": f"Thêm {i}"}
        )
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many) <= 12


def test_pages_are_small_and_the_list_is_quick(client: Client) -> None:
    for procedure in library():
        assert len(client.get(f"/guides/{procedure.slug}/checklist/").content) < 60_000


def test_the_list_is_the_engines(client: Client) -> None:
    response = client.get(f"{BIRTH}checklist/", {"a.way": "online"})
    version = response.context["version"]
    result = engine.checklist(engine.parse(version.guide), {"way": "online"}, on=version.valid_from)
    wanted = {document["title"]["vi"] for document in result.as_json()["documents"]}
    assert {group["title"] for group in response.context["groups"]} == wanted


def test_an_end_is_told_by_its_last_day() -> None:
    """Data name the first day that no longer counts; people read the last one that does."""
    with translation.override("vi"):
        assert words.last_day("2027-01-01") == "31/12/2026"
        assert words.last_day("2028-03-01") == "29/02/2028"
        assert words.last_day("never") == "never"
