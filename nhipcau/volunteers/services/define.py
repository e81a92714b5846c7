"""Qualifications that a province, or the whole country, adds to the shipped ones."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import NATION
from nhipcau.core.text import fold
from nhipcau.teams.access import MemberActor
from nhipcau.teams.enums import Permission
from nhipcau.volunteers.enums import EXPERIENCED
from nhipcau.volunteers.models import Qualification
from nhipcau.volunteers.queries import edges
from nhipcau.volunteers.rules import check_includes

FIELDS: Final = ("name_vi", "name_en", "name_th", "needs_evidence", "lasts_months", "active")


class UnableToDefine(UnableTo):
    """The qualification cannot be added or changed by this member, or in this way."""

    code = "volunteers.unable_to_define"


def _check_place(by: MemberActor, unit_code: str) -> None:
    if not by.scope(Permission.VOLUNTEERS_DEFINE).covers_unit(unit_code):
        raise UnableToDefine(_("You cannot add qualifications for this place."))


def _write(found: Qualification, includes: Collection[str], values: Mapping[str, Any]) -> None:
    """All rows are locked, so that two changes at once cannot close a circle."""
    every = {row.code: row for row in Qualification.objects.select_for_update().order_by("code")}
    _check_included(found.unit_code, [every.get(code) for code in includes])
    check_includes(found.code, includes, edges())
    for name in FIELDS:
        setattr(found, name, values[name])
    if not found.name_vi or not found.name_en:
        raise UnableToDefine(_("Give it a name in Vietnamese and in English."))
    found.save()
    found.includes.set([every[code] for code in includes])


def _check_included(unit_code: str, included: Collection[Qualification | None]) -> None:
    if any(row is None or row.unit_code not in (NATION, unit_code) for row in included):
        raise UnableToDefine(_("It can include only what is used in the same place."))


def define_qualification(
    *, by: MemberActor, now: datetime, unit_code: str, includes: Collection[str] = (), **values: Any
) -> Qualification:
    """A new qualification of a province or of the whole country (`VN`); its code is made of its name.

    `values` are the fields named in `FIELDS`.
    """
    with unit_of_work(by=by, now=now):
        _check_place(by, unit_code)
        stem = re.sub(r"[^a-z0-9]+", "_", fold(values["name_en"])).strip("_")[:30] or "skill"
        found = Qualification(code=f"p{unit_code.lower()}_{stem}", unit_code=unit_code)
        Qualification.objects.select_for_update().filter(pk=EXPERIENCED).first()  # one definition at a time
        if Qualification.objects.filter(pk=found.code).exists():
            raise UnableToDefine(_("There is a qualification of this name already."))
        _write(found, includes, values)
        return found


def change_qualification(
    *, by: MemberActor, now: datetime, code: str, active: bool, includes: Collection[str] = (), **values: Any
) -> Qualification:
    """Changes what is said of it. What ships with the product keeps its names; it may be offered or not."""
    with unit_of_work(by=by, now=now):
        found = Qualification.objects.select_for_update().get(pk=code)
        _check_place(by, found.unit_code)
        if is_shipped(found):
            found.active = active
            found.save(update_fields=["active"])
        else:
            _write(found, includes, {**values, "active": active})
        return found


def is_shipped(found: Qualification) -> bool:
    """Whether it came with the product."""
    return not found.code.startswith(f"p{found.unit_code.lower()}_")
