"""Three taps at the reception, what is kept when a tap is missing, undo, and the day's list."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.cases import services
from nhipcau.cases.models import HelpSession
from nhipcau.core import clock
from nhipcau.places.models import ServicePoint
from nhipcau.teams import services as teams
from nhipcau.teams.access import MemberActor
from tests.cases.conftest import session
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db

RECEPTION = reverse("cases:reception")


@pytest.fixture
def client(cast: Cast, point: ServicePoint) -> Client:
    client = Client()
    client.force_login(cast.volunteer)
    return client


def filled_in(client: Client, address: str = RECEPTION) -> dict[str, str]:
    """What a browser would send of the page besides the three taps."""
    text = client.get(address).content.decode()
    form = text[text.index('<form method="post"') :]
    values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', options) or re.search(r'value="([^"]*)"', options)
        values[name] = chosen.group(1) if chosen else ""
    values.pop("csrfmiddlewaretoken", None)
    return values


def taps(**changes: str) -> dict[str, str]:
    return {"need": "topic:vneid", "outcome": "done", "alone": "mostly_alone"} | changes


def test_three_taps_save_a_session_at_my_point(client: Client, cast: Cast, point: ServicePoint) -> None:
    response = client.post(RECEPTION, filled_in(client) | taps(), follow=True)
    row = HelpSession.objects.get()
    assert (row.topic, row.outcome, row.alone) == ("vneid", "done", "mostly_alone")
    assert (row.minutes, row.first_time, row.age_band, row.language) == (15, True, "not_said", "")
    assert (row.volunteer_id, row.commune_id, row.service_point_id) == (cast.volunteer.pk, "24848", point.pk)
    assert reverse("cases:undo_session", args=[row.pk]) in response.content.decode()
    assert f"{reverse('cases:new_case')}?session={row.pk}" in response.content.decode()


def test_the_team_at_work_in_the_commune_is_noted(client: Client, cast: Cast) -> None:
    team = teams.make_team(by=None, now=clock.now(), name="Đội Mẫu", commune="24848")
    teams.add_to_team(by=None, now=clock.now(), team=team, member=cast.volunteer)
    client.post(RECEPTION, filled_in(client) | taps())
    assert HelpSession.objects.get().team_id == team.pk


def test_a_double_tap_is_one_session(client: Client) -> None:
    sent = filled_in(client) | taps()
    for _again in range(3):
        assert client.post(RECEPTION, sent).status_code == 302
    assert HelpSession.objects.count() == 1


def test_the_same_page_sent_with_another_answer_says_so(client: Client) -> None:
    sent = filled_in(client) | taps()
    client.post(RECEPTION, sent)
    response = client.post(RECEPTION, sent | {"alone": "all_alone"})
    assert response.status_code == 422
    assert HelpSession.objects.get().alone == "mostly_alone"


@pytest.mark.parametrize("missing", ["need", "outcome", "alone"])
def test_a_missing_tap_is_asked_for_and_the_others_are_kept(client: Client, missing: str) -> None:
    sent = filled_in(client) | taps(**{missing: ""}) | {"minutes": "45"}
    response = client.post(RECEPTION, sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert f"#id_{missing}" in text
    kept = {"need": "topic:vneid", "outcome": "done"}
    for name, value in kept.items():
        if name != missing:
            assert re.search(rf'name="{name}"[^>]*value="{value}"[^>]*checked', text)
    assert re.search(r'value="45"[^>]*selected', text)
    assert sent["id"] in text
    assert not HelpSession.objects.exists()


def test_enter_in_a_field_never_guesses_the_last_tap(client: Client) -> None:
    text = client.get(RECEPTION).content.decode()
    form = text[text.index('<form method="post" action="/reception/"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None
    assert 'name="alone" value=""' in first.group()


def test_the_search_offers_what_is_not_on_a_tile_and_it_stays_chosen(client: Client) -> None:
    address = f"{RECEPTION}?q=khai+sinh"
    assert "procedure:birth-registration" in client.get(address).content.decode()
    sent = filled_in(client, address) | taps(need="procedure:birth-registration", alone="")
    again = client.post(RECEPTION, sent).content.decode()
    assert re.search(r'value="procedure:birth-registration"[^>]*checked', again)
    client.post(RECEPTION, sent | {"alone": "half"})
    assert HelpSession.objects.get().procedure_id == "birth-registration"


def test_the_search_understands_everyday_words(client: Client) -> None:
    text = client.get(f"{RECEPTION}?q=rot+mat+cccd").content.decode()
    assert 'value="procedure:id-card-reissue"' in text
    assert 'value="procedure:' not in client.get(f"{RECEPTION}?q=gia+vang+hom+nay").content.decode()


def test_what_is_asked_most_here_lately_comes_first(
    client: Client, volunteer: MemberActor, leader: MemberActor
) -> None:
    for count, need in ((3, {"topic": "payment"}), (5, {"topic": "", "procedure": "birth-registration"})):
        for _each in range(count):
            services.record_session(session=session(leader, **need), by=leader, now=clock.now())
    found = re.findall(r'name="need" class="[^"]*" value="([^"]+)"', client.get(RECEPTION).content.decode())
    assert found[:2] == ["procedure:birth-registration", "topic:payment"]
    assert len(found) == len(set(found)) == 7
    assert found[-1] == "topic:other"


@pytest.mark.parametrize(
    "changes",
    [
        {"place": "24846:"},
        {"place": "24848:not-a-uuid"},
        {"place": "99999:"},
        {"minutes": "-5"},
        {"minutes": "abc"},
        {"need": "procedure:no-such"},
        {"need": "otp"},
        {"need": "procedure:a\x00b"},
        {"id": "not-a-uuid"},
        {"id": ""},
        {"alone": "<script>alert(1)</script>"},
        {"outcome": "x" * 10_000},
        {"age_band": "1950-01-01"},
        {"language": "ethnic"},
    ],
)
def test_hostile_values_get_words_and_leave_nothing(client: Client, changes: dict[str, str]) -> None:
    response = client.post(RECEPTION, filled_in(client) | taps() | changes)
    assert response.status_code == 422
    assert b"<script>alert" not in response.content
    assert not HelpSession.objects.exists()


@pytest.mark.parametrize(
    "query", ["\x00", "a" * 10_000, "<script>alert(1)</script>", "\U0001f600", "%", "' OR 1=1 --"]
)
def test_any_search_answers(client: Client, query: str) -> None:
    response = client.get(RECEPTION, {"q": query})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("saved", ["x", "00000000-0000-7000-8000-000000000000", "\x00"])
def test_a_strange_saved_id_shows_nothing(client: Client, saved: str) -> None:
    assert client.get(RECEPTION, {"saved": saved}).status_code == 200


def test_undo_takes_it_back(client: Client) -> None:
    client.post(RECEPTION, filled_in(client) | taps())
    row = HelpSession.objects.get()
    response = client.post(reverse("cases:undo_session", args=[row.pk]), follow=True)
    assert response.status_code == 200
    assert not HelpSession.objects.exists()
    assert client.post(reverse("cases:undo_session", args=[row.pk])).status_code == 404


def test_lists_are_paged_and_kept_to_a_day(client: Client, cast: Cast, volunteer: MemberActor) -> None:
    now = clock.now()
    many = [session(volunteer, at=now) for _ in range(53)]
    services.record_sessions_in_bulk(sessions=many, by=None, now=now)
    first = client.get(reverse("cases:sessions")).content.decode()
    assert first.count("?session=") == 50
    assert client.get(reverse("cases:sessions"), {"page": 2}).content.decode().count("?session=") == 3
    for odd in ("0", "999", "x", "-1"):
        assert client.get(reverse("cases:sessions"), {"page": odd, "day": odd}).status_code == 200
    empty = client.get(reverse("cases:sessions"), {"day": "2020-01-01"}).content.decode()
    assert empty.count("?session=") == 0


def test_a_leader_sees_the_places_and_a_volunteer_only_own(
    client: Client, cast: Cast, leader: MemberActor, volunteer: MemberActor
) -> None:
    services.record_session(session=session(leader), by=leader, now=clock.now())
    address = reverse("cases:sessions")
    assert cast.leader.name not in client.get(address, {"whose": "all"}).content.decode()
    boss = Client()
    boss.force_login(cast.coordinator)
    assert cast.leader.name in boss.get(address, {"whose": "all"}).content.decode()
    away = Client()
    away.force_login(cast.province)
    assert cast.leader.name in away.get(address).content.decode()
