"""What is published here: one version at a time for a procedure and a place, by two people."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from nhipcau.procedures import guide as engine
from nhipcau.procedures.enums import VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion
from nhipcau.procedures.queries import content_of, get_procedure, guide_file, guide_of, trial, version_on
from nhipcau.procedures.services import (
    UnableToPublish,
    check_guide,
    confirm_version,
    load_guides,
    publish_version,
    remarks_on,
    withdraw_version,
)

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
GUIDES = Path(__file__).resolve().parents[2] / "data/guides"
SLUG = "temporary-residence"
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of three guides, none of them published here."""
    for name in (SLUG, "birth-registration", "permanent-residence"):
        text = (GUIDES / f"{name}.yaml").read_text()
        data = engine.read_yaml(text).data | {"see_also": [], "replaces": []}
        (tmp_path / f"{name}.yaml").write_text(engine.write_yaml(data))
    load_guides(tmp_path, now=NOW)
    return tmp_path


def content(begins: str = "2026-12-01", **version: Any) -> dict[str, Any]:
    """The guide as it stands, to begin on another day."""
    data = guide_file(Procedure.objects.get(pk=SLUG))
    return data | {"versions": [data["versions"][-1] | {"valid_from": begins, "valid_until": None} | version]}


def publish(data: dict[str, Any], area: str = "", **who: str) -> ProcedureVersion:
    people = {"written_by": "Cán bộ A", "checked_by": "Cán bộ B"} | who
    return publish_version(content=data, area=area, by=None, now=NOW, **people)


def states(area: str = "") -> list[tuple[str, date, date | None]]:
    rows = ProcedureVersion.objects.filter(procedure_id=SLUG, area=area).order_by("valid_from", "state")
    return [(row.state, row.valid_from, row.valid_until) for row in rows]


def test_an_earlier_version_ends_where_the_new_one_begins(folder: Path) -> None:
    before = version_on(get_procedure(SLUG), TODAY)
    after = publish(content())
    assert version_on(get_procedure(SLUG), TODAY).pk == before.pk
    assert version_on(get_procedure(SLUG), date(2026, 12, 1)).pk == after.pk
    before.refresh_from_db()
    assert before.valid_until == date(2026, 12, 1)
    assert guide_of(before).versions[0].valid_until == "2026-12-01"


def test_one_that_begins_on_the_same_day_replaces(folder: Path) -> None:
    publish(content())
    publish(content(steps=[{"vi": "Một", "en": "One", "th": "หนึ่ง"}]))
    assert [state for state, begins, _end in states() if begins == date(2026, 12, 1)] == [
        VersionState.PUBLISHED,
        VersionState.WITHDRAWN,
    ]


def test_a_later_version_in_the_way_is_left_to_a_person(folder: Path) -> None:
    publish(content("2027-03-01"))
    with pytest.raises(UnableToPublish):
        publish(content("2026-12-01"))
    assert publish(content("2026-12-01", valid_until="2027-03-01")).valid_until == date(2027, 3, 1)


def test_the_database_refuses_an_overlap(folder: Path) -> None:
    row = publish(content())
    with pytest.raises(IntegrityError, match="procedures_one_published_version"), transaction.atomic():
        ProcedureVersion.objects.create(
            procedure_id=SLUG,
            valid_from=date(2027, 1, 1),
            state=VersionState.PUBLISHED,
            guide=row.guide,
            content_hash="another",
            source_title="x",
            checked_on=TODAY,
        )
    # A draft, another place and another time are no overlap.
    for values in (
        {"state": "draft"},
        {"area": "68"},
        {"valid_from": date(1999, 1, 1), "valid_until": date(2000, 1, 1)},
    ):
        usual = {"state": "published", "valid_from": date(2027, 1, 1), "valid_until": date(2027, 2, 1)}
        ProcedureVersion.objects.create(
            procedure_id=SLUG,
            guide=row.guide,
            content_hash=",".join(values),
            source_title="x",
            checked_on=TODAY,
            **usual | values,
        )


@pytest.mark.parametrize("who", [{"checked_by": ""}, {"written_by": ""}, {"checked_by": "Cán bộ A"}])
def test_two_pairs_of_eyes(folder: Path, who: dict[str, str]) -> None:
    with pytest.raises(UnableToPublish):
        publish(content(), **who)
    assert not get_procedure(SLUG).kept_here


def test_a_guide_with_faults_is_refused_whole(folder: Path) -> None:
    before = states()
    with pytest.raises(UnableToPublish) as refused:
        publish(content(sources=[]))
    assert "versions[0].sources" in [problem.path for problem in refused.value.problems]
    assert states() == before


def test_what_is_published_here_is_only_offered_news_by_files(folder: Path) -> None:
    mine = publish(content())
    file = folder / f"{SLUG}.yaml"
    data = engine.read_yaml(file.read_text()).data
    data["versions"][-1]["online"] = "no"
    file.write_text(engine.write_yaml(data))
    assert load_guides(folder, now=NOW).new_versions == 1
    assert version_on(get_procedure(SLUG), date(2026, 12, 2)).pk == mine.pk
    assert VersionState.DRAFT in [state for state, *_period in states()]


