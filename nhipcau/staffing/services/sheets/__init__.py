"""Shifts as a table: what goes out comes in again as it is, and what was changed in it is changed."""

from nhipcau.staffing.services.sheets.columns import SHIFT_COLUMNS as SHIFT_COLUMNS
from nhipcau.staffing.services.sheets.columns import exported as exported
from nhipcau.staffing.services.sheets.columns import titles as titles
from nhipcau.staffing.services.sheets.importing import Imported as Imported
from nhipcau.staffing.services.sheets.importing import UnableToImport as UnableToImport
from nhipcau.staffing.services.sheets.importing import import_shifts as import_shifts
