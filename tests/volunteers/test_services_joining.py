"""Requests to join and tables of new members: registered under the same rules, or not at all."""

import io
from datetime import date, timedelta
from typing import Any

import pytest

from nhipcau.core.sheets import Sheet, UnableToReadFile, write_book
from nhipcau.teams import services as teams
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.models import Grant, Member, Team, TeamMembership
from nhipcau.teams.queries import free_usernames
from nhipcau.volunteers import queries, services
from nhipcau.volunteers.enums import ApplicationState, GrantState, Refusal
from nhipcau.volunteers.models import Application, MemberImport, QualificationGrant
from nhipcau.volunteers.rules import UnableToReview
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db
TODAY = date(2025, 7, 3)
COLUMNS = ("Họ và tên", "Số điện thoại", "Xã, phường", "Đội", "Ngôn ngữ", "Giúp được việc gì")


def apply(**changes: Any) -> Application:
    values: dict[str, Any] = {
        "commune": "24848", "name": "Mẫu Thị Đào", "phone": "0600 111 222", "spoken": ["vi", "kpm", "xxx"],
        "qualifications": ["motorbike", "land", "experienced", "flying"], **changes,
    }  # fmt: skip
    return services.send_application(now=NOW, **values)


def test_a_request_becomes_a_member_of_the_team(cast: Cast, team: Team) -> None:
    asked = apply()
    assert asked.qualifications == ["land", "motorbike"]
    leader = actor_of(cast.leader, NOW)
    assert list(queries.applications_visible_to(leader)) == [asked]
    assert not queries.applications_visible_to(actor_of(cast.outsider, NOW)).exists()
    dao = services.accept_application(by=leader, now=NOW, application_id=asked.pk, team=team)
    assert (dao.name, dao.phone, dao.commune_id, dao.has_usable_password()) == (
        "Mẫu Thị Đào", "0600 111 222", "24848", False,
    )  # fmt: skip
    assert dict(dao.languages.values_list("language", "level")) == {"vi": "good", "kpm": "good"}
    assert Grant.objects.get(member=dao).role == "volunteer"
    assert TeamMembership.objects.get(member=dao).team == team
    states = dict(QualificationGrant.objects.filter(member=dao).values_list("qualification_id", "state"))
    assert states == {"motorbike": GrantState.APPROVED, "land": GrantState.CLAIMED}
    assert queries.members_with_phone(asked.phone_index) == [dao]
    with pytest.raises(services.UnableToAnswer):
        services.accept_application(by=leader, now=NOW, application_id=asked.pk, team=team)


def test_a_minor_is_taken_with_the_day_and_serves_after_the_consent(cast: Cast, team: Team) -> None:
    asked, leader = apply(is_minor=True), actor_of(cast.leader, NOW)
    with pytest.raises(services.UnableToAnswer):
        services.accept_application(by=leader, now=NOW, application_id=asked.pk, team=team)
    assert not Member.objects.filter(name="Mẫu Thị Đào").exists()
    member = services.accept_application(
        by=leader, now=NOW, application_id=asked.pk, team=team, minor_until=TODAY + timedelta(days=99)
    )
    assert queries.standing([member.pk], TODAY)[member.pk] == Refusal.NO_GUARDIAN_CONSENT


def test_who_answers(cast: Cast) -> None:
    asked = apply()
    for stranger in (cast.outsider, cast.volunteer, cast.official):
        with pytest.raises(UnableToReview):
            services.decline_application(
                by=actor_of(stranger, NOW), now=NOW, application_id=asked.pk, reason="Không"
            )
    leader = actor_of(cast.leader, NOW)
    with pytest.raises(services.UnableToAnswer):
        services.decline_application(by=leader, now=NOW, application_id=asked.pk, reason=" ")
    services.decline_application(by=leader, now=NOW, application_id=asked.pk, reason="Đội đã đủ người.")
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (ApplicationState.DECLINED, "Đội đã đủ người.")


@pytest.mark.parametrize(
    "wrong", [{"commune": "68"}, {"commune": "00000"}, {"name": " "}, {"phone": "không"}]
)
def test_a_request_that_cannot_be_answered(wrong: dict[str, str], cast: Cast) -> None:
    with pytest.raises(services.UnableToApply):
        apply(**wrong)


