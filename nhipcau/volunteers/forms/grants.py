"""What somebody can do: said, given, approved or not; and what can be said at all."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core.choices import set_choices
from nhipcau.volunteers.forms.people import day_field
from nhipcau.volunteers.models import Qualification


def _evidence(required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("How is it known?"),
        help_text=_(
            "A course and when, a diploma, or who has seen it done. Bring the paper when you are asked."
        ),
        required=required,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ClaimForm(forms.Form):
    """What a member says to be able to do."""

    code = forms.ChoiceField(label=_("Which skill?"), widget=forms.RadioSelect)
    evidence = _evidence(required=False)

    def __init__(self, *args: Any, offered: Iterable[Qualification], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "code", [(row.code, row.name) for row in offered])


class GiveForm(ClaimForm):
    """What who leads the place knows of a member."""

    evidence = _evidence(required=True)
    valid_from = day_field(_("Counts from"))
    valid_until = day_field(
        _("Counts until"), required=False, help_text=_("Leave empty for the usual length, or no end.")
    )


class ApproveForm(forms.Form):
    """From when until when it counts."""

    valid_from = day_field(_("Counts from"))
    valid_until = day_field(
        _("Counts until"), required=False, help_text=_("Leave empty for the usual length, or no end.")
    )


class ReasonForm(forms.Form):
    """Why not, in words for the person."""

    reason = forms.CharField(
        label=_("Why not?"),
        help_text=_("The person reads this. Say what is missing and what they can do."),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DefinitionForm(forms.Form):
    """A qualification of a province, or of the whole country."""

    unit_code = forms.ChoiceField(label=_("Where is it used?"))
    name_vi = forms.CharField(label=_("Name in Vietnamese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_th = forms.CharField(label=_("Name in Thai"), max_length=120, required=False)
    includes = forms.MultipleChoiceField(
        label=_("Whoever has it can also do"), required=False, widget=forms.CheckboxSelectMultiple
    )
    needs_evidence = forms.BooleanField(
        label=_("Somebody has to check the evidence"), required=False, initial=True
    )
    lasts_months = forms.IntegerField(
        label=_("Counts for how many months?"),
        help_text=_("Leave empty when it has no end."),
        required=False,
        min_value=1,
        max_value=120,
    )
    active = forms.BooleanField(label=_("It is offered to members"), required=False, initial=True)

    def __init__(
        self, *args: Any, places: Iterable[tuple[str, str]], others: Iterable[Qualification], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "unit_code", [(code, name or _("Whole country")) for code, name in places])
        set_choices(self, "includes", [(row.code, row.name) for row in others])

    @classmethod
    def of(
        cls, found: Qualification, data: Any, *, others: Iterable[Qualification], shipped: bool
    ) -> "DefinitionForm":
        """The form filled with what is known. A shipped one can only be offered or not."""
        names = ("name_vi", "name_en", "name_th", "needs_evidence", "lasts_months", "active")
        initial = {name: getattr(found, name) for name in names}
        initial["includes"] = [row.code for row in found.includes.all()]
        form = cls(data, initial=initial, places=(), others=others)
        form.fields = {
            name: field
            for name, field in form.fields.items()
            if name == "active" or not (shipped or name == "unit_code")
        }
        return form
