"""Importing the national catalogue: the difference, every version, nothing lost, all or nothing."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhipcau.audit.models import Entry as AuditEntry
from nhipcau.catalogue import queries, services
from nhipcau.catalogue.enums import Standing
from nhipcau.catalogue.models import Import, Record, RecordVersion
from nhipcau.procedures import queries as procedures
from tests.factories.national import PORTAL, lines, national, take_in

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
CODES = ("1.000001", "1.000002", "1.000003")

pytestmark = pytest.mark.django_db


def three() -> list[dict[str, Any]]:
    return [national(code) for code in CODES]


def reasons(difference: services.Difference) -> dict[int, str]:
    return {bad.row: bad.reason for bad in difference.refused}


def test_all_columns_are_kept() -> None:
    row = national("1.001193", decision="163/QĐ-BTP", name="Thủ tục đăng ký khai sinh", keywords="khai sinh")
    found = take_in([row], now=NOW)
    assert [(change.code, change.fields) for change in found.new] == [("1.001193", ())]
    record = Record.objects.get()
    assert (record.name, record.field, record.level) == ("Thủ tục đăng ký khai sinh", "Hải quan", "Cấp Xã")
    assert (record.agency, record.keywords, record.url) == ("Ủy ban nhân dân cấp xã", "khai sinh", PORTAL)
    assert record.standing == Standing.ANNOUNCED
    version = RecordVersion.objects.get()
    assert version.content == row
    assert (version.decision, version.seen_at) == ("163/QĐ-BTP", NOW)
    assert version.found_in == Import.objects.get(read=1, new=1, changed=0, missing=0, partial=False)


def test_agency_falls_back_to_who_decides_then_to_who_issued() -> None:
    rows = [
        national(CODES[0], agencies="", competent_agency="Công an cấp xã"),
        national(CODES[1], agencies="", competent_agency=""),
        national(CODES[2], agencies="", portal=None),
    ]
    take_in(rows, now=NOW)
    assert list(Record.objects.order_by("code").values_list("agency", flat=True)) == [
        "Công an cấp xã",
        "Bộ Tài chính",
        "",
    ]


def test_the_same_file_twice_changes_nothing() -> None:
    take_in(three(), now=NOW)
    audited = AuditEntry.objects.count()
    again = take_in(three(), now=LATER)
    assert again.empty
    assert again.unchanged == 3
    assert Import.objects.count() == 1
    assert RecordVersion.objects.count() == 3
    assert AuditEntry.objects.count() == audited


def test_when_it_was_read_is_no_change() -> None:
    take_in(three(), now=NOW)
    later = [row | {"crawled": "2026-10-01", "portal_updated_at": "2026-09-30T00:00:00Z"} for row in three()]
    assert take_in(later, now=LATER).empty


def test_a_change_makes_a_version_and_keeps_the_old_one() -> None:
    take_in(three(), now=NOW)
    changed = national(CODES[1], name="Tên mới", documents=[])
    found = take_in([national(CODES[0]), changed, national(CODES[2])], now=LATER)
    assert [(change.code, change.fields) for change in found.changed] == [(CODES[1], ("documents", "name"))]
    assert found.unchanged == 2
    versions = list(RecordVersion.objects.filter(record_id=CODES[1]).order_by("seen_at"))
    assert [version.content["name"] for version in versions] == [f"Thủ tục mẫu số {CODES[1]}", "Tên mới"]
    assert Record.objects.get(code=CODES[1]).name == "Tên mới"


def test_what_a_complete_file_no_longer_names_is_kept_and_said_so() -> None:
    take_in(three(), now=NOW)
    found = take_in(three()[:2], now=LATER)
    assert [change.code for change in found.unlisted] == [CODES[2]]
    assert not Record.objects.get(code=CODES[2]).listed
    assert CODES[2] not in {row["code"] for row in queries.record_documents()}
    back = take_in(three(), now=LATER)
    assert [change.code for change in back.listed_again] == [CODES[2]]
    assert Record.objects.get(code=CODES[2]).listed
    assert RecordVersion.objects.filter(record_id=CODES[2]).count() == 1


def test_a_part_says_nothing_about_the_rest() -> None:
    take_in(three(), now=NOW)
    assert take_in(three()[:1], now=LATER, partial=True).empty
    assert Record.objects.filter(listed=True).count() == 3


def test_a_file_that_drops_much_is_refused_unless_allowed() -> None:
    rows = [national(f"1.{number:06}") for number in range(1, 81)]
    take_in(rows, now=NOW)
    with pytest.raises(services.UnableToImport, match="21"):
        take_in(rows[:59], now=LATER)
    assert Record.objects.filter(listed=True).count() == 80
    found = take_in(rows[:59], now=LATER, allow_drop=True)
    assert len(found.unlisted) == 21
    assert Record.objects.filter(listed=False).count() == 21


def test_a_refused_row_still_names_its_record() -> None:
    take_in(three(), now=NOW)
    found = take_in([*three()[:2], national(CODES[2], name="")], now=LATER)
    assert reasons(found) == {3: "no name"}
    assert found.unlisted == []
    assert Record.objects.get(code=CODES[2]).listed


def test_a_row_that_nobody_can_read_may_be_about_any_record() -> None:
    take_in(three(), now=NOW)
    found = take_in([*three()[:2], "{broken"], now=LATER)
    assert found.undecided == 1
    assert found.unlisted == []
    assert Record.objects.filter(listed=True).count() == 3


def test_refused_rows_are_named_and_the_others_come_in() -> None:
    rows = [
        national(CODES[0]),
        national("1.0133611"),
        national("1.014955-Xoa"),
        national(CODES[1], name="  "),
        national(CODES[0], name="Một tên khác"),
        national(CODES[0]),
        "not json",
        national(CODES[2]),
    ]
    found = take_in(rows, now=NOW)
    assert reasons(found) == {
        2: "“1.0133611” is not a code such as 1.001193",
        3: "“1.014955-Xoa” is not a code such as 1.001193",
        4: "no name",
        5: f"row 1 says something else about {CODES[0]}",
        7: "not readable as JSON: Expecting value at letter 1",
    }
    assert found.repeated == 1
    assert set(Record.objects.values_list("code", flat=True)) == {CODES[0], CODES[2]}
    assert Record.objects.get(code=CODES[0]).name == f"Thủ tục mẫu số {CODES[0]}"
    kept = Import.objects.get().refused
    assert kept[0] == {"row": 2, "code": "1.0133611", "reason": "“1.0133611” is not a code such as 1.001193"}


def test_a_column_that_a_file_does_not_have_keeps_what_was_known() -> None:
    take_in(three(), now=NOW)
    short = [{"code": code, "name": f"Thủ tục mẫu số {code}", "field": "Hải quan"} for code in CODES]
    assert take_in(short, now=LATER).empty
    short[0]["field"] = "Thuế"
    found = take_in(short, now=LATER)
    assert [change.fields for change in found.changed] == [("field",)]
    newest = RecordVersion.objects.filter(record_id=CODES[0]).latest("seen_at")
    assert newest.content["documents"] == national()["documents"]


def test_nothing_is_written_when_the_file_breaks_in_the_middle(tmp_path: Path) -> None:
    take_in(three(), now=NOW)
    path = tmp_path / "cut.jsonl.gz"
    packed = gzip.compress(lines([national(f"1.{number:06}") for number in range(1, 400)]))
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(services.UnableToReadFile):
        services.import_file(path, by=None, now=LATER)
    assert Record.objects.count() == 3
    assert Import.objects.count() == 1


def test_nothing_is_written_when_the_database_refuses_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last step fails: the first ones are undone with it."""
    take_in(three()[:1], now=NOW)

    def stop(difference: services.Difference) -> None:
        Record.objects.create(code="9.999999", name="half", standing="announced")
        raise IntegrityError("the machine stops here")

    with pytest.raises(IntegrityError):
        take_in(three(), now=LATER, show=stop)
    assert set(Record.objects.values_list("code", flat=True)) == {CODES[0]}


