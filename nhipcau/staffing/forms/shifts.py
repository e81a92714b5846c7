"""Checks what leaders type about the shifts of a period, one shift, and closures."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.core.choices import set_choices
from nhipcau.core.fields import day_after, day_field, time_field
from nhipcau.places.models import ServicePoint
from nhipcau.shifts.enums import ClosureReason, Reason
from nhipcau.shifts.models import Post

# Why a whole shift is called off; the other reasons are those of one person.
CALL_OFF_REASONS = (
    Reason.NO_LONGER_NEEDED,
    Reason.WEATHER,
    Reason.POST_CLOSED,
    Reason.ROSTER_CHANGED,
    Reason.OTHER,
)


class PeriodForm(forms.Form):
    """For which days and posts shifts are made."""

    first = day_field(_("First day"))
    length = forms.TypedChoiceField(
        label=_("How long"),
        choices=[
            ("7", _("One week")),
            ("14", _("Two weeks")),
            ("28", _("Four weeks")),
            ("31", _("One month")),
        ],
        coerce=int,
        initial="14",
        widget=forms.RadioSelect,
    )
    posts = forms.MultipleChoiceField(
        label=_("Posts"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one post.")},
    )

    def __init__(self, *args: Any, posts: Iterable[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "posts", [(str(post.pk), post.name) for post in posts])

    @property
    def end(self) -> date:
        """The first day after the period; a month ends where the next begins."""
        first: date = self.cleaned_data["first"]
        if self.cleaned_data["length"] != 31:
            return first + timedelta(days=self.cleaned_data["length"])
        year, month = first.year + first.month // 12, first.month % 12 + 1
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        return date(year, month, min(first.day, last))


class MoveForm(forms.Form):
    """Other times of a shift."""

    starts = time_field(pgettext_lazy("time of day", "From"))
    ends = time_field(pgettext_lazy("time of day", "Until"))
    note = forms.CharField(
        label=_("Note for those who come"),
        help_text=_("Everybody on the shift sees it."),
        required=False,
        max_length=300,
    )


class CallOffForm(forms.Form):
    """Why a shift does not take place."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(reason.value, reason.label) for reason in CALL_OFF_REASONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )


WHOLE = "commune"


class ClosureForm(forms.Form):
    """Where, when and why it is closed."""

    place = forms.ChoiceField(label=_("What is closed"))
    reason = forms.ChoiceField(label=_("Reason"), choices=ClosureReason.choices)
    starts_on = day_field(_("First day closed"))
    last_day = day_field(_("Last day closed"))

    def __init__(self, *args: Any, points: Iterable[ServicePoint], commune: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = {str(point.pk): point for point in points}
        whole = (WHOLE, _("All of %(commune)s") % {"commune": commune})
        set_choices(self, "place", [whole, *((key, point.name) for key, point in self.points.items())])

    @property
    def point(self) -> ServicePoint | None:
        """The point that is closed, or None for the whole commune."""
        return self.points.get(self.cleaned_data["place"])

    @property
    def ends_on(self) -> date:
        """The first day it is open again."""
        found = day_after(self.cleaned_data["last_day"])
        assert found is not None  # the field is required
        return found


class ReopenForm(forms.Form):
    """From when it is open again."""

    opens_on = day_field(_("Open again on"))
