"""Checks what was typed on the sheet of a shift, and about periods and reasons."""

from nhipcau.attendance.forms.periods import NO_SUCH_CODE, CodeForm, PeriodForm, ReasonForm
from nhipcau.attendance.forms.sheets import CorrectForm, LineForm, SheetForm, lines_of

__all__ = [
    "NO_SUCH_CODE", "CodeForm", "CorrectForm", "LineForm", "PeriodForm", "ReasonForm", "SheetForm",
    "lines_of",
]  # fmt: skip
