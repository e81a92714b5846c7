"""Checks what members choose: which kinds by which channel, quiet hours, how many a day, an address."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core.choices import set_choices
from nhipcau.messaging.enums import HIGHEST_CEILING, Channel, Kind
from nhipcau.messaging.rules import Wishes, can_decline

_TIME = {"type": "time", "class": "nc-w-short"}


class WishesForm(forms.Form):
    """What a member wants to be told, where and when. A ticked kind is wanted."""

    in_app = forms.MultipleChoiceField(
        label=_("On this site"),
        help_text=_("What concerns your own shifts and your account is always shown here."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    email = forms.MultipleChoiceField(
        label=_("By e-mail"), required=False, widget=forms.CheckboxSelectMultiple
    )
    web_push = forms.MultipleChoiceField(
        label=_("As a notice on my phone or computer"), required=False, widget=forms.CheckboxSelectMultiple
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"),
        help_text=_("In these hours nothing is sent to your phone or your mail. It comes in the morning."),
        widget=forms.TimeInput(attrs=_TIME, format="%H:%M"),
        input_formats=["%H:%M", "%H:%M:%S"],
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        widget=forms.TimeInput(attrs=_TIME, format="%H:%M"),
        input_formats=["%H:%M", "%H:%M:%S"],
    )
    urgent_at_night = forms.BooleanField(
        label=_("Urgent messages may come in the quiet hours"), required=False
    )
    daily_ceiling = forms.IntegerField(
        label=_("At most so many messages a day to my phone and mail"),
        help_text=_("More than that wait until the next day. Urgent ones are sent all the same."),
        min_value=1,
        max_value=HIGHEST_CEILING,
        widget=forms.NumberInput(attrs={"class": "nc-w-short"}),
    )

    def __init__(self, *args: Any, channels: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mark_optional = False
        self.shown = (Channel.IN_APP.value, *channels)
        for channel in Channel.values:
            if channel not in self.shown:
                del self.fields[channel]
                continue
            kinds = [(kind.value, kind.label) for kind in Kind if can_decline(kind, channel)]
            set_choices(self, channel, kinds)

    @classmethod
    def of(
        cls, wishes: Wishes, declined: Collection[tuple[str, str]], *, channels: Iterable[str]
    ) -> "WishesForm":
        """The form filled with what holds now."""
        wanted = {
            channel: [kind for kind in Kind.values if (kind, channel) not in declined]
            for channel in Channel.values
        }
        times = {name: getattr(wishes, name) for name in ("quiet_from", "quiet_until", "urgent_at_night")}
        initial = {**wanted, **times, "daily_ceiling": wishes.daily_ceiling}
        return cls(initial=initial, channels=channels)

    @property
    def wishes(self) -> Wishes:
        """When the member wants peace."""
        data = self.cleaned_data
        return Wishes(data["quiet_from"], data["quiet_until"], data["urgent_at_night"], data["daily_ceiling"])

    def declined(self, before: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """What was not ticked; of a channel the form does not show, what was declined before."""
        kept = {(kind, channel) for kind, channel in before if channel not in self.shown}
        return kept | {
            (kind, channel)
            for channel in self.shown
            for kind in Kind.values
            if can_decline(kind, channel) and kind not in self.cleaned_data[channel]
        }


class EmailForm(forms.Form):
    """An address to be confirmed. What counts as one, the service says."""

    email = forms.CharField(
        label=_("My e-mail address"),
        help_text=_("Kept encrypted. We send a code there to make sure that it is yours."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CodeForm(forms.Form):
    """The code from the mail."""

    code = forms.CharField(
        label=_("Code from the mail"),
        help_text=_("For example 7K3M-9QX4. Look into the spam folder too."),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "nc-w-medium"}),
    )
