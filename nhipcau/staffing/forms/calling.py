"""Checks what leaders type when they put people on, take them off, or call them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.shifts.enums import LEADER_REASONS
from nhipcau.signups.services import LONGEST_NOTE


class CancelForm(forms.Form):
    """Why the leader takes somebody off the shift."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        widget=forms.RadioSelect,
        choices=[(reason.value, reason.label) for reason in LEADER_REASONS],
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Nothing about health, no numbers of papers."),
        max_length=LONGEST_NOTE,
        required=False,
    )


class PutOnForm(forms.Form):
    """Whom the leader puts on; with a note soft rules are passed over."""

    member = forms.UUIDField()
    note = forms.CharField(label=_("Why is the rule passed over?"), max_length=LONGEST_NOTE, required=False)


class AskForm(forms.Form):
    """Whom the leader asks, and for whom they would stand in."""

    member = forms.UUIDField()
    instead_of = forms.UUIDField(required=False)