def test_a_province_goes_before_the_nation_and_leaves_it_as_it_is(folder: Path) -> None:
    nation = get_procedure(SLUG).names
    data = content("2026-11-01") | {"name": {"vi": "Tên khác", "en": "Other", "th": "อื่น"}}
    mine = publish(data, area="68")
    assert version_on(get_procedure(SLUG), TODAY, "68").pk == mine.pk
    assert version_on(get_procedure(SLUG), TODAY, "66").pk != mine.pk
    assert version_on(get_procedure(SLUG), TODAY).pk != mine.pk
    procedure = get_procedure(SLUG)
    assert procedure.names == nation
    assert not procedure.kept_here, "files still bring the nation's news"


def test_a_new_guide_of_a_province_is_not_retired_by_files(folder: Path) -> None:
    data = content() | {"slug": "boat-permit", "code": "", "kind": "in_app"}
    publish(data, area="68")
    load_guides(folder, now=NOW)
    (folder / "permanent-residence.yaml").unlink()
    load_guides(folder, now=NOW)
    assert get_procedure("boat-permit").state == "current"


def test_a_code_belongs_to_one_guide_and_links_lead_somewhere(folder: Path) -> None:
    data = content() | {"slug": "another", "replaces": ["another"], "see_also": ["nowhere", "1.001193"]}
    assert [problem.path for problem in check_guide(data)] == ["code", "replaces[0]", "see_also[0]"]


def test_withdrawn_stays_withdrawn(folder: Path) -> None:
    version = version_on(get_procedure(SLUG), TODAY)
    withdraw_version(version=version.pk, by=None, now=NOW)
    (folder / "permanent-residence.yaml").unlink()
    load_guides(folder, now=NOW)
    version.refresh_from_db()
    assert version.state == VersionState.WITHDRAWN
    with pytest.raises(UnableToPublish):
        withdraw_version(version=version.pk, by=None, now=NOW)
    with pytest.raises(UnableToPublish):
        withdraw_version(version=UUID(int=1), by=None, now=NOW)


def test_reading_again_moves_the_day_that_people_see(folder: Path) -> None:
    version = publish(content("2026-11-01"))
    for who, day in (("Cán bộ A", TODAY), ("", TODAY), ("Cán bộ B", date(2020, 1, 1))):
        with pytest.raises(UnableToPublish):
            confirm_version(version=version.pk, checked_on=day, checked_by=who, by=None, now=NOW)
    confirm_version(version=version.pk, checked_on=TODAY, checked_by="Cán bộ C", by=None, now=NOW)
    version.refresh_from_db()
    assert (version.checked_on, version.checked_by) == (TODAY, "Cán bộ C")
    assert guide_of(version).versions[0].sources[0].checked_on == "2026-11-22"


def export(*arguments: str) -> str:
    out = StringIO()
    call_command("procedures", "export", *arguments, stdout=out)
    return out.getvalue()


def test_export_lint_load_changes_nothing(folder: Path) -> None:
    publish(content())
    assert publish(content(online="no", valid_from="2027-03-01")).pk
    text = export(SLUG)
    assert engine.lint_text(text, "export") == []
    (folder / f"{SLUG}.yaml").write_text(text)
    before = states()
    assert load_guides(folder, now=NOW).new_versions == 0
    assert states() == before


def test_an_exported_guide_starts_another_installation(folder: Path) -> None:
    publish(content())
    text = export(SLUG)
    Procedure.objects.filter(pk=SLUG).update(kept_here=False)
    (folder / f"{SLUG}.yaml").write_text(text)
    load_guides(folder, now=NOW)
    assert guide_file(get_procedure(SLUG)) == engine.read_yaml(text).data


@pytest.mark.parametrize("name", ["birth-registration", SLUG, "permanent-residence"])
def test_what_ships_comes_back_as_it_was(folder: Path, name: str) -> None:
    assert engine.read_yaml(export(name)).data == engine.read_yaml((folder / f"{name}.yaml").read_text()).data


def test_a_trial_shows_the_list_and_the_questions_before_anything_is_published(folder: Path) -> None:
    data = guide_file(get_procedure("birth-registration"))
    data["versions"] = data["versions"][:1]
    found = trial(data, {"over_60_days": "yes", "x": "y"}, on=TODAY, province="68", language="th")
    assert found is not None
    assert found["questions"][0] | {"options": []} == {
        "id": "over_60_days", "type": "yes_no", "answer": "yes", "open": False, "options": [],
        "text": "เด็กเกิดมาเกิน 60 วันแล้วหรือยัง", "help": found["questions"][0]["help"],
    }  # fmt: skip
    assert found["list"]["documents"]
    assert trial({"versions": 3}, {}, on=TODAY, province=None, language="vi") is None


def test_a_marked_fallback_is_enough(folder: Path) -> None:
    data = content() | {"summary": {"vi": "Chỉ có tiếng Việt", "en": "Only two"}}
    assert [problem.path for problem in check_guide(data)] == ["summary"]
    assert check_guide(data | {"fallbacks": ["th"]}) == []
    assert check_guide(data | {"fallbacks": ["en"]}) != []
    assert [problem.path for problem in check_guide(content() | {"fallbacks": ["vi"]})] == ["fallbacks"]


def test_a_rule_that_is_always_true_is_worth_a_look(folder: Path) -> None:
    data = guide_file(get_procedure("birth-registration"))
    version = data["versions"][0]
    rule = {"fact": "over_60_days", "in": ["yes", "no"]}
    first = version["requirements"][0] | {"when": rule}
    version["requirements"] = [first, *version["requirements"][1:]]
    single = data | {"versions": [version]}
    assert [problem.path for problem in remarks_on(single)] == ["versions[0].requirements[0].when"]
    assert content_of(version_on(get_procedure(SLUG), TODAY))["slug"] == SLUG
