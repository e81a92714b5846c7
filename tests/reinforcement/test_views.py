"""The pages as people use them: who reaches them, what they cost, and the story by hand."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.reinforcement import services
from nhipcau.reinforcement.enums import OfferState, RequestState, Side
from nhipcau.reinforcement.models import Offer, OfferedPerson, Request
from nhipcau.signups.models import SignUp
from nhipcau.teams import services as teams
from nhipcau.teams.models import Member
from tests.factories.cast import NOW
from tests.factories.rosters import SHIFT_DAY, make_member, make_post, make_shift

from .conftest import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The views ask for the present moment: the days of the cast."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def form_of(story: Story, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "team": str(story.team.pk),
        "shifts": [str(story.need.shift_id)],
        "starts_on": "2025-07-07",
        "last_on": "2025-07-11",
        "parts": ["morning"],
        "people": "2",
        "why": "too_few",
        "gives": ["meals"],
        "note": "",
        **changes,
    }


def test_the_story_by_hand(story: Story) -> None:
    leader, province = signed_in(story.cast.leader), signed_in(story.cast.province)
    sender, person = signed_in(story.helping_leader), signed_in(story.people[0])
    page = leader.get("/reinforcement/new/", {"shift": str(story.need.shift_id)})
    assert page.context["form"]["people"].value() == 2
    assert page.context["form"]["parts"].value() == ["morning"]
    answer = leader.post("/reinforcement/new/", form_of(story))
    request = Request.objects.get()
    assert answer.headers["Location"] == f"/reinforcement/{request.pk}/"
    assert (request.meals, request.lodging) == (True, False)

    assert 'hreflang="th"' in leader.get(f"/reinforcement/{request.pk}/").content.decode()

    people = province.get(f"/reinforcement/{request.pk}/people/")
    assert [team.team for team, _kind in people.context["teams"]] == [story.helpers.pk]
    chosen = {"team": str(story.helpers.pk), "members": [str(story.people[0].pk)], "note": "Cảm ơn"}
    assert province.post(f"/reinforcement/{request.pk}/people/", chosen).status_code == 302
    offer = Offer.objects.get()

    said = sender.post(f"/reinforcement/offers/{offer.pk}/answer/", {"side": "sender", "answer": "yes"})
    assert said.status_code == 302
    leader.post(f"/reinforcement/offers/{offer.pk}/answer/", {"side": "receiver", "answer": "yes"})
    place = OfferedPerson.objects.get()
    assert place.pk in {row.pk for row, _parts in person.get("/reinforcement/mine/").context["rows"]}
    person.post(f"/reinforcement/mine/{place.pk}/", {"answer": "yes"})
    offer.refresh_from_db()
    assert offer.state == OfferState.AGREED

    assert leader.get(f"/reinforcement/offers/{offer.pk}/telephones/").status_code == 200
    shifts = f"/reinforcement/offers/{offer.pk}/shifts/"
    assert [line["need"].pk for line in leader.get(shifts).context["lines"]] == [story.need.pk]
    pair = f"{story.need.pk}:{story.people[0].pk}"
    assert leader.post(shifts, {"places": [pair]}).status_code == 302
    assert SignUp.objects.get().member_id == story.people[0].pk
    assert leader.get(shifts).context["lines"][0]["people"][0]["on"] is True
    request.refresh_from_db()
    assert request.state == RequestState.SENT


@pytest.mark.parametrize(
    "changes",
    [
        {"parts": []},
        {"people": "0"},
        {"last_on": "2025-07-01"},
        {"why": ""},
        {"starts_on": "gestern"},
        {"last_on": "9999-12-31"},
    ],
)
def test_a_wrong_form_is_shown_again(story: Story, changes: dict[str, Any]) -> None:
    answer = signed_in(story.cast.leader).post("/reinforcement/new/", form_of(story, **changes))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not Request.objects.exists()


def test_who_leads_no_team_is_told_so(story: Story) -> None:
    answer = signed_in(story.cast.outsider).get("/reinforcement/new/")
    assert answer.status_code == 200
    assert answer.context["form"] is None


def test_strangers_find_nothing(story: Story) -> None:
    request = story.ask()
    offer = story.offer(request)
    person = OfferedPerson.objects.filter(offer=offer).order_by("id")[0]
    pages = [
        f"/reinforcement/{request.pk}/",
        f"/reinforcement/{request.pk}/people/",
        f"/reinforcement/offers/{offer}/telephones/",
        f"/reinforcement/offers/{offer}/shifts/",
        "/reinforcement/cover/68/",
        "/reinforcement/cover/24848/short/",
    ]
    acts = [
        f"/reinforcement/{request.pk}/withdraw/",
        f"/reinforcement/{request.pk}/decline/",
        f"/reinforcement/offers/{offer}/answer/",
        f"/reinforcement/offers/{offer}/withdraw/",
        f"/reinforcement/mine/{person.pk}/",
    ]
    for stranger in (story.cast.outsider, story.cast.volunteer, story.cast.administrator):
        client = signed_in(stranger)
        assert {client.get(page).status_code for page in pages} == {404}
        assert {client.post(act, {"side": "sender", "answer": "yes"}).status_code for act in acts} == {404}
    # The team that is asked to send sees the request and its own offer, and decides nothing else.
    sender = signed_in(story.helping_leader)
    assert sender.get(pages[0]).status_code == 200
    assert {sender.get(page).status_code for page in pages[1:]} == {404}
    assert {sender.post(act).status_code for act in acts[:2]} == {404}


def test_the_sender_sees_only_its_own_offer(story: Story) -> None:
    request = story.ask()
    story.offer(request, story.people[0])
    own = teams.make_team(by=None, now=NOW, name="Đội khác của xã", commune=story.cast.commune.code)
    member = make_member("another")
    teams.add_to_team(by=None, now=NOW, team=own, member=member, starts_on=SHIFT_DAY)
    services.offer_people(
        request_id=request.pk, team_id=own.pk, members=[member.pk], by=story.province, now=NOW
    )
    address = f"/reinforcement/{request.pk}/"
    assert len(signed_in(story.helping_leader).get(address).context["offers"]) == 1
    assert len(signed_in(story.cast.leader).get(address).context["offers"]) == 2


def test_an_answer_that_comes_too_late_is_said_kindly(story: Story) -> None:
    offer = story.offer(story.ask())
    services.answer_for_team(offer_id=offer, side=Side.SENDER, yes=False, by=story.sender, now=NOW)
    address = f"/reinforcement/offers/{offer}/answer/"
    client = signed_in(story.cast.leader)
    assert client.post(address, {"side": "receiver", "answer": "yes"}).status_code == 409
    assert client.post(address, {"side": "receiver"}).status_code == 422


def test_the_map_says_the_same_as_its_table(story: Story) -> None:
    page = signed_in(story.cast.province).get("/reinforcement/cover/", {"days": "14"})
    text = page.content.decode()
    # Each commune, something to press for the short one, the key.
    assert text.count('<circle class="nc-map__') == 124 + 1 + 3
    drawn = {spot["row"].code: spot["kind"] for spot in page.context["map"]["spots"]}
    listed = {row.code: row for row, _url in page.context["rows"]}
    assert drawn.keys() == listed.keys()
    assert {code for code, kind in drawn.items() if kind == "short"} == {"24848"}
    assert re.search(r'<a href="/reinforcement/cover/24848/short/\?days=14"><title>', text)
    assert "style=" not in text.split("<main")[1]


def test_the_country_opens_to_its_provinces_and_they_to_their_shifts(story: Story) -> None:
    nation = signed_in(story.cast.nation)
    rows = nation.get("/reinforcement/cover/").context["rows"]
    assert len(rows) == 34
    province = nation.get(rows[0][1])
    assert province.context["rows"][0][0].code == "24848"
    short = nation.get(province.context["rows"][0][1])
    assert [shift.pk for shift, _label in short.context["shifts"]] == [story.need.shift_id]
    assert nation.get("/reinforcement/cover/99/").status_code == 404
    assert nation.get("/reinforcement/cover/24848/").status_code == 404
    assert nation.get("/reinforcement/cover/68/short/").status_code == 404


def more(story: Story) -> Request:
    """Three of everything that a page lists."""
    request = story.ask()
    for number in range(3):
        make_shift(make_post(story.team, name=f"Bàn {number}"), minimum=1)
        for name in (f"Đội {number}", f"Đội còn {number}"):
            team = teams.make_team(by=None, now=NOW, name=name, commune=story.cast.neighbour.code)
            member = make_member(f"member{number}{len(name)}", story.cast.neighbour.code)
            teams.add_to_team(by=None, now=NOW, team=team, member=member, starts_on=SHIFT_DAY)
        services.offer_people(
            request_id=request.pk, team_id=team.pk, members=[member.pk], by=story.province, now=NOW
        )
        story.ask(id=new_id())
    return request


# Session, member, roles; then what the page reads.
COSTS = {
    "/reinforcement/": ("leader", 5),
    "/reinforcement/new/": ("leader", 6),
    "/reinforcement/@request/": ("leader", 9),
    "/reinforcement/@request/people/": ("province", 9),
    "/reinforcement/offers/@offer/shifts/": ("leader", 8),
    "/reinforcement/mine/": ("helper", 4),
    "/reinforcement/cover/": ("province", 6),
    "/reinforcement/cover/24848/short/": ("province", 7),
}


@pytest.mark.parametrize("address", COSTS)
def test_pages_cost_the_same_for_one_row_and_three(
    address: str, story: Story, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    part, queries = COSTS[address]
    request = story.ask()
    offer = story.offer(request, story.people[0])
    for person in OfferedPerson.objects.filter(offer=offer).select_related("member"):
        services.answer_for_oneself(person_id=person.pk, yes=True, by=story.actor(person.member), now=NOW)
    for side, who in ((Side.SENDER, story.sender), (Side.RECEIVER, story.leader)):
        services.answer_for_team(offer_id=offer, side=side, yes=True, by=who, now=NOW)
    spare = teams.make_team(by=None, now=NOW, name="Đội rảnh", commune=story.cast.neighbour.code)
    teams.add_to_team(by=None, now=NOW, team=spare, member=make_member("spare"), starts_on=SHIFT_DAY)
    member = story.people[0] if part == "helper" else story.cast.everyone()[part]
    client = signed_in(member)
    path = address.replace("@request", str(request.pk)).replace("@offer", str(offer))
    client.get(path)
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200
    more(story)
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200
