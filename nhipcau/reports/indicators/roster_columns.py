"""What a row of the rosters shows when a figure is opened: the place and the numbers, never a person."""

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.models import Attendance
from nhipcau.reports.indicators.columns import Columns
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.signups.models import SignUp


def _of_shift(shift: Shift) -> list[str]:
    start, end = localtime(shift.starts_at), localtime(shift.ends_at)
    return [shift.post.name, f"{start:%H:%M}–{end:%H:%M}"]


def _seats(row: ShiftNeed) -> list[str]:
    return [*_of_shift(row.shift), row.title, str(row.minimum), str(row.taken)]


def _sign_up(row: SignUp) -> list[str]:
    return [*_of_shift(row.shift), row.get_state_display()]


def _hours(row: Attendance) -> list[str]:
    return [*_of_shift(row.shift), str(row.minutes_credited)]


_SHIFT = (_("Post"), _("Time"))
OF_SHIFTS = Columns(_SHIFT, ("post",), _of_shift)
OF_SEATS = Columns((*_SHIFT, _("Role"), _("Needed"), _("On the roster")), ("shift__post",), _seats)
OF_SIGN_UPS = Columns((*_SHIFT, _("State")), ("shift__post",), _sign_up)
OF_HOURS = Columns((*_SHIFT, _("Minutes")), ("shift__post",), _hours)