def test_each_import_changes_the_stamp() -> None:
    stamps = [queries.catalogue_stamp()]
    for name in ("Một", "Hai", "Hai"):
        take_in([national(CODES[0], name=name)], now=NOW)
        stamps.append(queries.catalogue_stamp())
    assert stamps[0] == ""
    assert len(set(stamps)) == 3
    assert stamps[2] == stamps[3]


def test_what_is_written_last_is_the_newest_whatever_the_clock_says() -> None:
    """An import that waited for another began before it."""
    take_in([national(CODES[0], name="Một")], now=LATER)
    stamp = queries.catalogue_stamp()
    take_in([national(CODES[0], name="Hai")], now=NOW)
    assert queries.catalogue_stamp() != stamp
    take_in([national(CODES[0], name="Một")], now=NOW)
    assert Record.objects.get().name == "Một"
    newest = RecordVersion.objects.order_by("-seen_at", "-id")
    assert [version.content["name"] for version in newest] == ["Một", "Hai", "Một"]


@pytest.mark.parametrize("scope", [5, True, None, ["STANDARD_INTERNAL"], {"a": 1}, "SPECIFIC", ""])
def test_a_strange_scope_does_not_stop_the_search(scope: object) -> None:
    take_in([national(CODES[0], name="Thủ tục rất lạ", portal={"scope": scope})], now=NOW)
    assert [hit.code for hit in procedures.find("thủ tục rất lạ")] == [CODES[0]]


