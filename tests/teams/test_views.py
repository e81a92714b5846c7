"""Every page of the room, by every role and by nobody; how many queries it costs; what it changes."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.teams import services
from nhipcau.teams.enums import Role, TeamRole
from nhipcau.teams.models import Grant, Member, Team, TeamMembership
from tests.factories.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

EVERYBODY = {
    "volunteer", "leader", "official", "coordinator", "province", "nation", "administrator", "outsider",
    "neighbour_volunteer",
}  # fmt: skip
VIEWERS = {"leader", "official", "coordinator", "province", "nation", "administrator"}
EDITORS = VIEWERS - {"official"}
# Who may open a page about the near commune. The rest of the cast gets 404 and nobody the sign-in page.
DOORS: dict[str, set[str]] = {
    "teams:teams": VIEWERS | {"outsider"},
    "teams:members": VIEWERS | {"outsider"},
    "teams:roles": EDITORS | {"outsider"},
    "teams:campaigns": EDITORS | {"outsider"},
    "teams:new_team": EDITORS | {"outsider"},
    "teams:new_member": EDITORS | {"outsider"},
    "teams:profile": EVERYBODY,
    "teams:team": VIEWERS | {"volunteer"},
    "teams:edit_team": EDITORS,
    "teams:leave": {"volunteer"},
    "teams:add_member": EDITORS,
    "teams:membership": EDITORS,
    "teams:end_membership": EDITORS,
    "teams:member": VIEWERS | {"volunteer"},
    "teams:edit_member": EDITORS,
    "teams:sign_in_link": EDITORS,
    "teams:close_account": EDITORS,
    "teams:give_role": EDITORS,
    "teams:end_role": EDITORS | {"volunteer"},
}
# Who could end a volunteer's role: the administrator sees the page's place but appoints no volunteers.
SENT_BACK = {("teams:end_role", "administrator")}


@pytest.fixture
def team(cast: Cast) -> Team:
    found = services.make_team(by=None, now=clock.now(), name="Đội Mẫu", commune="24848")
    cast.volunteer.languages.create(language="kpm", level="native")
    services.add_to_team(by=None, now=clock.now(), team=found, member=cast.volunteer)
    return found


def address(name: str, cast: Cast, team: Team) -> str:
    """The page about the volunteer and the team, whichever of them the address names."""
    membership = TeamMembership.objects.get(team=team, member=cast.volunteer)
    arguments = {
        "teams:team": [team.pk],
        "teams:edit_team": [team.pk],
        "teams:leave": [team.pk],
        "teams:add_member": [team.pk],
        "teams:membership": [team.pk, membership.pk],
        "teams:end_membership": [team.pk, membership.pk],
        "teams:member": [cast.volunteer.pk],
        "teams:edit_member": [cast.volunteer.pk],
        "teams:sign_in_link": [cast.volunteer.pk],
        "teams:close_account": [cast.volunteer.pk],
        "teams:give_role": [cast.volunteer.pk],
        "teams:end_role": [Grant.objects.get(member=cast.volunteer).pk],
    }
    return reverse(name, args=arguments.get(name, []))


def test_every_address_of_the_room_is_in_the_table() -> None:
    from nhipcau.teams.urls import app_name, urlpatterns

    named = {f"{app_name}:{pattern.name}" for pattern in urlpatterns}
    assert named - {"teams:first_password"} == set(DOORS)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_who_may_open_it(name: str, cast: Cast, team: Team, client: Client) -> None:
    url = address(name, cast, team)
    assert client.get(url)["Location"].startswith(reverse("account_login") + "?next=/teams/")
    assert client.post(url)["Location"] == reverse("account_login")
    for part, member in cast.everyone().items():
        client.force_login(member)
        expected = 200 if part in DOORS[name] else 404
        expected = 302 if (name, part) in SENT_BACK else expected
        assert client.get(url).status_code == expected, part
        if expected == 404:
            assert client.post(url, {"name": "X", "kind": "mobile", "role": "leader"}).status_code == 404, (
                part
            )


@pytest.mark.parametrize("name", sorted(DOORS))
def test_what_does_not_exist_is_404(name: str, cast: Cast, team: Team, client: Client) -> None:
    client.force_login(cast.nation)
    url = address(name, cast, team)
    unknown = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(new_id()), url)
    if unknown != url:
        assert client.get(unknown).status_code == 404
        assert client.post(unknown).status_code == 404


def test_a_membership_of_another_team_is_404(cast: Cast, team: Team, client: Client) -> None:
    other = services.make_team(by=None, now=clock.now(), name="Đội Khác", commune="24848")
    row = services.add_to_team(by=None, now=clock.now(), team=other, member=cast.volunteer)
    client.force_login(cast.leader)
    assert client.get(reverse("teams:membership", args=[team.pk, row.pk])).status_code == 404


# Exact costs, the same with one row and with three.
QUERIES = {"teams:teams": 5, "teams:members": 5, "teams:roles": 6, "teams:team": 7, "teams:add_member": 6}


@pytest.mark.parametrize("name", sorted(QUERIES))
@pytest.mark.parametrize("rows", [1, 3])
def test_what_a_list_costs(
    name: str, rows: int, cast: Cast, team: Team, client: Client, django_assert_num_queries: object
) -> None:
    for number in range(rows - 1):
        made = services.register_member(
            by=None, now=clock.now(), username=f"mau{number}", name=f"Mẫu {number}", commune="24848",
            languages={"vi": "native", "kpm": "good"},
        )  # fmt: skip
        services.grant_role(by=None, now=clock.now(), member=made, role=Role.VOLUNTEER, unit_code="24848")
        services.make_team(by=None, now=clock.now(), name=f"Đội {number}", commune="24848")
        if name == "teams:team":
            services.add_to_team(by=None, now=clock.now(), team=team, member=made)
    client.force_login(cast.leader)
    url = address(name, cast, team)
    with django_assert_num_queries(QUERIES[name]):  # type: ignore[operator]  # the plugin's fixture
        assert client.get(url).status_code == 200


def test_the_member_page_stays_within_twelve_queries(
    cast: Cast, team: Team, client: Client, django_assert_max_num_queries: object
) -> None:
    client.force_login(cast.province)
    for name in ("teams:member", "teams:profile", "teams:give_role", "teams:edit_member"):
        url = address(name, cast, team)
        with django_assert_max_num_queries(12):  # type: ignore[operator]  # the plugin's fixture
            assert client.get(url).status_code == 200


def follow(client: Client, name: str, data: dict[str, object], *args: UUID) -> HttpResponse:
    return client.post(reverse(name, args=args), data)


def test_from_a_new_team_to_a_member_who_signs_in(cast: Cast, client: Client) -> None:
    client.force_login(cast.leader)
    follow(client, "teams:new_team", {"name": "Đội Mới", "kind": "commune", "commune": "24848"})
    team = Team.objects.get(name="Đội Mới")
    follow(
        client,
        "teams:new_member",
        {"name": "Nguyễn Mẫu Đào", "phone": "0263 555 0123", "commune": "24848", "languages": ["vi", "kpm"]},
    )
    dao = Member.objects.get(username="nguyen.mau.dao")
    follow(client, "teams:give_role", {"role": "volunteer", "place": "24848"}, dao.pk)
    follow(client, "teams:add_member", {"member": str(dao.pk), "role": "deputy"}, team.pk)
    assert TeamMembership.objects.get(team=team, member=dao).role == TeamRole.DEPUTY
    page = follow(client, "teams:sign_in_link", {}, dao.pk)
    assert page.headers["Cache-Control"] == "no-store"
    link = re.search(r'value="http[^"]+?(/teams/start/[^"]+)"', page.content.decode())
    assert link is not None
    assert b"<svg" in page.content
    assert "/start/" not in client.get(reverse("teams:sign_in_link", args=[dao.pk])).content.decode()

    phone = Client()
    assert phone.get(link[1]).status_code == 200
    unlike = phone.post(link[1], {"password": PASSWORD, "again": "another"})
    assert unlike.status_code == 200
    assert phone.post(link[1], {"password": "123", "again": "123"}).status_code == 200
    assert phone.post(link[1], {"password": PASSWORD, "again": PASSWORD})["Location"] == reverse(
        "account_login"
    )
    assert phone.get(link[1]).status_code == 404
    assert (
        phone.post(reverse("account_login"), {"login": dao.username, "password": PASSWORD}).status_code == 302
    )
    assert phone.get(reverse("teams:profile")).status_code == 200


def test_who_is_registered_from_a_team_is_in_it(cast: Cast, team: Team, client: Client) -> None:
    client.force_login(cast.leader)
    page = reverse("teams:new_member") + f"?team={team.pk}"
    assert page in client.get(reverse("teams:add_member", args=[team.pk])).content.decode()
    made = client.post(page, {"name": "Nguyễn Mẫu Mận", "commune": "24848"})
    member = Member.objects.get(name="Nguyễn Mẫu Mận")
    assert TeamMembership.objects.get(member=member).team == team
    # A leader gives one role only: it is chosen already.
    assert client.get(made["Location"]).context["form"]["role"].value() == "volunteer"
    for strange in ("x", str(member.pk)):
        assert client.get(reverse("teams:new_member") + f"?team={strange}").status_code == 404


def test_parts_change_and_end_on_the_pages(cast: Cast, team: Team, client: Client) -> None:
    client.force_login(cast.leader)
    row = TeamMembership.objects.get(team=team)
    follow(client, "teams:membership", {"role": "leader"}, team.pk, row.pk)
    current = TeamMembership.objects.active(clock.local_date(clock.now())).get(team=team)
    assert current.role == TeamRole.LEADER
    follow(client, "teams:end_membership", {}, team.pk, current.pk)
    assert not TeamMembership.objects.active(clock.local_date(clock.now())).filter(team=team).exists()


def test_a_volunteer_leaves_from_their_own_page(cast: Cast, team: Team, client: Client) -> None:
    client.force_login(cast.volunteer)
    page = reverse("teams:leave", args=[team.pk])
    assert page in client.get(reverse("teams:profile")).content.decode()
    assert "Mẫu" in client.get(page).content.decode()
    follow(client, "teams:leave", {}, team.pk)
    assert client.get(page).status_code == 404
    assert client.post(page).status_code == 404


def test_a_leader_is_refused_in_words(cast: Cast, team: Team, client: Client) -> None:
    client.force_login(cast.leader)
    tried = (
        ("teams:new_team", {"name": "X", "kind": "commune", "commune": "24846"}, ()),
        ("teams:new_team", {"name": "Đội Mẫu", "kind": "commune", "commune": "24848"}, ()),
        ("teams:new_member", {"name": "X", "commune": "24846"}, ()),
        ("teams:new_member", {"name": "X", "commune": "24848", "username": "leader"}, ()),
        ("teams:new_member", {"name": "X", "commune": "24848", "phone": "abc"}, ()),
        ("teams:give_role", {"role": "official", "place": "24848"}, (cast.volunteer.pk,)),
        ("teams:give_role", {"role": "volunteer", "place": "24848"}, (cast.volunteer.pk,)),
        ("teams:edit_team", {"name": "", "kind": "x", "ends_on": "never"}, (team.pk,)),
        ("teams:add_member", {"member": str(cast.outsider.pk), "role": "member"}, (team.pk,)),
        ("teams:edit_member", {"name": "X" * 200, "commune": "24848"}, (cast.volunteer.pk,)),
    )
    before = (Team.objects.count(), Member.objects.count(), Grant.objects.count())
    for name, data, args in tried:
        response = follow(client, name, data, *args)
        assert response.status_code == 200, name
        assert b"govuk-error-summary" in response.content, name
    assert (Team.objects.count(), Member.objects.count(), Grant.objects.count()) == before


def test_an_officials_account_stays_shut_to_a_leader(cast: Cast, client: Client) -> None:
    client.force_login(cast.leader)
    for name in ("teams:sign_in_link", "teams:close_account"):
        response = follow(client, name, {}, cast.official.pk)
        assert response["Location"] == reverse("teams:member", args=[cast.official.pk])
    cast.official.refresh_from_db()
    assert cast.official.is_active


def test_a_phone_number_is_seen_by_those_who_run_the_team(cast: Cast, client: Client) -> None:
    services.edit_member(
        by=None, now=clock.now(), member=cast.volunteer, name="Mẫu", phone="0263 555 0123", commune="24848"
    )
    url = reverse("teams:member", args=[cast.volunteer.pk])
    for member, seen in ((cast.leader, True), (cast.volunteer, True), (cast.official, False)):
        client.force_login(member)
        assert (b"0263 555 0123" in client.get(url).content) == seen


def test_the_profile_changes_what_one_says_of_oneself(cast: Cast, client: Client) -> None:
    client.force_login(cast.volunteer)
    data = {
        "phone": "0263 555 0999",
        "preferred_language": "en",
        "mother_tongue": "kpm",
        "languages": ["vi"],
    }
    response = follow(client, "teams:profile", data)
    assert response.cookies["lang"].value == "en"
    assert dict(cast.volunteer.languages.values_list("language", "level")) == {"kpm": "native", "vi": "good"}
    assert follow(client, "teams:profile", {**data, "preferred_language": "fr"}).status_code == 200
    assert client.get(reverse("teams:profile"), {"lang": "th"}).status_code == 200


def test_a_member_page_says_what_they_speak_and_where_they_work(
    cast: Cast, team: Team, client: Client
) -> None:
    client.force_login(cast.leader)
    page = client.get(reverse("teams:member", args=[cast.volunteer.pk])).content.decode()
    for words in ("K&#x27;Ho", "Đội Mẫu", "ไทย"):
        assert words in page


def test_ending_a_role_needs_a_yes(cast: Cast, client: Client) -> None:
    grant = Grant.objects.get(member=cast.volunteer)
    client.force_login(cast.leader)
    url = reverse("teams:end_role", args=[grant.pk])
    client.get(url)
    grant.refresh_from_db()
    assert grant.valid_until is None
    client.post(url)
    grant.refresh_from_db()
    assert grant.valid_until is not None
    assert client.get(url).status_code == 404


def test_an_expired_role_opens_nothing(cast: Cast, client: Client) -> None:
    Grant.objects.filter(member=cast.leader).update(valid_until=clock.now() - timedelta(seconds=1))
    client.force_login(cast.leader)
    assert client.get(reverse("teams:teams")).status_code == 404
    assert client.get(reverse("teams:profile")).status_code == 200


def test_the_whole_country_says_the_province_first(cast: Cast, client: Client) -> None:
    client.force_login(cast.nation)
    first = client.get(reverse("teams:new_team")).content.decode()
    assert 'name="commune"' not in first
    second = client.get(reverse("teams:new_team"), {"province": "68"}).content.decode()
    assert second.count("<option") > 124


@pytest.mark.parametrize(
    "query",
    ["?page=9999", "?page=x", "?q=%00", "?kind=army", "?q=" + "x" * 5000, "?province='", "?province=%00"],
)
def test_odd_queries_break_nothing(query: str, cast: Cast, team: Team, client: Client) -> None:
    client.force_login(cast.nation)
    for name in ("teams:teams", "teams:members", "teams:roles", "teams:new_team", "teams:add_member"):
        assert client.get(address(name, cast, team) + query).status_code == 200, name