def test_requests_are_forgotten(cast: Cast) -> None:
    asked, answered = apply(), apply()
    services.decline_application(
        by=actor_of(cast.leader, NOW), now=NOW, application_id=answered.pk, reason="Đủ người."
    )
    assert services.forget_applications(now=NOW + timedelta(days=29)) == 0
    assert services.forget_applications(now=NOW + timedelta(days=31)) == 1
    assert services.forget_applications(now=NOW + timedelta(days=91)) == 1
    assert services.forget_applications(now=NOW + timedelta(days=92)) == 0
    asked.refresh_from_db()
    answered.refresh_from_db()
    assert (asked.state, answered.state) == (ApplicationState.LAPSED, ApplicationState.DECLINED)
    assert {asked.name, asked.phone, asked.phone_index, asked.message, answered.name} == {""}


def leader_of(cast: Cast) -> MemberActor:
    return actor_of(cast.leader, NOW)


def take(by: MemberActor, *rows: tuple[Any, ...], columns: tuple[str, ...] = COLUMNS) -> MemberImport:
    """A table as a leader sends it: the columns by the keys they always have."""
    keys = ("name", "phone", "commune", "team", "languages", "qualifications")
    book = write_book([Sheet("A", keys if columns is COLUMNS else columns, rows)])
    return services.take_table(by=by, now=NOW, file=io.BytesIO(book), name="bang.xlsx")


def look(by: MemberActor, found: MemberImport) -> queries.Report:
    return services.look_through(by=by, now=NOW, found=found)


def test_a_right_table_registers_everybody(cast: Cast, team: Team) -> None:
    by = leader_of(cast)
    found = take(
        by,
        ("Mẫu Văn An", "0600 000 001", "24848", "Đội Mẫu", "vi; kpm", ""),
        ("Mẫu Thị An", 600000002, "Xã Lạc Dương", "", "Tiếng Việt", "motorbike; Giấy tờ đất đai"),
        ("Mẫu Thị Bình", "", "lac duong", "", "", ""),
    )
    assert look(by, found).faults == []
    assert services.import_members(by=by, now=NOW, import_id=found.pk, only_right=False) == 3
    an = Member.objects.get(name="Mẫu Văn An")
    assert TeamMembership.objects.get(member=an).team == team
    assert set(an.languages.values_list("language", flat=True)) == {"vi", "kpm"}
    assert Grant.objects.get(member=an).unit_code == "24848"
    other = Member.objects.get(name="Mẫu Thị An")
    assert other.phone == "0600000002", "a spreadsheet takes the zero from a number"
    assert set(other.qualifications.values_list("qualification_id", "state")) == {
        ("motorbike", "approved"), ("land", "claimed"),
    }  # fmt: skip
    with pytest.raises(services.UnableToImport):
        services.import_members(by=by, now=NOW, import_id=found.pk, only_right=True)


def test_every_wrong_row_is_told_and_nothing_is_saved(cast: Cast, team: Team) -> None:
    by, before = leader_of(cast), Member.objects.count()
    teams.edit_member(
        by=None, now=NOW, member=cast.volunteer, name="Mẫu Có Rồi", phone="0600 999 999", commune="24848"
    )
    found = take(
        by,
        ("Mẫu Một", "0600 000 001", "24848", "", "", ""),
        ("", "0600 000 003", "24848", "", "", ""),
        ("Mẫu Hai", "không có", "24848", "", "", ""),
        ("Mẫu Ba", "", "Hà Nội Xa", "", "", ""),
        ("Mẫu Bốn", "", "22015", "", "", ""),
        ("Mẫu Năm", "", "24848", "Đội Không Có", "", ""),
        ("Mẫu Sáu", "", "24848", "", "tiếng sao Hỏa", ""),
        ("Mẫu Bảy", "0600.999.999", "24848", "", "", ""),
        ("Mẫu Tám", "0600 000 001", "24848", "", "", ""),
        ("mau mot", "", "24848", "", "", ""),
        ("Mẫu Có Rồi", "", "24848", "", "", ""),
        ("Mẫu Chín", "", "", "", "", "experienced"),
    )
    report = look(by, found)
    wrong = {fault.row: str(fault.column) for fault in reversed(report.faults)}
    assert len(report.faults) == len(wrong) + 1, "every wrong cell of a row is told at once"
    assert sorted(wrong) == list(range(3, 14))
    assert [row.number for row in report.right] == [2]
    assert wrong[3] == wrong[11] == wrong[12] != wrong[4]
    assert wrong[4] == wrong[9] == wrong[10]
    assert wrong[5] == wrong[6] == wrong[13]
    with pytest.raises(services.UnableToImport):
        services.import_members(by=by, now=NOW, import_id=found.pk, only_right=False)
    assert Member.objects.count() == before
    assert services.import_members(by=by, now=NOW, import_id=found.pk, only_right=True) == 1
    assert Member.objects.count() == before + 1


