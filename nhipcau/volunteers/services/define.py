"""Qualifications that a province, or the whole country, adds to the shipped ones."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import NATION
from nhipcau.core.text import fold
from nhipcau.teams.access import MemberActor
from nhipcau.teams.enums import Permission
from nhipcau.volunteers.models import Qualification
from nhipcau.volunteers.queries import edges
from nhipcau.volunteers.rules import check_includes


class UnableToDefine(UnableTo):
    """The qualification cannot be added or changed by this member, or in this way."""

    code = "volunteers.unable_to_define"


@dataclass(frozen=True, slots=True)
class Definition:
    """What is said of a qualification: its names, what it includes, and what it asks for."""

    name_vi: str
    name_en: str
    name_th: str = ""
    includes: tuple[str, ...] = ()
    needs_evidence: bool = True
    lasts_months: int | None = None
    active: bool = True


def _check_place(by: MemberActor, unit_code: str) -> None:
    if not by.scope(Permission.VOLUNTEERS_DEFINE).covers_unit(unit_code):
        raise UnableToDefine(_("You cannot add qualifications for this place."))


def _write(found: Qualification, definition: Definition) -> None:
    """All rows are locked, so that two changes at once cannot close a circle."""
    every = {row.code: row for row in Qualification.objects.select_for_update().order_by("code")}
    _check_included(found.unit_code, [every.get(code) for code in definition.includes])
    check_includes(found.code, definition.includes, edges())
    found.name_vi, found.name_en = definition.name_vi.strip(), definition.name_en.strip()
    found.name_th = definition.name_th.strip()
    found.needs_evidence, found.lasts_months = definition.needs_evidence, definition.lasts_months
    found.active = definition.active
    if not found.name_vi or not found.name_en:
        raise UnableToDefine(_("Give it a name in Vietnamese and in English."))
    found.save()
    found.includes.set([every[code] for code in definition.includes])


def _check_included(unit_code: str, included: Collection[Qualification | None]) -> None:
    if any(row is None or row.unit_code not in (NATION, unit_code) for row in included):
        raise UnableToDefine(_("It can include only what is used in the same place."))


def define_qualification(
    *, by: MemberActor, now: datetime, unit_code: str, definition: Definition
) -> Qualification:
    """A new qualification of a province or of the whole country (`VN`); its code is made of its name."""
    with unit_of_work(by=by, now=now):
        _check_place(by, unit_code)
        stem = re.sub(r"[^a-z0-9]+", "_", fold(definition.name_en)).strip("_")[:30] or "skill"
        found = Qualification(code=f"p{unit_code.lower()}_{stem}", unit_code=unit_code)
        if Qualification.objects.filter(pk=found.code).exists():
            raise UnableToDefine(_("There is a qualification of this name already."))
        try:
            with transaction.atomic():
                _write(found, definition)
        except IntegrityError as error:
            raise UnableToDefine(_("There is a qualification of this name already.")) from error
        return found


def change_qualification(
    *, by: MemberActor, now: datetime, code: str, definition: Definition
) -> Qualification:
    """Changes what is said of it. What ships with the product keeps its names; it may be offered or not."""
    with unit_of_work(by=by, now=now):
        found = Qualification.objects.select_for_update().get(pk=code)
        _check_place(by, found.unit_code)
        if is_shipped(found):
            found.active = definition.active
            found.save(update_fields=["active"])
        else:
            _write(found, definition)
        return found


def is_shipped(found: Qualification) -> bool:
    """Whether it came with the product."""
    return not found.code.startswith(f"p{found.unit_code.lower()}_")
