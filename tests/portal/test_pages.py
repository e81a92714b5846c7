"""The front page is for everybody, the home page for each role; entries follow permissions."""

import pytest
from django.test import Client

from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/privacy/", "/source/"])
@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_public_pages_speak_three_languages(address: str, language: str, client: Client) -> None:
    page = client.get(address, {"lang": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()
    assert client.get(address).headers["Content-Language"] == language  # remembered


def test_vietnamese_unless_chosen(client: Client) -> None:
    assert client.get("/", headers={"accept-language": "en"}).headers["Content-Language"] == "vi"
    assert client.get("/", {"lang": "xx"}).headers["Content-Language"] == "vi"


def test_home_needs_a_member(client: Client) -> None:
    assert client.get("/home/").headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize(
    ("part", "entries"),
    [
        ("volunteer", {"/reception/", "/guides/", "/sessions/", "/cases/", "/teams/profile/"}),
        (
            "province",
            {
                "/guides/",
                "/authoring/",
                "/sessions/",
                "/teams/",
                "/figures/mine/",
                "/places/points/",
                "/teams/profile/",
            },
        ),
        ("administrator", {"/teams/", "/places/points/", "/teams/profile/"}),
    ],
)
def test_home_offers_what_the_role_may_do(part: str, entries: set[str], cast: Cast, client: Client) -> None:
    client.force_login(cast.everyone()[part])
    page = client.get("/home/")
    assert {card["url"] for card in page.context["cards"]} == entries
    assert all(client.get(address).status_code in (200, 302) for address in entries)


def test_private_pages_are_not_cached(cast: Cast, client: Client) -> None:
    client.force_login(cast.volunteer)
    assert "no-store" in client.get("/home/").headers["Cache-Control"]


def test_headers_allow_nothing_foreign(client: Client) -> None:
    headers = client.get("/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_health(client: Client) -> None:
    assert client.get("/health/").json() == {"status": "ok"}