def test_columns_go_by_the_names_people_use(cast: Cast) -> None:
    by = leader_of(cast)
    found = take(by, ("Mẫu An", "0600 000 001", "24848"), columns=("Họ và tên", "SĐT", "Xã/Phường"))
    assert [row.name for row in look(by, found).right] == ["Mẫu An"]


def test_what_is_no_such_table(cast: Cast) -> None:
    by = leader_of(cast)
    with pytest.raises(UnableToReadFile):
        take(by, ("A", "B"), columns=("Chuyện", "Gì"))
    with pytest.raises(UnableToReadFile):
        services.take_table(by=by, now=NOW, file=io.BytesIO(b"\xff\xfe\x00"), name="x.xlsx")
    assert not MemberImport.objects.exists()
    csv = io.BytesIO("name,commune\nMẫu Một,24848\n".encode())
    assert len(look(by, services.take_table(by=by, now=NOW, file=csv, name="a.csv")).right) == 1


def test_a_table_belongs_to_its_sender_and_is_forgotten(cast: Cast) -> None:
    found = take(leader_of(cast), ("Mẫu Một", "", "24848", "", "", ""))
    other = actor_of(cast.coordinator, NOW)
    with pytest.raises(services.UnableToImport):
        services.import_members(by=other, now=NOW, import_id=found.pk, only_right=False)
    services.drop_import(by=other, now=NOW, import_id=found.pk)
    assert MemberImport.objects.exists()
    assert services.forget_imports(now=NOW + timedelta(hours=23)) == 0
    assert services.forget_imports(now=NOW + timedelta(hours=25)) == 1


def test_looking_through_costs_the_same_for_one_row_and_for_many(
    cast: Cast, team: Team, django_assert_num_queries: object
) -> None:
    by = leader_of(cast)
    assert by.holdings
    for number in (1, 3):
        found = take(by, *((f"Mẫu Số {n}", f"0600 000 00{n}", "24848", "", "vi", "") for n in range(number)))
        with django_assert_num_queries(5):  # type: ignore[operator]  # the plugin's fixture
            assert len(look(by, found).right) == number


def test_ten_thousand_rows(cast: Cast, team: Team) -> None:
    """All are looked through; a tenth is registered here, since each takes the same time."""
    by = leader_of(cast)
    rows = [
        (f"Mẫu {number % 400} Văn {number}", f"0600{number:06d}", "24848", "Đội Mẫu", "vi", "motorbike")
        for number in range(10_000)
    ]
    report = look(by, take(by, *rows))
    assert (len(report.right), report.faults) == (10_000, [])
    found = take(by, *rows[:1000])
    assert services.import_members(by=by, now=NOW, import_id=found.pk, only_right=False) == 1000
    assert TeamMembership.objects.filter(team=team).count() == 1001


def test_user_names_for_many(cast: Cast) -> None:
    teams.register_member(by=None, now=NOW, username="mau.an", name="Mẫu An", commune="24848")
    assert free_usernames(["Mẫu An", "Mẫu Án", "Mẫu Bo", "Ý"]) == ["mau.an2", "mau.an3", "mau.bo", "y.nc"]
