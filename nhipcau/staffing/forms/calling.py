"""Checks what leaders type when they put people on, take them off, or call them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.shifts.enums import Reason
from nhipcau.signups.services import LONGEST_NOTE

# Why one person cannot come; the other reasons are those of a whole shift.
OWN_REASONS = (
    Reason.ILL, Reason.FAMILY, Reason.WORK, Reason.SCHOOL, Reason.WEATHER, Reason.MISTAKE, Reason.OTHER,
)  # fmt: skip
LEADER_REASONS = (*OWN_REASONS, Reason.ROSTER_CHANGED, Reason.NO_LONGER_NEEDED, Reason.LEFT_TEAM)
GIVE_UP = "give_up"


def _reasons(reasons: Iterable[Reason]) -> list[tuple[str, Any]]:
    return [(reason.value, reason.label) for reason in reasons]


class CancelForm(forms.Form):
    """Why the leader takes somebody off the shift."""

    reason = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect, choices=_reasons(LEADER_REASONS))
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
