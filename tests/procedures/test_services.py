"""Guide files become versions that are never rewritten; the database keeps published versions apart."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from nhipcau.procedures.enums import ProcedureState, VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion
from nhipcau.procedures.queries import (
    UnableToFindProcedure,
    by_life_event,
    get_procedure,
    library,
    library_stamp,
    version_on,
)
from nhipcau.procedures.services import UnableToLoadGuides, load_guides

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
GUIDES = Path(__file__).resolve().parents[2] / "data/guides"
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("birth-registration", "temporary-residence", "permanent-residence"):
        (tmp_path / f"{name}.yaml").write_text((GUIDES / f"{name}.yaml").read_text())
    load_guides(tmp_path, now=NOW)
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "temporary-residence.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_loading_twice_changes_nothing_and_costs_one_query(folder: Path) -> None:
    before = list(ProcedureVersion.objects.order_by("id").values_list("id", "state"))
    with CaptureQueriesContext(connection) as queries:
        again = load_guides(folder, now=NOW)
    assert again.unchanged
    assert len(queries) == 1
    assert list(ProcedureVersion.objects.order_by("id").values_list("id", "state")) == before


def test_changed_content_is_a_new_version_and_the_old_one_stays_as_it_was(folder: Path) -> None:
    old = version_on(get_procedure("1.004194"), date(2026, 11, 22))
    frozen = old.guide
    change(folder, "checked_on: ", "checked_on: '2026-11-01' # ")
    assert load_guides(folder, now=NOW).new_versions >= 1
    old.refresh_from_db()
    new = version_on(get_procedure("1.004194"), date(2026, 11, 22))
    assert new.pk != old.pk
    assert (old.state, new.state) == (VersionState.WITHDRAWN, VersionState.PUBLISHED)
    assert old.guide == frozen
    assert new.checked_on == date(2026, 11, 1)


def test_going_back_publishes_the_old_version_again(folder: Path) -> None:
    first = version_on(get_procedure("1.004194"), date(2026, 11, 22)).pk
    file = folder / "temporary-residence.yaml"
    original = file.read_text()
    change(folder, "checked_on: ", "checked_on: '2026-11-01' # ")
    load_guides(folder, now=NOW)
    file.write_text(original)
    assert load_guides(folder, now=NOW).new_versions == 0
    assert version_on(get_procedure("1.004194"), date(2026, 11, 22)).pk == first


def test_more_keywords_are_no_new_version(folder: Path) -> None:
    stamp, count = library_stamp(), ProcedureVersion.objects.count()
    change(folder, "keywords:\n", "keywords:\n  # more\n")
    load_guides(folder, now=NOW)
    assert library_stamp() != stamp
    assert ProcedureVersion.objects.count() == count


def test_a_guide_without_its_file_is_retired_but_kept(folder: Path) -> None:
    (folder / "temporary-residence.yaml").unlink()
    load_guides(folder, now=NOW)
    gone = Procedure.objects.get(slug="temporary-residence")
    assert gone.state == ProcedureState.RETIRED
    assert gone not in library()
    assert gone.versions.exists()
    with pytest.raises(UnableToFindProcedure):
        version_on(gone, date(2026, 11, 22))


def test_one_bad_file_and_nothing_is_loaded(folder: Path) -> None:
    stamp = library_stamp()
    (folder / "bad.yaml").write_text("schema: 1\nslug: bad\nslug: worse\n")
    with pytest.raises(UnableToLoadGuides, match=r"bad\.yaml:3: .slug. is given twice"):
        load_guides(folder, now=NOW)
    assert library_stamp() == stamp


def copy_of(version: ProcedureVersion, **changes: object) -> ProcedureVersion:
    values = {
        field.name: getattr(version, field.name)
        for field in ProcedureVersion._meta.concrete_fields
        if field.name != "id"
    }
    return ProcedureVersion(**{**values, "content_hash": "other", **changes})


def test_the_database_refuses_two_published_versions_on_one_day(folder: Path) -> None:
    version = version_on(get_procedure("1.001193"), date(2026, 11, 22))
    with pytest.raises(IntegrityError, match="one_published_version"), transaction.atomic():
        copy_of(version, valid_from=date(2026, 12, 31)).save()
    copy_of(version, valid_from=date(2026, 12, 31), state=VersionState.DRAFT).save()


def test_versions_meet_without_overlapping(folder: Path) -> None:
    version = version_on(get_procedure("1.001193"), date(2026, 11, 22))
    ProcedureVersion.objects.filter(pk=version.pk).update(valid_until=date(2027, 3, 1))
    ProcedureVersion.objects.filter(procedure=version.procedure, valid_from=date(2027, 3, 1)).delete()
    later = copy_of(version, valid_from=date(2027, 3, 1), valid_until=None)
    later.save()
    assert version_on(version.procedure, date(2027, 2, 28)).pk == version.pk
    assert version_on(version.procedure, date(2027, 3, 1)).pk == later.pk
    assert version_on(version.procedure, date(2000, 1, 1)).pk == version.pk


def test_a_period_may_not_end_before_it_begins(folder: Path) -> None:
    version = version_on(get_procedure("1.001193"), date(2026, 11, 22))
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(version, state=VersionState.DRAFT, valid_until=version.valid_from).save()


def test_found_by_code_slug_or_the_code_it_replaced(folder: Path) -> None:
    procedure = get_procedure("1.001193")
    Procedure.objects.filter(pk=procedure.pk).update(replaces=["9.999999"])
    assert get_procedure("birth-registration") == get_procedure("9.999999") == procedure
    for unknown in ("", "nothing", "1.000000", "\x00"):
        with pytest.raises(UnableToFindProcedure):
            get_procedure(unknown)


def test_the_library_is_grouped_in_the_order_of_life_events(folder: Path) -> None:
    groups = by_life_event(library())
    assert sum(len(procedures) for _, procedures in groups) == 3
    assert [procedures[0].life_event for _, procedures in groups] == ["birth", "residence"]
