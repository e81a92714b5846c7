"""Everything that changes places: the shipped reference data, kinds on their day, service points, hours."""

from nhipcau.places.services.points import (
    UnableToSavePoint,
    add_service_point,
    close_service_point,
    edit_service_point,
    set_opening_hours,
)
from nhipcau.places.services.reference import load_reference_data, refresh_kinds

__all__ = [
    "UnableToSavePoint",
    "add_service_point",
    "close_service_point",
    "edit_service_point",
    "load_reference_data",
    "refresh_kinds",
    "set_opening_hours",
]
