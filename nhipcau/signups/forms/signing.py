"""Checks what volunteers and leaders press and type about sign-ups."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core.choices import set_choices
from nhipcau.shifts.enums import OWN_REASONS
from nhipcau.signups.enums import StandInMode

GIVE_UP = "give_up"


class TapForm(forms.Form):
    """The tap of a button: its own id, so that it counts once."""

    tap = forms.UUIDField()


class CannotComeForm(forms.Form):
    """Why, and who is asked to come instead."""

    reason = forms.ChoiceField(
        label=_("Why can you not come?"),
        help_text=_("One tap is enough. Nobody asks for details."),
        widget=forms.RadioSelect,
        choices=[(reason.value, reason.label) for reason in OWN_REASONS],
    )
    mode = forms.ChoiceField(
        label=_("Who comes instead?"),
        widget=forms.RadioSelect,
        initial=StandInMode.OPEN.value,
    )
    named = forms.ChoiceField(label=_("Whom do you ask?"), required=False)

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(people)
        ways: list[tuple[str, Any]] = [
            (StandInMode.OPEN.value, _("Ask everybody who may take it")),
            (StandInMode.LEADER.value, _("Let my leader find somebody")),
        ]
        if found:
            ways.insert(1, (StandInMode.NAMED.value, _("Ask one person, named below")))
            set_choices(self, "named", [("", _("Nobody chosen")), *found])
        else:
            del self.fields["named"]
            # With nobody free, asking everybody would ask nobody.
            self.fields["mode"].initial = StandInMode.LEADER.value
        words = _("Give up the place now, at short notice") if late else _("Give up the place now")
        set_choices(self, "mode", [*ways, (GIVE_UP, words)])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mode") == StandInMode.NAMED and not data.get("named"):
            self.add_error("named", _("Choose whom you ask."))
        return data
