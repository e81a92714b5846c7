"""The sheet of a shift: one small form for each person, and one for a correction."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.enums import AttendanceState, Came, Method
from nhipcau.attendance.queries.shifts import attendance_of
from nhipcau.attendance.services import MARGIN, Line
from nhipcau.citizens.queries import check_no_long_number
from nhipcau.core.clock import VIETNAM
from nhipcau.core.errors import UnableTo
from nhipcau.shifts.enums import Reason
from nhipcau.signups.enums import EXPECTED, SignUpState
from nhipcau.signups.models import SignUp

_TIMES = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H.%M", "%Hh"]
_WRITTEN = {SignUpState.NO_SHOW.value: Came.DID_NOT_COME, SignUpState.EXCUSED.value: Came.EXCUSED}
# Why a person could not come; the others speak of plans.
EXCUSES = (Reason.ILL, Reason.FAMILY, Reason.WORK, Reason.SCHOOL, Reason.WEATHER, Reason.OTHER)


def _time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time", "class": "nc-w-short"}, format="%H:%M")


def _to_the_minute(moment: datetime) -> time:
    """As a page shows it: what was not touched counts as unchanged."""
    return localtime(moment).time().replace(second=0, microsecond=0)


class LineForm(forms.Form):
    """What is said of one person. Times are never filled in from the plan."""

    mark_optional = False
    came = forms.ChoiceField(label=_("What happened?"), choices=Came.choices, required=False)
    came_at = forms.TimeField(label=_("Came at"), required=False, widget=_time_input(), input_formats=_TIMES)
    left_at = forms.TimeField(label=_("Left at"), required=False, widget=_time_input(), input_formats=_TIMES)
    reason = forms.ChoiceField(
        label=_("If they told us: why?"),
        choices=[("", "–"), *((value.value, value.label) for value in EXCUSES)],
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, sign_up: SignUp) -> None:
        self.sign_up = sign_up
        self.attendance = attendance_of(sign_up)
        came = self.attendance is not None and self.attendance.state != AttendanceState.UNDONE
        initial = {}
        if came and self.attendance is not None:
            initial = {"came": Came.CAME, "came_at": _to_the_minute(self.attendance.checked_in_at)}
        super().__init__(data, prefix=str(sign_up.pk), initial=initial)
        here = came and self.attendance is not None and not self.attendance.is_measured
        self.is_open = here or sign_up.state in EXPECTED

    @property
    def is_filled(self) -> bool:
        """Whether something was said. Who is at the post and was not touched is left alone: nobody need know
        yet when they leave."""
        return bool(self.data.get(self.add_prefix("came"))) and self.has_changed()

    @property
    def is_overtaken(self) -> bool:
        """Whether something else was written of this person while the page was open."""
        return self.is_bound and not self.is_open and self.is_filled and not self._repeats()

    def _repeats(self) -> bool:
        """The same page sent twice says what is written already."""
        if not self.is_valid():
            return False
        said, row = self.line(), self.attendance
        if said.came != Came.CAME:
            same = said.reason in ("", self.sign_up.reason)
            return same and _WRITTEN.get(self.sign_up.state) == said.came
        return row is not None and (said.came_at, said.left_at) == (row.checked_in_at, row.checked_out_at)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        came = cleaned.get("came")
        if came == Came.CAME and not cleaned.get("came_at") and "came_at" not in self.errors:
            self.add_error("came_at", _("Write when this person came."))
        if came == Came.EXCUSED and not cleaned.get("reason"):
            self.add_error("reason", _("Choose why this person could not come."))
        if came != Came.CAME and cleaned.get("left_at"):
            self.add_error("came", _("There is a time, but not that this person came."))
        return cleaned

    def line(self, why: str = "") -> Line:
        """The line for the service, with the times on the day of the shift."""
        return Line(
            sign_up=self.sign_up.pk,
            came=self.cleaned_data["came"],
            came_at=self._moment("came_at"),
            left_at=self._moment("left_at"),
            reason=self.cleaned_data["reason"] if self.cleaned_data["came"] == Came.EXCUSED else "",
            why=why,
        )

    def _moment(self, name: str) -> datetime | None:
        found: time | None = self.cleaned_data[name]
        if found is None:
            return None
        was = self.attendance and {
            "came_at": self.attendance.checked_in_at,
            "left_at": self.attendance.checked_out_at,
        }.get(name)
        # The page shows minutes: an untouched time keeps its seconds.
        if was and _to_the_minute(was) == found:
            return was
        typed = datetime.combine(self.sign_up.shift.day, found, tzinfo=VIETNAM)
        # An evening ends after midnight; somebody may come then too.
        return typed + timedelta(days=1) if typed < self.sign_up.starts_at - MARGIN else typed


class SheetForm(forms.Form):
    """How the leader knows what the sheet says."""

    method = forms.ChoiceField(
        label=_("How do you know?"),
        choices=[
            (Method.LEADER.value, _("I saw it")),
            (Method.PAPER.value, _("From the paper sheet that people signed")),
        ],
        initial=Method.LEADER.value,
        widget=forms.RadioSelect,
    )


def lines_of(sign_ups: Iterable[SignUp], data: QueryDict | None = None) -> list[LineForm]:
    """A form for each person; those already decided have one too, which is not shown."""
    return [LineForm(data, sign_up=row) for row in sign_ups]


class CorrectForm(LineForm):
    """Another truth about one person, with the reason for the change."""

    why = forms.CharField(
        label=_("Why do you change it?"),
        help_text=_("A few words. Nothing about health, no identity numbers, no phone numbers."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, *, sign_up: SignUp) -> None:
        super().__init__(data, sign_up=sign_up)
        if self.attendance is not None and self.attendance.state != AttendanceState.UNDONE:
            self.initial["came"] = Came.CAME
            self.initial["came_at"] = _to_the_minute(self.attendance.checked_in_at)
            left = self.attendance.checked_out_at
            self.initial["left_at"] = _to_the_minute(left) if left else None
        unknown = forms.ChoiceField(
            label=_("What happened?"),
            choices=[*Came.choices[1:], (Came.UNKNOWN.value, _("Take it back: nothing is said yet"))],
            required=False,
        )
        self.fields["came"] = unknown

    def clean_why(self) -> str:
        text: str = self.cleaned_data["why"]
        try:
            check_no_long_number(text)
        except UnableTo as error:
            raise forms.ValidationError(str(error)) from error
        return text

    def corrected(self) -> Line:
        """The line with its reason."""
        return self.line(self.cleaned_data["why"])