def test_only_looking_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "national.jsonl"
    path.write_bytes(lines(three()))
    assert len(services.compare_file(path).new) == 3
    assert not Record.objects.exists()


def test_what_is_shown_comes_before_what_is_written() -> None:
    seen: list[int] = []
    take_in(three(), now=NOW, show=lambda found: seen.extend([len(found.new), Record.objects.count()]))
    assert seen == [3, 0]


def test_hidden_marks_stay_in_the_version_but_not_in_the_name() -> None:
    take_in([national(CODES[0], name="\u202eĐăng ký\u200b kết \t hôn\u2069")], now=NOW)
    assert Record.objects.get().name == "Đăng ký kết hôn"
    assert RecordVersion.objects.get().content["name"] == "\u202eĐăng ký\u200b kết \t hôn\u2069"


def test_a_record_is_read_anew_when_the_rules_changed() -> None:
    take_in(three(), now=NOW)
    Record.objects.filter(code=CODES[0]).update(standing=Standing.IDENTITY_ONLY)
    take_in(three(), now=LATER)
    assert Record.objects.get(code=CODES[0]).standing == Standing.ANNOUNCED
    assert RecordVersion.objects.count() == 3


# ---- what the database refuses ---------------------------------------------------------------------


def refused_by_database(act: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_versions_and_imports_cannot_be_changed_or_deleted() -> None:
    take_in(three(), now=NOW)
    refused_by_database(lambda: RecordVersion.objects.update(decision="1/QĐ-BTP"))
    refused_by_database(lambda: RecordVersion.objects.all().delete())
    refused_by_database(lambda: Import.objects.update(read=9))
    refused_by_database(lambda: Import.objects.all()._raw_delete("default"))

    def delete_record() -> None:
        Record.objects.all()._raw_delete("default")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused_by_database(delete_record)
    assert RecordVersion.objects.count() == 3


@pytest.mark.parametrize(
    "values",
    [{"code": "1.1"}, {"code": "x.000001"}, {"name": ""}, {"standing": "sure"}],
    ids=lambda values: next(iter(values)),
)
def test_the_database_knows_the_shape_of_a_record(values: dict[str, str]) -> None:
    whole = {"code": CODES[0], "name": "Tên", "standing": "announced"} | values
    refused_by_database(lambda: Record.objects.create(**whole))


def test_changes_of_records_are_in_the_audit_trail() -> None:
    take_in(three(), now=NOW)
    take_in([national(CODES[0], name="Tên mới"), *three()[1:]], now=LATER)
    entry = AuditEntry.objects.get(entity="catalogue_record", action="update")
    assert (entry.entity_id, entry.changes) == (CODES[0], {"name": [f"Thủ tục mẫu số {CODES[0]}", "Tên mới"]})


# ---- algebra ---------------------------------------------------------------------------------------

LIBRARY = st.dictionaries(st.sampled_from(CODES), st.sampled_from(["A", "B", "C"]), min_size=1)


def rows_of(library: dict[str, str]) -> list[dict[str, Any]]:
    return [national(code, name=name, decision="1/QĐ-BTP") for code, name in library.items()]


def state() -> dict[str, tuple[str, bool]]:
    return {record.code: (record.name, record.listed) for record in Record.objects.all()}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=LIBRARY, second=LIBRARY)
def test_there_and_back_again(first: dict[str, str], second: dict[str, str]) -> None:
    """A, then B, then A: what is listed is A, nothing is lost, and each change back is one version more."""
    with transaction.atomic():
        take_in(rows_of(first), now=NOW)
        take_in(rows_of(second), now=LATER)
        between = state()
        take_in(rows_of(first), now=LATER + timedelta(days=1))
        after = state()
        assert {code: name for code, (name, listed) in between.items() if listed} == second
        assert {code: name for code, (name, listed) in after.items() if listed} == first
        assert set(after) == set(first) | set(second)
        both = set(first) & set(second)
        differ = sum(first[code] != second[code] for code in both)
        assert RecordVersion.objects.count() == len(set(first) | set(second)) + 2 * differ
        transaction.set_rollback(True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(library=LIBRARY, parts=st.permutations(CODES))
def test_parts_in_any_order_make_the_whole(library: dict[str, str], parts: list[str]) -> None:
    with transaction.atomic():
        for code in parts:
            if code in library:
                take_in(rows_of({code: library[code]}), now=NOW, partial=True)
        assert take_in(rows_of(library), now=LATER).empty
        transaction.set_rollback(True)


def test_contents_are_equal_however_the_keys_stand() -> None:
    take_in(three(), now=NOW)
    turned = [dict(reversed(row.items())) for row in three()]
    assert json.dumps(turned) != json.dumps(three())
    assert take_in(turned, now=LATER).empty
