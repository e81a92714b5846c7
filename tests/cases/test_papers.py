"""The papers of a case: what a check keeps, how it moves the case, and how it is forgotten."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404

from nhipcau.audit.models import Entry
from nhipcau.cases import queries, services
from nhipcau.cases.models import Case, CaseEvent, HelpSession, PapersCheck
from nhipcau.cases.rules import UnableToRecordSession
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.procedures import services as procedures
from nhipcau.procedures.models import ProcedureVersion
from nhipcau.procedures.queries import get_procedure, version_on
from nhipcau.teams.access import MemberActor, actor_of
from tests.cases.conftest import PROCEDURE, open_case, session
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db
DAY = clock.local_date(NOW)


def every_paper(case: Case, **answers: str) -> list[str]:
    assert case.procedure_version is not None
    found = queries.sheet(case, case.procedure_version, dict(answers), (), DAY)
    return [paper["id"] for group in found.groups for way in group["ways"] for paper in way]


def check(case: Case, by: MemberActor, have: Any = (), **changes: Any) -> PapersCheck:
    values = {
        "id": new_id(),
        "case": case.pk,
        "version": case.procedure_version_id,
        "answers": {},
        "have": have,
    }
    return services.check_papers(check=services.NewPapersCheck(**(values | changes)), by=by, now=NOW)


@pytest.fixture
def case(volunteer: MemberActor) -> Case:
    return open_case(volunteer, NOW)


def newer_version(area: str = "") -> ProcedureVersion:
    """Another version of the guide of these cases, from the day of the tests on."""
    old = version_on(get_procedure(PROCEDURE), DAY)
    text = {"vi": "Giấy thử", "en": "Trial paper", "th": "เอกสารทดลอง"}
    more = {
        "id": "trial",
        "title": text,
        "why": text,
        "evidence": [{"items": [{"id": "trial", "name": text}]}],
    }
    single = {**old.guide["versions"][0], "valid_from": (DAY + timedelta(days=1)).isoformat()}
    single["valid_until"] = "2026-01-01"
    single["requirements"] = [*single["requirements"], more]
    content = {**old.guide, "versions": [single]}
    return procedures.publish_version(
        content=content, area=area, written_by="Một", checked_by="Hai", by=None, now=NOW
    )


def test_a_check_keeps_the_version_the_answers_and_what_is_missing(
    case: Case, volunteer: MemberActor
) -> None:
    have = every_paper(case, way="online")[:1]
    row = check(case, volunteer, [*have, "strange", have[0]], answers={"way": "online", "strange": "yes"})
    row.refresh_from_db()
    assert json.loads(row.content) == {"answers": {"way": "online"}, "have": have}
    assert (row.version_id, row.checked_at, row.checked_by_id) == (
        case.procedure_version_id,
        NOW,
        volunteer.id,
    )
    assert row.verdict == "missing"
    found = queries.sheet_of(row, case)
    assert found is not None
    assert row.missing == found.lacking == sum(len(need["lacking"]) for need in found.missing) > 0


def test_a_sure_result_moves_the_case(case: Case, volunteer: MemberActor) -> None:
    check(case, volunteer)
    assert Case.objects.get().state == "papers_missing"
    assert [event.kind for event in queries.timeline(case)] == ["opened", "papers", "moved"]
    assert PapersCheck.objects.get().verdict == "missing"
    certified = open_case(volunteer, NOW, procedure="certified-copies", phone="")
    every = every_paper(certified)
    row = check(certified, volunteer, every)
    state = Case.objects.get(pk=certified.pk).state
    assert state == ("papers_ready" if row.verdict == "ready" else "opened")


def test_a_case_that_was_submitted_is_not_moved_back(case: Case, volunteer: MemberActor) -> None:
    for state in ("papers_ready", "submitted"):
        services.move_case(case_id=case.pk, to=state, by=volunteer, now=NOW)
    check(case, volunteer)
    assert Case.objects.get().state == "submitted"


def test_the_same_check_sent_twice_is_one(case: Case, volunteer: MemberActor) -> None:
    first = check(case, volunteer)
    again = check(case, volunteer, id=first.pk)
    assert again.pk == first.pk
    assert PapersCheck.objects.count() == CaseEvent.objects.filter(kind="papers").count() == 1
    with pytest.raises(services.UnableToCheckPapers):
        check(case, volunteer, every_paper(case), id=first.pk)


def test_only_the_held_version_or_the_one_in_force(case: Case, volunteer: MemberActor) -> None:
    other = ProcedureVersion.objects.exclude(procedure=PROCEDURE).order_by("id").first()
    assert other is not None
    with pytest.raises(services.UnableToCheckPapers):
        check(case, volunteer, version=other.pk)
    new = newer_version()
    with pytest.raises(services.UnableToCheckPapers):
        check(case, volunteer, version=new.pk)
    later = services.NewPapersCheck(id=new_id(), case=case.pk, version=new.pk, answers={}, have=())
    row = services.check_papers(check=later, by=volunteer, now=NOW + timedelta(days=1))
    assert row.version_id == new.pk


def test_the_rules_of_the_province_are_frozen_with_the_case(volunteer: MemberActor, cast: Cast) -> None:
    new = newer_version(area="68")
    later = NOW + timedelta(days=1)
    assert open_case(volunteer, later).procedure_version_id == new.pk
    far = open_case(actor_of(cast.outsider, NOW), later, commune="22015", phone="")
    assert far.procedure_version_id != new.pk


def test_changes_are_told_until_somebody_checks_again(case: Case, volunteer: MemberActor) -> None:
    new = newer_version()
    later = DAY + timedelta(days=1)
    assert queries.changes_for(case, None, queries.version_now(case, DAY), DAY) is None
    told = queries.changes_for(case, None, queries.version_now(case, later), later)
    assert told is not None
    assert told["since"] == new.valid_from
    assert [(change.how, change.new["id"]) for change in told["changes"]] == [("added", "trial")]
    again = services.NewPapersCheck(id=new_id(), case=case.pk, version=new.pk, answers={}, have=())
    latest = services.check_papers(check=again, by=volunteer, now=NOW + timedelta(days=1))
    assert queries.changes_for(case, latest, queries.version_now(case, later), later) is None


def test_a_stranger_finds_nothing(case: Case, cast: Cast) -> None:
    for member in (cast.outsider, cast.neighbour_volunteer, cast.province, cast.administrator):
        with pytest.raises(Http404):
            check(case, actor_of(member, NOW))
    assert not PapersCheck.objects.exists()


def test_a_topic_has_no_papers(volunteer: MemberActor) -> None:
    topic = open_case(volunteer, NOW, procedure="", topic="vneid", phone="")
    with pytest.raises(Http404):
        check(topic, volunteer, version=new_id())


def raw(row: PapersCheck) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM cases_paperscheck t WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def test_the_database_holds_neither_answers_nor_papers_in_clear(case: Case, volunteer: MemberActor) -> None:
    every = every_paper(case)
    row = check(case, volunteer, every, answers={"way": "online"})
    assert not [word for word in (*every, "online", "answers") if word in raw(row)]
    entries = Entry.objects.filter(entity="cases_paperscheck", entity_id=str(row.pk))
    (entry,) = entries
    assert set(entry.changes) <= {"case_id", "version_id", "verdict", "missing"}


def test_erasing_the_person_empties_the_papers_and_keeps_the_number(
    case: Case, volunteer: MemberActor
) -> None:
    row = check(case, volunteer, answers={"way": "online"})
    services.withdraw_consent(case_id=case.pk, by=volunteer, now=NOW)
    row.refresh_from_db()
    assert row.content == ""
    assert (row.verdict, row.missing > 0) == ("missing", True)
    case.refresh_from_db()
    assert queries.sheet_of(row, case) is None
    with pytest.raises(Http404):
        check(case, volunteer)


def test_papers_are_forgotten_at_the_end_of_the_case(case: Case, volunteer: MemberActor) -> None:
    row = check(case, volunteer)
    services.erase_due(now=NOW + timedelta(days=400))
    row.refresh_from_db()
    assert row.content == ""


@pytest.mark.parametrize(
    ("column", "value"),
    [("verdict", "perhaps"), ("missing", 0), ("missing", -1), ("content", "{}"), ("verdict", "ready")],
)
def test_the_database_refuses_what_cannot_be(
    case: Case, volunteer: MemberActor, column: str, value: Any
) -> None:
    """Neither an impossible value nor a later change of a check."""
    row = check(case, volunteer)
    with pytest.raises(DatabaseError), transaction.atomic():
        PapersCheck.objects.filter(pk=row.pk).update(**{column: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    fresh = PapersCheck(
        id=new_id(), case=case, version_id=row.version_id, verdict="missing", missing=1, checked_at=NOW,
        checked_by_id=volunteer.id,
    )  # fmt: skip
    setattr(fresh, column, value)
    if column != "content":
        with pytest.raises(IntegrityError), transaction.atomic():
            fresh.save(force_insert=True)


def test_a_session_says_whether_the_papers_were_complete(volunteer: MemberActor) -> None:
    for papers in ("not_checked", "ready", "missing"):
        done = services.record_session(session=session(volunteer, papers=papers), by=volunteer, now=NOW)
        assert done.session.papers == papers
    with pytest.raises(UnableToRecordSession):
        services.record_session(session=session(volunteer, papers="perhaps"), by=volunteer, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpSession.objects.update(papers="perhaps")


def test_another_answer_about_papers_is_another_session(volunteer: MemberActor) -> None:
    wanted = session(volunteer)
    services.record_session(session=wanted, by=volunteer, now=NOW)
    assert HelpSession.objects.get().papers == "not_checked"
    with pytest.raises(services.UnableToRecordTwice):
        services.record_session(
            session=session(volunteer, id=wanted.id, papers="ready"), by=volunteer, now=NOW
        )
