"""Qualifications: said, checked by somebody else, given, renewed, ended, warned of, defined, loaded."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from nhipcau.messaging.models import Message
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.models import Member, Team
from nhipcau.volunteers import queries, services
from nhipcau.volunteers.enums import EXPERIENCED, GrantState
from nhipcau.volunteers.models import Qualification, QualificationGrant
from nhipcau.volunteers.rules import UnableToClaim, UnableToInclude, UnableToReview, add_months
from nhipcau.volunteers.services.reference import load_qualifications
from tests.factories.cast import NOW, Cast
from tests.factories.volunteering import held_on

pytestmark = pytest.mark.django_db
TODAY = date(2025, 7, 3)


def acting(member: Member) -> MemberActor:
    return actor_of(member, NOW)


def claim(cast: Cast, code: str = "portal", evidence: str = "Lớp tập huấn 6/2025") -> QualificationGrant:
    return services.claim_qualification(by=acting(cast.volunteer), now=NOW, code=code, evidence=evidence)


def approve(cast: Cast, grant: QualificationGrant, **changes: object) -> QualificationGrant:
    values = {"valid_from": TODAY, "valid_until": None, **changes}
    return services.approve_claim(by=acting(cast.leader), now=NOW, grant_id=grant.pk, **values)  # type: ignore[arg-type]  # a test's shorthand


def test_said_then_checked_then_it_counts(cast: Cast) -> None:
    grant = claim(cast)
    assert held_on(cast.volunteer, TODAY) == set()
    approve(cast, grant)
    held = held_on(cast.volunteer, TODAY)
    assert held == {"portal", "scanning", "payment"}
    message = Message.objects.get(to=cast.volunteer.pk)
    assert "Cổng Dịch vụ công" in message.subject


def test_what_needs_no_evidence_counts_at_once(cast: Cast) -> None:
    assert claim(cast, "motorbike", "").state == GrantState.APPROVED
    with pytest.raises(UnableToClaim):
        claim(cast, "portal", "  ")
    with pytest.raises(UnableToClaim):
        claim(cast, EXPERIENCED)
    with pytest.raises(UnableToClaim):
        claim(cast, "flying")


def test_the_same_is_asked_once_and_may_be_asked_again_after_a_no(cast: Cast) -> None:
    first = claim(cast)
    with pytest.raises(UnableToClaim):
        claim(cast)
    services.decline_claim(by=acting(cast.leader), now=NOW, grant_id=first.pk, reason="Xin mang giấy.")
    assert Message.objects.get(to=cast.volunteer.pk).body == "Xin mang giấy."
    approve(cast, claim(cast))
    with pytest.raises(UnableToClaim):
        claim(cast)


def test_nobody_decides_about_themselves_nor_a_stranger(cast: Cast) -> None:
    own = services.claim_qualification(by=acting(cast.leader), now=NOW, code="land", evidence="Bằng")
    with pytest.raises(UnableToReview):
        approve(cast, own)
    grant = claim(cast)
    for stranger in (cast.outsider, cast.volunteer, cast.neighbour_volunteer, cast.official):
        with pytest.raises(UnableToReview):
            services.approve_claim(
                by=acting(stranger), now=NOW, grant_id=grant.pk, valid_from=TODAY, valid_until=None
            )
    assert services.approve_claim(
        by=acting(cast.province), now=NOW, grant_id=grant.pk, valid_from=TODAY, valid_until=None
    ).state == GrantState.APPROVED  # fmt: skip


def test_the_database_too_lets_nobody_decide_about_themselves(cast: Cast) -> None:
    grant = claim(cast)
    with pytest.raises(IntegrityError, match="volunteers_grant_not_by_oneself"), transaction.atomic():
        QualificationGrant.objects.filter(pk=grant.pk).update(state="approved", decided_by=cast.volunteer)


def test_the_database_keeps_one_approval_a_day(cast: Cast) -> None:
    approve(cast, claim(cast))
    with pytest.raises(IntegrityError, match="volunteers_grant_once"), transaction.atomic():
        QualificationGrant.objects.create(
            member=cast.volunteer, qualification_id="portal", state="approved",
            valid_from=TODAY + timedelta(days=9), claimed_at=NOW,
        )  # fmt: skip


def test_a_renewal_begins_where_the_present_one_ends(cast: Cast) -> None:
    ends = TODAY + timedelta(days=20)
    approve(cast, claim(cast), valid_until=ends)
    renewed = approve(cast, claim(cast))
    assert (renewed.valid_from, renewed.valid_until) == (ends, None)
    assert all("portal" in held_on(cast.volunteer, TODAY + timedelta(days=step)) for step in (0, 19, 20, 59))


def test_what_begins_later_is_not_shown_as_held(cast: Cast) -> None:
    grant = approve(cast, claim(cast), valid_from=TODAY + timedelta(days=9))
    now = queries.summary_of(cast.volunteer.pk, today=TODAY, private=False)
    assert (now.holds, now.waits, now.past) == ((), (grant,), ())
    then = queries.summary_of(cast.volunteer.pk, today=TODAY + timedelta(days=9), private=False)
    assert (then.holds, then.waits, then.past) == ((grant,), (), ())


def test_a_date_at_the_end_of_the_calendar_is_no_fault(cast: Cast) -> None:
    assert approve(cast, claim(cast, "home_visits"), valid_from=date(9999, 3, 1)).valid_until == date.max


def test_the_usual_length_comes_from_the_table(cast: Cast) -> None:
    grant = approve(cast, claim(cast, "home_visits"))
    assert grant.valid_until == date(2026, 7, 3)
    assert "safety" in held_on(cast.volunteer, TODAY)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 7, 3), 12, date(2026, 7, 3)),
        (date(2025, 12, 31), 12, date(2026, 12, 31)),
        (date(9998, 12, 31), 12, date(9999, 12, 31)),
        (date(9999, 12, 31), 12, date.max),
    ],
)
def test_months_end_where_a_month_ends(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_a_leader_gives_and_the_waiting_claim_is_settled(cast: Cast, team: Team) -> None:
    grant = claim(cast)
    given = services.give_qualification(
        by=acting(cast.leader), now=NOW, member=cast.volunteer, code="portal", evidence="Tự thấy",
        valid_from=TODAY - timedelta(days=30), valid_until=None,
    )  # fmt: skip
    grant.refresh_from_db()
    assert (grant.state, given.state) == (GrantState.WITHDRAWN, GrantState.APPROVED)
    with pytest.raises(UnableToReview):
        services.give_qualification(
            by=acting(cast.leader), now=NOW, member=cast.leader, code="portal", evidence="Tôi",
            valid_from=TODAY,
        )  # fmt: skip


def test_ending_keeps_what_was_true_before(cast: Cast) -> None:
    grant = approve(cast, claim(cast), valid_from=TODAY - timedelta(days=30))
    services.end_qualification(by=acting(cast.volunteer), now=NOW, grant_id=grant.pk)
    grant.refresh_from_db()
    assert (grant.state, grant.valid_until) == (GrantState.APPROVED, TODAY)
    yesterday = TODAY - timedelta(days=1)
    assert "portal" in held_on(cast.volunteer, yesterday)
    assert held_on(cast.volunteer, TODAY) == set()
    waiting = claim(cast)
    with pytest.raises(UnableToReview):
        services.end_qualification(by=acting(cast.outsider), now=NOW, grant_id=waiting.pk)
    services.end_qualification(by=acting(cast.volunteer), now=NOW, grant_id=waiting.pk)
    with pytest.raises(services.UnableToDecide):
        services.end_qualification(by=acting(cast.volunteer), now=NOW, grant_id=waiting.pk)


def test_experience_is_given_once(cast: Cast) -> None:
    both = [cast.volunteer, cast.leader]
    people = [member.pk for member in both]
    assert services.give_experience(now=NOW, members=people[:1], from_day=TODAY) == 1
    assert services.give_experience(now=NOW, members=people, from_day=TODAY) == 1
    assert services.give_experience(now=NOW, members=people, from_day=TODAY) == 0
    assert all(EXPERIENCED in held_on(member, TODAY) for member in both)


def test_members_are_warned_once_and_not_after_a_renewal(cast: Cast) -> None:
    approve(cast, claim(cast), valid_until=TODAY + timedelta(days=30))
    approve(cast, claim(cast, "land"), valid_until=TODAY + timedelta(days=31))
    Message.objects.all().delete()
    assert services.warn_of_endings(now=NOW) == 1
    assert services.warn_of_endings(now=NOW) == 0
    assert "02/08/2025" in Message.objects.get(to=cast.volunteer.pk).body
    approve(cast, services.claim_qualification(
        by=acting(cast.volunteer), now=NOW + timedelta(days=5), code="land", evidence="Lớp mới"
    ))  # fmt: skip
    Message.objects.all().delete()
    assert services.warn_of_endings(now=NOW + timedelta(days=5)) == 1
    assert not Message.objects.exists()


def test_evidence_is_forgotten_with_the_member(cast: Cast) -> None:
    grant = claim(cast)
    assert services.forget_evidence(now=NOW) == 0
    Member.objects.filter(pk=cast.volunteer.pk).update(name="", left_on=TODAY)
    assert services.forget_evidence(now=NOW) == 1
    grant.refresh_from_db()
    assert grant.evidence == ""


def define(by: Member, **changes: object) -> Qualification:
    values = {
        "unit_code": "68", "name_vi": "Tiếng Chu Ru", "name_en": "Old letters", "name_th": "",
        "needs_evidence": True, "lasts_months": None, "active": True, "includes": ["scanning"], **changes,
    }  # fmt: skip
    return services.define_qualification(by=acting(by), now=NOW, **values)  # type: ignore[arg-type]  # a test's shorthand


def test_a_province_adds_its_own(cast: Cast) -> None:
    made = define(cast.province)
    assert made.code == "p68_old_letters"
    assert queries.edges()[made.code] == {"scanning"}
    with pytest.raises(services.UnableToDefine):
        define(cast.province)
    for by, place in ((cast.province, "VN"), (cast.province, "79"), (cast.leader, "68")):
        with pytest.raises(services.UnableToDefine):
            define(by, unit_code=place, name_en="Other")
    assert claim(cast, made.code, "Bà dạy").state == GrantState.CLAIMED
    with pytest.raises(UnableToClaim):
        services.claim_qualification(by=acting(cast.outsider), now=NOW, code=made.code, evidence="Bà dạy")
    with pytest.raises(services.UnableToDefine):
        define(cast.nation, unit_code="VN", name_en="Whole", includes=[made.code])


def test_circles_are_refused(cast: Cast) -> None:
    first = define(cast.province, name_en="First")
    second = define(cast.province, name_en="Second", includes=[first.code])
    fields = {"name_vi": "X", "name_en": "X", "name_th": "", "needs_evidence": True, "lasts_months": None}
    with pytest.raises(UnableToInclude):
        services.change_qualification(
            by=acting(cast.province), now=NOW, code=first.code, active=True, includes=[second.code], **fields
        )
    assert queries.edges()[first.code] == {"scanning"}


def test_the_shipped_ones_keep_their_names(cast: Cast) -> None:
    services.change_qualification(by=acting(cast.nation), now=NOW, code="land", active=False)
    assert not Qualification.objects.get(pk="land").active
    with pytest.raises(services.UnableToDefine):
        services.change_qualification(by=acting(cast.province), now=NOW, code="land", active=True)
    assert load_qualifications(now=NOW) == 0
    assert not Qualification.objects.get(pk="land").active, "what people decided stays"


def test_the_table_is_brought_up_to_date(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table.csv"
    head = "code,name_vi,name_en,name_th,includes,needs_evidence,lasts_months,source"
    table.write_text(f"{head}\nland,Đất,Land,,social,yes,6,test\nsocial,Xã hội,Social,,,no,,test\n", "utf-8")
    assert load_qualifications(now=NOW, table=table) == 2
    land = Qualification.objects.get(pk="land")
    assert (land.name_vi, land.lasts_months) == ("Đất", 6)
    assert queries.edges()["land"] == {"social"}
    table.write_text(
        f"{head}\nland,Đất,Land,,social,yes,6,test\nsocial,Xã hội,Social,,land,no,,test\n", "utf-8"
    )
    with pytest.raises(UnableToInclude):
        load_qualifications(now=NOW, table=table)
    call_command("volunteers", "load")
    call_command("volunteers", "load", "--quiet")
    assert Qualification.objects.get(pk="land").name_en == "Land papers"
    assert "loaded" in capsys.readouterr().err
