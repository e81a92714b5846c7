"""Loads the shipped units, their dated kinds and what they were formed from into the database."""

from datetime import date, datetime
from pathlib import Path

from django.db.models import Q

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.text import fold
from nhipcau.places.convert.tables import FOLDER, Tables, digest, read_tables
from nhipcau.places.enums import KIND_WORDS, Level
from nhipcau.places.models import FormerUnit, LoadedData, Succession, Unit, UnitKind

STAMP = "units"
BATCH = 2000
# The loader's own version: raise it when the same tables should be loaded differently.
VERSION = "1"


def load_reference_data(*, now: datetime, folder: Path = FOLDER) -> bool:
    """Brings the shipped tables into the database; False when they were already there.

    Service points, hours and kinds of a later day than the tables know stay as they are. Safe to run at every
    start and at the same time on several nodes.
    """
    stamp = f"{VERSION}-{digest(folder)[:60]}"
    with unit_of_work(by=None, now=now):
        # The row is made first, so that a second node waits here instead of loading as well.
        LoadedData.objects.get_or_create(name=STAMP, defaults={"digest": "", "loaded_at": now})
        loaded = LoadedData.objects.select_for_update().get(name=STAMP)
        if loaded.digest == stamp:
            refresh_kinds(day=local_date(now))
            return False
        tables = read_tables(folder)
        _load_units(tables)
        _load_kinds(tables)
        _load_former(tables)
        refresh_kinds(day=local_date(now))
        LoadedData.objects.filter(name=STAMP).update(digest=stamp, loaded_at=now)
    return True


def refresh_kinds(*, day: date) -> int:
    """Sets each unit's `kind` to the one in force on that day; returns how many changed."""
    current = UnitKind.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day
    )
    stale = []
    kinds = dict(current.values_list("unit_id", "kind"))
    for unit in Unit.objects.only("code", "kind"):
        if kinds.get(unit.code, unit.kind) != unit.kind:
            unit.kind = kinds[unit.code]
            stale.append(unit)
    Unit.objects.bulk_update(stale, ["kind"], batch_size=BATCH)
    return len(stale)


def _load_units(tables: Tables) -> None:
    latest_first = sorted(tables["unit_kinds"], key=lambda row: row["valid_from"], reverse=True)
    first = {row["unit_code"]: row for row in latest_first}
    provinces = [_unit(row, first[row["code"]], Level.PROVINCE, None) for row in tables["provinces"]]
    communes = [
        _unit(row, first[row["code"]], Level.COMMUNE, row["province_code"]) for row in tables["communes"]
    ]
    for units in (provinces, communes):
        Unit.objects.bulk_create(
            units,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "parent", "latitude", "longitude", "search_key", "valid_from", "source"],
        )


def _unit(row: dict[str, str], kind: dict[str, str], level: Level, parent: str | None) -> Unit:
    return Unit(
        code=row["code"],
        level=level,
        name=row["name"],
        kind=kind["kind"],
        parent_id=parent,
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        search_key=fold(row["name"]),
        valid_from=date.fromisoformat(kind["valid_from"]),
        source=kind["source"],
    )


def _load_kinds(tables: Tables) -> None:
    """Kinds of the tables replace their own earlier version; a later period that they do not know stays."""
    shipped = {(row["unit_code"], date.fromisoformat(row["valid_from"])) for row in tables["unit_kinds"]}
    known = UnitKind.objects.order_by("-valid_from").values_list("unit_id", "valid_from")
    added = {unit: start for unit, start in known if (unit, start) not in shipped}
    kinds = []
    for row in sorted(tables["unit_kinds"], key=lambda row: (row["valid_from"], row["unit_code"])):
        end = date.fromisoformat(row["valid_until"]) if row["valid_until"] else added.get(row["unit_code"])
        start = date.fromisoformat(row["valid_from"])
        kinds.append(
            UnitKind(
                unit_id=row["unit_code"],
                kind=row["kind"],
                valid_from=start,
                valid_until=end,
                source=row["source"],
            )
        )
    UnitKind.objects.bulk_create(
        kinds,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["unit", "valid_from"],
        update_fields=["kind", "valid_until", "source"],
    )


def _load_former(tables: Tables) -> None:
    Succession.objects.all().delete()
    FormerUnit.objects.all().delete()
    districts = {row["code"]: row for row in tables["former_districts"]}
    provinces = {row["code"]: row for row in tables["former_provinces"]}
    former = []
    for row in tables["former_units"]:
        district = districts[row["district_code"]]
        province = provinces[district["province_code"]]
        former.append(
            FormerUnit(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                district_code=district["code"],
                district=f"{KIND_WORDS[district['kind']]} {district['name']}",
                province_code=province["code"],
                province=f"{KIND_WORDS[province['kind']]} {province['name']}",
                search_key=fold(row["name"]),
            )
        )
    FormerUnit.objects.bulk_create(former, batch_size=BATCH)
    ranks: dict[str, int] = {}
    links = []
    for row in tables["successions"]:
        rank = ranks.get(row["former_code"], 0)
        ranks[row["former_code"]] = rank + 1
        links.append(
            Succession(
                former_id=row["former_code"],
                unit_id=row["unit_code"],
                share=row["share"],
                rank=rank,
                source=row["source"],
            )
        )
    Succession.objects.bulk_create(links, batch_size=BATCH)
