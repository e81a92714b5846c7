"""The front page is for everybody, the home page for each role; entries follow permissions."""

import pytest
from django.test import Client

from tests.factories.cast import NOW, Cast
from tests.factories.messages import tell

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/privacy/", "/source/"])
@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_public_pages_speak_three_languages(address: str, language: str, client: Client) -> None:
    page = client.get(address, {"lang": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()
    assert client.get(address).headers["Content-Language"] == language  # remembered


def test_whoever_wants_to_help_finds_the_way(client: Client) -> None:
    assert 'href="/volunteers/join/"' in client.get("/").content.decode()


def test_vietnamese_unless_chosen(client: Client) -> None:
    assert client.get("/", headers={"accept-language": "en"}).headers["Content-Language"] == "vi"
    assert client.get("/", {"lang": "xx"}).headers["Content-Language"] == "vi"


def test_home_needs_a_member(client: Client) -> None:
    assert client.get("/home/").headers["Location"].startswith("/account/login/")


# What every member has, whatever their role.
EVERYBODY = {"/messages/", "/teams/profile/"}


@pytest.mark.parametrize(
    ("part", "entries"),
    [
        (
            "volunteer",
            {
                "/reception/",
                "/roster/",
                "/guides/",
                "/sessions/",
                "/cases/",
                "/attendance/mine/",
                "/volunteers/me/",
                "/visits/mine/",
                "/classes/mine/",
                "/phones/mine/",
            },
        ),
        (
            "province",
            {
                "/roster/teams/",
                "/volunteers/",
                "/reinforcement/",
                "/visits/",
                "/classes/",
                "/phones/",
                "/phones/rescue/",
                "/guides/",
                "/authoring/",
                "/sessions/",
                "/teams/",
                "/figures/mine/",
                "/places/points/",
            },
        ),
        ("administrator", {"/teams/", "/places/points/", "/undelivered/"}),
    ],
)
def test_home_offers_what_the_role_may_do(part: str, entries: set[str], cast: Cast, client: Client) -> None:
    client.force_login(cast.everyone()[part])
    page = client.get("/home/")
    assert {card["url"] for card in page.context["cards"]} == entries | EVERYBODY
    assert all(client.get(address).status_code in (200, 302) for address in entries)


def test_home_says_what_is_new(cast: Cast, client: Client) -> None:
    client.force_login(cast.volunteer)
    assert "new message" not in client.get("/home/?lang=en").content.decode()
    for _twice in range(2):
        tell(cast.volunteer.pk, NOW)
    assert "2 new messages." in client.get("/home/").content.decode()


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
