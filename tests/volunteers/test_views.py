"""Every page of the room, by every role and by nobody; what lists cost; what the pages change."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.core.sheets import Sheet, write_book
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member, Team, TeamMembership
from nhipcau.volunteers import queries, services
from nhipcau.volunteers.models import (
    Application,
    GuardianConsent,
    MemberImport,
    Qualification,
    QualificationGrant,
)
from nhipcau.volunteers.urls import room
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_team
from tests.factories.volunteering import held_on

pytestmark = pytest.mark.django_db

EVERYBODY = {
    "volunteer", "leader", "official", "coordinator", "province", "nation", "administrator", "outsider",
    "neighbour_volunteer",
}  # fmt: skip
REVIEWERS = {"leader", "coordinator", "province", "nation"}
ANY_REVIEWER = REVIEWERS | {"outsider"}
REGISTRARS = ANY_REVIEWER | {"administrator"}
SELF = REVIEWERS | {"volunteer"}
DEFINERS = {"province", "nation"}
PAGES: dict[str, set[str]] = {
    "desk": ANY_REVIEWER,
    "claims": ANY_REVIEWER,
    "ending": ANY_REVIEWER,
    "lacking": ANY_REVIEWER,
    "applications": ANY_REVIEWER,
    "me": EVERYBODY,
    "when": EVERYBODY,
    "limits": EVERYBODY,
    "claim": EVERYBODY,
    "badge": EVERYBODY,
    "person": SELF,
    "person_when": SELF,
    "person_limits": SELF,
    "person_badge": SELF,
    "end": SELF,
    "minor": REVIEWERS,
    "consent": REVIEWERS,
    "give": REVIEWERS,
    "review": REVIEWERS,
    "application": REVIEWERS,
    "definitions": DEFINERS,
    "new_definition": DEFINERS,
    "definition": DEFINERS,
    "import": REGISTRARS,
    "import_template": REGISTRARS,
    "import_report": {"leader"},
}
ACTS = {
    "days", "clear", "new_badge", "person_days", "person_clear", "person_new_badge", "withdraw_consent",
    "team_badges",
}  # fmt: skip
OPEN = {"join", "application_state"}
FILES = {"badge_pdf": EVERYBODY, "person_badge_pdf": SELF}


@pytest.fixture
def made(cast: Cast, team: Team) -> dict[str, list[Any]]:
    """What stands in the addresses: all about the volunteer of the near commune."""
    leader, now = actor_of(cast.leader, clock.now()), clock.now()
    grant = services.claim_qualification(
        by=actor_of(cast.volunteer, now), now=now, code="land", evidence="Bằng"
    )
    asked = services.send_application(now=now, commune="24848", name="Mẫu Thị Đào", phone="0600 111 222")
    book = write_book([Sheet("A", ["name", "commune"], [["Mẫu Một", "24848"], ["", "24848"]])])
    table = services.take_table(by=leader, now=now, file=BytesIO(book), name="a.xlsx")
    own = services.define_qualification(
        by=actor_of(cast.province, now), now=now, unit_code="68", name_vi="Chữ Nôm", name_en="Old letters",
        name_th="", needs_evidence=True, lasts_months=None, active=True,
    )  # fmt: skip
    services.renew_badge(by=actor_of(cast.volunteer, now), now=now, member=cast.volunteer)
    member = [cast.volunteer.pk]
    return {
        **{name: member for name in (*PAGES, *FILES, *ACTS) if name.startswith("person")},
        **dict.fromkeys(("minor", "consent", "give", "withdraw_consent"), member),
        "review": [grant.pk],
        "end": [grant.pk],
        "application": [asked.pk],
        "application_state": [asked.token],
        "import_report": [table.pk],
        "definition": [own.code],
        "team_badges": [team.pk],
    }


def test_every_address_of_the_room_is_in_a_table() -> None:
    assert {pattern.name for pattern in room} == set(PAGES) | ACTS | OPEN | set(FILES)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_who_may_open_it(name: str, cast: Cast, made: dict[str, list[Any]], client: Client) -> None:
    url = reverse(f"volunteers:{name}", args=made.get(name, []))
    assert client.get(url)["Location"].startswith(reverse("account_login") + "?next=/volunteers/")
    for part, member in cast.everyone().items():
        client.force_login(member)
        expected = 200 if part in PAGES[name] else 404
        assert client.get(url).status_code == expected, part
        if expected == 404:
            assert client.post(url, {"reason": "X"}).status_code in (404, 405), part


@pytest.mark.parametrize("name", sorted(ACTS))
def test_what_only_takes_orders_takes_none_from_strangers(
    name: str, cast: Cast, made: dict[str, list[Any]], client: Client
) -> None:
    url = reverse(f"volunteers:{name}", args=made.get(name, []))
    assert client.post(url)["Location"] == reverse("account_login")
    client.force_login(cast.outsider)
    assert client.get(url).status_code in (404, 405)
    if made.get(name):
        assert client.post(url).status_code == 404
    client.force_login(cast.leader)
    assert client.get(url).status_code == 405


def test_what_does_not_exist_is_404(cast: Cast, made: dict[str, list[Any]], client: Client) -> None:
    client.force_login(cast.nation)
    for name in ("person", "person_when", "consent", "review", "end", "application", "import_report"):
        assert client.get(reverse(f"volunteers:{name}", args=[new_id()])).status_code == 404, name
    assert client.get(reverse("volunteers:definition", args=["nothing"])).status_code == 404
    assert client.get(reverse("volunteers:application_state", args=["nothing"])).status_code == 404
    client.force_login(cast.province)
    assert client.get(reverse("volunteers:definition", args=["land"])).status_code == 404


# Exact costs, the same with one row and with three.
QUERIES = {
    "claims": 5, "ending": 5, "lacking": 5, "applications": 5, "definitions": 6, "desk": 7, "person": 10,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(QUERIES))
@pytest.mark.parametrize("rows", [1, 3])
def test_what_a_list_costs(
    name: str, rows: int, cast: Cast, team: Team, client: Client, django_assert_num_queries: object
) -> None:
    now, today = clock.now(), clock.local_date(clock.now())
    for number in range(rows):
        member = teams.register_member(by=None, now=now, username=f"mau{number}", name="Mẫu", commune="24848")
        services.claim_qualification(by=actor_of(member, now), now=now, code="land", evidence="Bằng")
        QualificationGrant.objects.create(
            member=member, qualification_id="social", state="approved", valid_from=today, claimed_at=now,
            valid_until=today + timedelta(days=9),
        )  # fmt: skip
        services.set_minor(
            by=actor_of(cast.leader, now), now=now, member=member, minor_until=today + timedelta(days=99)
        )
        services.send_application(now=now, commune="24848", name="Mẫu", phone="0600 111 222")
        services.define_qualification(
            by=actor_of(cast.province, now), now=now, unit_code="68", name_vi="Chữ",
            name_en=f"Letters {number}",
            name_th="", needs_evidence=True, lasts_months=None, active=True, includes=["land", "social"],
        )  # fmt: skip
        if name == "person":
            code = ("portal", "vneid", "business")[number]
            services.give_qualification(
                by=actor_of(cast.leader, now), now=now, member=cast.volunteer, code=code, evidence="X",
                valid_from=today,
            )  # fmt: skip
    client.force_login(cast.province if name == "definitions" else cast.leader)
    url = reverse(f"volunteers:{name}", args=[cast.volunteer.pk] if name == "person" else [])
    with django_assert_num_queries(QUERIES[name]):  # type: ignore[operator]  # the plugin's fixture
        assert client.get(url).status_code == 200


def test_a_week_is_chosen_without_a_script(cast: Cast, client: Client) -> None:
    client.force_login(cast.volunteer)
    url, today = reverse("volunteers:when"), clock.local_date(clock.now())
    client.post(url, {"morning_0": "gladly", "evening_5": "if_needed"})
    found = queries.availability([cast.volunteer.pk], today, today)[cast.volunteer.pk]
    assert {(day, part.value, liking.value) for (day, part), liking in found.weekly.items()} == {
        (0, "morning", "gladly"), (5, "evening", "if_needed"),
    }  # fmt: skip
    client.post(url, {"morning_0": "gladly", "evening_5": "if_needed", "like_monday": "yes"})
    found = queries.availability([cast.volunteer.pk], today, today)[cast.volunteer.pk]
    assert {day for day, part in found.weekly if part.value == "morning"} == {0, 1, 2, 3, 4}
    assert client.post(url, {"morning_0": "always"}).status_code == 422


def test_days_away_are_said_and_taken_back(cast: Cast, client: Client) -> None:
    client.force_login(cast.volunteer)
    today = clock.local_date(clock.now())
    days = {"first": f"{today}", "last": f"{today + timedelta(days=3)}"}
    assert client.post(reverse("volunteers:days"), {"free": "no", **days}).status_code == 302
    assert len(queries.exceptions_of(cast.volunteer.pk, today=today)) == 1
    page = client.get(reverse("volunteers:when")).content.decode()
    assert f"{today:%d/%m/%Y}" in page
    for nonsense in ({}, {"first": "tomorrow", "last": "9999-99-99"}):
        said = client.post(reverse("volunteers:clear") + "?lang=en", nonsense, follow=True)
        assert "Nothing was changed." in said.content.decode(), "never silent"
    client.post(reverse("volunteers:clear"), days)
    assert queries.exceptions_of(cast.volunteer.pk, today=today) == []
    past = {"free": "no", "first": "2020-01-01"}
    assert client.post(reverse("volunteers:days"), past).status_code == 422


def test_the_leader_fills_in_for_somebody_without_a_phone(cast: Cast, client: Client) -> None:
    client.force_login(cast.leader)
    today, args = clock.local_date(clock.now()), [cast.volunteer.pk]
    client.post(reverse("volunteers:person_when", args=args), {"morning_1": "can"})
    client.post(
        reverse("volunteers:person_limits", args=args),
        {"shifts_a_week": "3", "hours_a_day": "4", "reach_km": "5"},
    )
    client.post(
        reverse("volunteers:person_days", args=args),
        {"free": "yes", "first": f"{today}", "parts": ["evening"]},
    )
    found = queries.availability([cast.volunteer.pk], today, today + timedelta(days=1))[cast.volunteer.pk]
    assert (len(found.weekly), len(found.dates)) == (1, 1)
    assert queries.limits(args)[cast.volunteer.pk] == queries.Limits(3, 4, 5)
    page = client.get(reverse("teams:member", args=args)).content.decode()
    assert reverse("volunteers:person", args=args) in page


def test_from_a_claim_to_a_yes_and_a_no(cast: Cast, client: Client) -> None:
    client.force_login(cast.volunteer)
    assert client.post(reverse("volunteers:claim"), {"code": "land"}).status_code == 200, "no evidence"
    client.post(reverse("volunteers:claim"), {"code": "land", "evidence": "Bằng đại học"})
    client.post(reverse("volunteers:claim"), {"code": "social", "evidence": "Lớp tập huấn"})
    land, social = QualificationGrant.objects.order_by("qualification_id")
    client.force_login(cast.leader)
    assert "Bằng đại học" in client.get(reverse("volunteers:review", args=[land.pk])).content.decode()
    today = clock.local_date(clock.now())
    client.post(reverse("volunteers:review", args=[land.pk]), {"valid_from": f"{today}"})
    client.post(
        reverse("volunteers:review", args=[social.pk]), {"decline": "yes", "reason": "Xin mang giấy."}
    )
    assert client.get(reverse("volunteers:review", args=[land.pk])).status_code == 404
    assert held_on(cast.volunteer, today) == {"land"}
    client.force_login(cast.volunteer)
    assert "Xin mang giấy." in client.get(reverse("volunteers:me")).content.decode()
    client.post(reverse("volunteers:end", args=[land.pk]))
    assert held_on(cast.volunteer, today) == set()


def test_a_guardian_agrees_and_agrees_no_longer(cast: Cast, client: Client) -> None:
    client.force_login(cast.leader)
    today, args = clock.local_date(clock.now()), [cast.volunteer.pk]
    grown_up = today + timedelta(days=200)
    client.post(reverse("volunteers:minor", args=args), {"minor_until": f"{grown_up}"})
    assert f'value="{grown_up}"' in client.get(reverse("volunteers:consent", args=args)).content.decode()
    client.post(
        reverse("volunteers:consent", args=args),
        {"guardian_name": "Mẫu Mẹ", "given_on": f"{today}", "valid_until": f"{grown_up}"},
    )
    assert "Mẫu Mẹ" in client.get(reverse("volunteers:consent", args=args)).content.decode()
    client.force_login(cast.volunteer)
    assert "Mẫu Mẹ" not in client.get(reverse("volunteers:me")).content.decode()
    client.force_login(cast.leader)
    client.post(reverse("volunteers:withdraw_consent", args=args))
    assert GuardianConsent.objects.get().ended_on == today
    assert cast.volunteer.name in client.get(reverse("volunteers:lacking")).content.decode()
    client.force_login(cast.volunteer)
    oneself = client.get(reverse("volunteers:me"), {"lang": "en"}).content.decode()
    assert "You are in no team now." in oneself
    make_team(cast)
    oneself = client.get(reverse("volunteers:me")).content.decode()
    client.force_login(cast.leader)
    them = client.get(reverse("volunteers:person", args=args)).content.decode()
    assert "This person is under 18" in them
    assert "This person is under 18" not in oneself
    assert "You are under 18: a parent or guardian has to agree" in oneself


def test_joining_needs_no_account(cast: Cast, team: Team, client: Client) -> None:
    url = reverse("volunteers:join")
    found = client.get(url, {"q": "lạc dương"}).content.decode()
    assert "?commune=24848" in found
    assert client.get(url, {"q": "không có nơi này"}).status_code == 200
    page = f"{url}?commune=24848"
    assert client.get(page).status_code == 200
    person = {"name": "Mẫu Thị Đào", "phone": "0600 111 222", "spoken": ["vi", "kpm"], "is_minor": "on"}
    assert client.post(page, person).status_code == 422, "without an agreement nothing is kept"
    for phone in ("+84--600", "0600 11", "1" * 20, "số của em"):
        assert client.post(page, {**person, "agreed": "on", "phone": phone}).status_code == 422
    assert not Application.objects.exists()
    sent = client.post(page, {**person, "agreed": "on", "qualifications": ["motorbike"]})
    state = client.get(sent["Location"])
    assert state["X-Robots-Tag"].startswith("noindex")
    assert "Mẫu Thị Đào" not in state.content.decode()
    asked = Application.objects.get()
    client.force_login(cast.leader)
    wanted = reverse("volunteers:application", args=[asked.pk])
    assert "0600 111 222" in client.get(wanted).content.decode()
    assert client.post(wanted, {"team": str(team.pk)}).status_code == 200, "a minor needs the day"
    tomorrow = clock.local_date(clock.now()) + timedelta(days=1)
    on = client.post(wanted, {"team": str(team.pk), "minor_until": f"{tomorrow}"})
    member = Member.objects.get(name="Mẫu Thị Đào")
    assert on["Location"] == reverse("teams:sign_in_link", args=[member.pk])
    assert TeamMembership.objects.filter(member=member, team=team).exists()
    assert "answered" in reverse("volunteers:applications") + "?which=answered"
    assert (
        "Mẫu Thị Đào"
        in client.get(reverse("volunteers:applications"), {"which": "answered"}).content.decode()
    )


def test_declined_in_words_that_the_person_reads(cast: Cast, client: Client) -> None:
    asked = services.send_application(now=NOW, commune="24848", name="Mẫu", phone="0600 111 222")
    client.force_login(cast.leader)
    url = reverse("volunteers:application", args=[asked.pk])
    assert client.post(url, {"decline": "yes", "reason": ""}).status_code == 200
    client.post(url, {"decline": "yes", "reason": "Đội đã đủ người."})
    client.logout()
    assert "Đội đã đủ người." in client.get(
        reverse("volunteers:application_state", args=[asked.token])
    ).content.decode()  # fmt: skip


def test_requests_from_one_corner_are_limited(cast: Cast, client: Client) -> None:
    person = {"name": "Mẫu", "phone": "0600 111 222", "agreed": "on"}
    url = f"{reverse('volunteers:join')}?commune=24848"
    answers = [client.post(url, person).status_code for _try in range(12)]
    assert answers == [302] * 10 + [429] * 2
    assert Application.objects.count() == 10


def test_a_table_comes_in_through_the_pages(cast: Cast, team: Team, client: Client) -> None:
    client.force_login(cast.leader)
    template = client.get(reverse("volunteers:import_template"))
    assert template.content[:2] == b"PK"
    url = reverse("volunteers:import")
    assert client.post(url, {"sent": "1"}).status_code == 422
    assert client.post(url, {"file": BytesIO(b"nothing at all")}).status_code == 422
    file = BytesIO(template.content)
    file.name = "bang.xlsx"
    report = client.post(url, {"file": file})["Location"]
    page = client.get(report).content.decode()
    assert "bang.xlsx" in page
    client.post(report)
    assert not MemberImport.objects.exists(), page
    imported = Member.objects.get(phone_index=teams.phone_index("0263 555 0123"))
    assert imported.commune_id == "24848"
    assert re.fullmatch(r"[a-z.]+", imported.username)
    assert client.get(report).status_code == 404
    csv = BytesIO("name,commune\nMẫu Một,24848\nMẫu Hai,Không Có\n".encode())
    csv.name = "a.csv"
    report = client.post(url, {"file": csv})["Location"]
    client.post(report)
    assert not Member.objects.filter(name="Mẫu Một").exists(), "nothing half-saved"
    client.post(report, {"only_right": "yes"})
    assert Member.objects.filter(name="Mẫu Một").exists()
    csv.seek(0)
    report = client.post(url, {"file": csv})["Location"]
    client.post(report, {"drop": "yes"})
    assert not MemberImport.objects.exists()


def test_a_province_defines_on_a_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.province)
    data = {
        "unit_code": "68", "name_vi": "Chữ Nôm", "name_en": "Old letters", "includes": ["scanning"],
        "lasts_months": "6", "needs_evidence": "on", "active": "on",
    }  # fmt: skip
    client.post(reverse("volunteers:new_definition"), data)
    assert client.post(reverse("volunteers:new_definition"), data).status_code == 200, "there already"
    found = Qualification.objects.get(unit_code="68")
    client.post(
        reverse("volunteers:definition", args=[found.code]),
        {**data, "name_en": "Older letters", "includes": []},
    )
    found.refresh_from_db()
    assert (found.name_en, found.includes.count(), found.lasts_months) == ("Older letters", 0, 6)
    client.force_login(cast.nation)
    client.post(reverse("volunteers:definition", args=["land"]), {"sent": "1"})
    assert not Qualification.objects.get(pk="land").active


@pytest.mark.parametrize("language", ["vi", "en", "th"])
def test_names_speak_the_language_of_the_screen(language: str, cast: Cast, client: Client) -> None:
    client.force_login(cast.volunteer)
    name = {"vi": "Giấy tờ đất đai", "en": "Land papers", "th": "เอกสารที่ดิน"}[language]
    client.cookies["lang"] = language
    assert name in client.get(reverse("volunteers:claim")).content.decode()
