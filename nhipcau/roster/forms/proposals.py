"""Checks what leaders wish of a proposed roster, and what they do to one."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core.choices import set_choices
from nhipcau.core.fields import day_after, day_field
from nhipcau.roster.rules.proposals import FORTNIGHT, MONTH, SECONDS
from nhipcau.teams.models import Member


def _seconds_field() -> forms.TypedChoiceField:
    choices = [(str(number), _("%(number)s seconds") % {"number": number}) for number in SECONDS]
    return forms.TypedChoiceField(
        label=_("How long to look for the best answer, at most"), choices=choices, coerce=int, initial="30"
    )


class ProposeForm(forms.Form):
    """For which days a roster is proposed."""

    first = day_field(_("First day"))
    length = forms.TypedChoiceField(
        label=_("How long"),
        choices=[(str(FORTNIGHT), _("Two weeks")), (str(MONTH), _("Four weeks"))],
        coerce=int,
        initial=str(FORTNIGHT),
        widget=forms.RadioSelect,
    )
    seconds = _seconds_field()

    @property
    def end(self) -> date:
        """The first day after the period."""
        first: date = self.cleaned_data["first"]
        return first + timedelta(days=self.cleaned_data["length"])


class MendForm(forms.Form):
    """Somebody is away: who, and on which days."""

    member = forms.ChoiceField(label=_("Who cannot come"))
    first = day_field(_("First day away"))
    last = day_field(_("Last day away"))

    def __init__(self, *args: Any, people: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "member", [("", _("Choose")), *((str(one.pk), one.name) for one in people)])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = values.get("first"), values.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return values

    @property
    def back(self) -> date:
        """The first day they can come again."""
        back = day_after(self.cleaned_data["last"])
        assert back is not None
        return back


class SeenForm(forms.Form):
    """The version of the proposal on the page from which something is done."""

    seen = forms.IntegerField(min_value=1)


class AgainForm(SeenForm):
    """Work it out once more."""

    seconds = _seconds_field()


class PutOnForm(SeenForm):
    """A member on a need of the draft."""

    member = forms.UUIDField()
    need = forms.UUIDField()
    anyway = forms.BooleanField(required=False)


class TakeOffForm(SeenForm):
    """A duty out of the draft; kept off when it is worked out again."""

    duty = forms.UUIDField()
    keep_off = forms.BooleanField(required=False)


class MoveDutyForm(SeenForm):
    """A duty to another need."""

    duty = forms.UUIDField()
    need = forms.UUIDField()


class LockForm(SeenForm):
    """Locks or unlocks: one duty, a day, a member, or all when none is named."""

    locked = forms.BooleanField(required=False)
    duty = forms.UUIDField(required=False)
    day = forms.DateField(required=False)
    member = forms.UUIDField(required=False)
