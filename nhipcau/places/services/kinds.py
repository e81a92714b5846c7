"""A unit changes its kind: a commune becomes a ward, a province a city. The old kind keeps its dates."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.places.enums import COMMUNE_KINDS, PROVINCE_KINDS, Kind
from nhipcau.places.models import Unit, UnitKind
from nhipcau.places.rules import check_change_units
from nhipcau.places.services.reference import refresh_kinds


class UnableToChangeKind(UnableTo):
    """The change does not fit what is known of the unit."""

    code = "places.unable_to_change_kind"


def change_unit_kind(
    *, by: Actor | None, now: datetime, code: str, kind: Kind, valid_from: date, source: str
) -> UnitKind:
    """From that day the unit is of another kind; `source` names the decision. The code stays."""
    check_change_units(by)
    if not source.strip():
        raise UnableToChangeKind(_("Name the decision that makes the change."))
    with unit_of_work(by=by, now=now):
        unit = Unit.objects.select_for_update().filter(code=code).first()
        if unit is None:
            raise UnableToChangeKind(_("There is no unit with this code."))
        if kind not in (PROVINCE_KINDS if unit.is_province else COMMUNE_KINDS):
            raise UnableToChangeKind(_("A unit of this size cannot be of this kind."))
        latest = UnitKind.objects.filter(unit=unit).order_by("-valid_from").first()
        if latest is not None and (latest.valid_from >= valid_from or latest.valid_until is not None):
            raise UnableToChangeKind(_("A later change of this unit is already known."))
        if latest is not None:
            UnitKind.objects.filter(pk=latest.pk).update(valid_until=valid_from)
        made = UnitKind.objects.create(unit=unit, kind=kind, valid_from=valid_from, source=source.strip())
        refresh_kinds(day=local_date(now))
    return made
