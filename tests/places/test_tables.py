"""The shipped tables: complete, linked, and as the decisions of 2025 and 2026 have it."""

from collections import Counter

from nhipcau.places.convert.tables import digest, read_tables

TABLES = read_tables()


def today() -> dict[str, str]:
    return {row["unit_code"]: row["kind"] for row in TABLES["unit_kinds"] if not row["valid_until"]}


def test_counts() -> None:
    assert Counter(today().values()) == {
        "province": 25,
        "city": 9,
        "commune": 2599,
        "ward": 709,
        "special_zone": 13,
    }
    assert len(TABLES["former_units"]) == 10_040
    assert len(TABLES["former_districts"]) == 696
    assert len(TABLES["former_provinces"]) == 63


def test_kinds_changed_during_2026() -> None:
    changed = Counter(row["valid_from"] for row in TABLES["unit_kinds"] if row["valid_from"] > "2025-07-01")
    assert changed == {"2026-04-30": 11, "2026-09-01": 1, "2026-09-20": 13}


def test_every_code_is_text_of_its_length_and_known() -> None:
    provinces = {row["code"] for row in TABLES["provinces"]}
    communes = {row["code"] for row in TABLES["communes"]}
    assert {len(code) for code in provinces} == {2}
    assert {len(code) for code in communes} == {5}
    assert {row["province_code"] for row in TABLES["communes"]} == provinces
    assert today().keys() == provinces | communes


def test_every_former_unit_went_somewhere_and_every_unit_came_from_somewhere() -> None:
    formers = {row["code"] for row in TABLES["former_units"]}
    communes = {row["code"] for row in TABLES["communes"]}
    assert {row["former_code"] for row in TABLES["successions"]} == formers
    assert {row["unit_code"] for row in TABLES["successions"]} == communes


def test_at_most_one_successor_took_all_people_and_stands_first() -> None:
    shares: dict[str, list[str]] = {}
    for row in TABLES["successions"]:
        shares.setdefault(row["former_code"], []).append(row["share"])
    whole = [found for found in shares.values() if "whole_population" in found]
    assert len(whole) == 58
    assert all(found.index("whole_population") == 0 for found in whole)
    assert all(found.count("whole_population") == 1 for found in whole)


def test_every_point_lies_in_vietnam() -> None:
    for row in TABLES["communes"] + TABLES["provinces"]:
        assert 6.0 < float(row["latitude"]) < 23.6
        assert 102.0 < float(row["longitude"]) < 118.0


def test_the_digest_is_stable() -> None:
    assert digest() == digest()
