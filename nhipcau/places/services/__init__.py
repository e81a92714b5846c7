"""Everything that changes places: the shipped reference data, dated kinds, service points and hours."""

from nhipcau.places.services.kinds import UnableToChangeKind, change_unit_kind
from nhipcau.places.services.points import (
    UnableToSavePoint,
    add_service_point,
    close_service_point,
    edit_service_point,
    set_opening_hours,
)
from nhipcau.places.services.reference import load_reference_data, refresh_kinds

__all__ = [
    "UnableToChangeKind",
    "UnableToSavePoint",
    "add_service_point",
    "change_unit_kind",
    "close_service_point",
    "edit_service_point",
    "load_reference_data",
    "refresh_kinds",
    "set_opening_hours",
]
