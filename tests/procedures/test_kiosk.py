"""The touch screen of a centre: nothing leads out, the centre's province stays, nobody's answers are kept."""

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<(?:a|form|link|script|img|audio|iframe)\b[^>]*?\s(?:href|action|src)="([^"]*)"')
START = "/kiosk/?province=68"
ENOUGH = 25


def addresses(page: str, html: str) -> set[str]:
    """All addresses a page leads to or loads, whole."""
    return {urljoin(page, unescape(found)) for found in LINK.findall(html)}


def kind_of(address: str) -> str:
    """Start, search, guide, questions, checklist…: enough of each kind are looked at."""
    parts = urlsplit(address).path.strip("/").split("/")
    return (
        parts[2]
        if len(parts) > 2
        else "search"
        if parts[-1] == "search"
        else "guide"
        if parts[1:]
        else "start"
    )


def test_every_way_stays_inside(client: Client) -> None:
    waiting, seen = deque([START]), {START}
    kinds: Counter[str] = Counter()
    while waiting:
        here = waiting.popleft()
        answer = client.get(here, follow=True)
        assert answer.status_code == 200, here
        assert answer["Cache-Control"] == "no-store"
        for address in addresses(here, answer.content.decode()):
            parts = urlsplit(address)
            assert not parts.netloc, f"{here} leads to {address}"
            assert parts.path.startswith(("/kiosk/", "/static/")), f"{here} leads to {address}"
            again = address in seen or "lang=" in parts.query or "view=" in parts.query
            if parts.path.startswith("/kiosk/") and not again and kinds[kind_of(address)] < ENOUGH:
                kinds[kind_of(address)] += 1
                seen.add(address)
                waiting.append(address)
    assert {"start", "search", "guide", "questions", "checklist"} <= set(kinds)


@pytest.mark.parametrize("page", ["", "search/?q=mat+can+cuoc&province=68", "id-card-reissue/?province=68"])
def test_the_province_of_the_centre_stays(page: str, client: Client) -> None:
    here = f"/kiosk/{page or '?province=68'}"
    html = client.get(here).content.decode()
    guides = [
        a for a in addresses(here, html) if urlsplit(a).path.startswith("/kiosk/") and "search" not in a
    ]
    assert guides
    assert all("68" in parse_qs(urlsplit(address).query).get("province", []) for address in guides)


def test_the_code_leads_to_the_open_site(client: Client) -> None:
    """The picture cannot be read here; the address it is drawn from is checked beside it."""
    page = client.get("/kiosk/id-card-reissue/checklist/?province=68").content.decode()
    assert "qr-modules" in page
    assert ".pdf" not in page
    assert "data-print" in page


def test_beginning_again_forgets_language_and_large_text(client: Client) -> None:
    page = client.get("/kiosk/marriage/?province=68&lang=th&view=large").content.decode()
    home = re.search(r'data-kiosk-home="([^"]+)"', page)
    assert home
    again = client.get(unescape(home[1]))
    assert '<html lang="vi"' in again.content.decode()
    assert "nc-large" not in client.get("/kiosk/").content.decode()
    assert "province=68" in home[1]


@pytest.mark.parametrize("province", ["99", "68'><script>", "https://example.org", "6" * 500])
def test_a_strange_province_breaks_nothing(province: str, client: Client) -> None:
    answer = client.get("/kiosk/", {"province": province})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_someone_signed_in_is_nobody_there(client: Client, cast: object) -> None:
    client.force_login(cast.volunteer)  # type: ignore[attr-defined]
    page = client.get("/kiosk/").content.decode()
    assert "/home/" not in page
    assert "/account/" not in page


MANY = "&".join(f"a.{number}=1" for number in range(2_000))
ERRORS = [
    ("get", "/kiosk/nosuch/?province=68", 404),
    ("get", "/kiosk/1.000001/?lang=th", 404),
    ("get", "/kiosk/marriage/poster.pdf", 404),
    ("get", "/kiosk/a\x00b/", 404),
    ("get", "/kiosk/" + "ạ" * 3_000 + "/", 404),
    ("get", f"/kiosk/marriage/checklist/?{MANY}", 400),
    ("post", "/kiosk/marriage/checklist/", 403),
]


@pytest.mark.parametrize(("method", "address", "status"), ERRORS)
def test_an_error_stays_inside_and_begins_anew(method: str, address: str, status: int) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)(address)
    page = answer.content.decode()
    assert (answer.status_code, answer["Cache-Control"]) == (status, "no-store")
    assert answer["Content-Length"] == str(len(answer.content))
    found = addresses("/kiosk/", page)
    assert found
    assert all(address.startswith(("/kiosk/", "/static/")) for address in found)
    assert "data-kiosk-home=" in page
    assert 'http-equiv="refresh"' in page
    assert f'<html lang="{"th" if "lang=th" in address else "vi"}"' in page
    assert ("province=68" in page) == ("province=68" in address)


def test_when_our_side_breaks_the_screen_stays_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("the machine stops here")

    monkeypatch.setattr("nhipcau.procedures.queries.library", broken)
    client = Client(raise_request_exception=False)
    answer = client.get("/kiosk/")
    assert answer.status_code == 500
    found = addresses("/kiosk/", answer.content.decode())
    assert all(address.startswith(("/kiosk/", "/static/")) for address in found)


def test_errors_elsewhere_lead_to_the_first_page(client: Client) -> None:
    assert 'href="/"' in client.get("/guides/nosuch/").content.decode()
