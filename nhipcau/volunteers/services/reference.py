"""Loads the shipped qualifications into the database."""

import csv
from datetime import datetime
from pathlib import Path

from django.conf import settings

from nhipcau.audit.services import unit_of_work
from nhipcau.core.scope import NATION
from nhipcau.volunteers.models import Qualification
from nhipcau.volunteers.rules import check_includes

TABLE: Path = settings.BASE_DIR / "data" / "volunteers" / "qualifications.csv"
FIELDS = ("name_vi", "name_en", "name_th", "needs_evidence", "lasts_months")


def load_qualifications(*, now: datetime, table: Path = TABLE) -> int:
    """Brings the shipped qualifications into the database; how many rows were new or changed.

    What provinces have added stays. Whether one is still offered is decided by people and stays too.
    """
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    includes = {row["code"]: frozenset(filter(None, row["includes"].split("|"))) for row in rows}
    for code, included in includes.items():
        check_includes(code, included, includes)
    with unit_of_work(by=None, now=now):
        changed = {row["code"] for row in rows if _load(row)}
        through = Qualification.includes.through
        shipped = through.objects.filter(from_qualification_id__in=includes)
        pairs = set(shipped.values_list("from_qualification_id", "to_qualification_id"))
        wanted = {(code, other) for code, others in includes.items() for other in others}
        for code in {code for code, _other in pairs ^ wanted}:
            Qualification.objects.get(pk=code).includes.set(includes[code])
            changed.add(code)
    return len(changed)


def _load(row: dict[str, str]) -> bool:
    values = {
        "name_vi": row["name_vi"],
        "name_en": row["name_en"],
        "name_th": row["name_th"],
        "needs_evidence": row["needs_evidence"] == "yes",
        "lasts_months": int(row["lasts_months"]) if row["lasts_months"] else None,
    }
    found, made = Qualification.objects.get_or_create(
        code=row["code"], defaults=values | {"unit_code": NATION}
    )
    if made or all(getattr(found, name) == values[name] for name in FIELDS):
        return made
    for name in FIELDS:
        setattr(found, name, values[name])
    found.save(update_fields=FIELDS)
    return True
