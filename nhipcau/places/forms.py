"""Checks what people typed about service points and their opening hours."""

import re
from collections.abc import Iterable
from datetime import time
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.places.enums import PointKind, Weekday
from nhipcau.places.models import PHONE, ServicePoint
from nhipcau.places.rules import Span

_DASHES = re.compile(r"\s*(?:-|–|—|đến|to|ถึง)\s*")
_TIME = re.compile(r"^(\d{1,2})(?:\s*(?:[:.hg]|giờ)\s*(\d{2})?)?\Z", re.IGNORECASE)
ZALO_HOST = "zalo.me"


class PointForm(forms.Form):
    """What people are told of a service point."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PointKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=120)
    address = forms.CharField(
        label=_("Address"),
        help_text=_("House number, street or hamlet, as a visitor would look for it."),
        required=False,
        max_length=200,
    )
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("The number of the office. It is shown to everybody."),
        required=False,
        max_length=20,
        validators=[PHONE],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    zalo_url = forms.URLField(
        label=_("Zalo page"),
        help_text=_("Begins with https://zalo.me/"),
        required=False,
        assume_scheme="https",
    )

    @classmethod
    def of(cls, point: ServicePoint) -> "PointForm":
        """The form filled with what is known."""
        names = ("kind", "name", "address", "phone", "zalo_url")
        return cls(initial={name: getattr(point, name) for name in names})

    def clean_zalo_url(self) -> str:
        value: str = self.cleaned_data["zalo_url"]
        parts = urlsplit(value)
        if value and (parts.scheme != "https" or parts.hostname != ZALO_HOST):
            raise forms.ValidationError(_("A Zalo page begins with https://zalo.me/"))
        return value


class NewPointForm(PointForm):
    """A new point needs its commune too."""

    commune = forms.CharField(
        label=_("Code of the commune"),
        help_text=_("Five digits, as on the page of the commune."),
        max_length=5,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    field_order = ("commune", "kind", "name", "address", "phone", "zalo_url")


class HoursForm(forms.Form):
    """One line for each day: "7:00-11:30, 13:30-17:00"; empty means closed."""

    def __init__(self, *args: Any, spans: Iterable[Span] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = {day: [span for span in spans if span.weekday == day] for day in Weekday.values}
        for day in Weekday:
            self.fields[f"day_{day.value}"] = forms.CharField(
                label=day.label,
                required=False,
                max_length=80,
                initial=", ".join(f"{span.opens:%H:%M}–{span.closes:%H:%M}" for span in lines[day.value]),
                widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
            )

    mark_optional = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for day in Weekday:
            name = f"day_{day.value}"
            try:
                values[name] = read_hours(values.get(name, ""), day.value)
            except ValueError:
                self.add_error(name, _("Write it like 7:00–11:30, 13:30–17:00, or leave it empty."))
        return values

    @property
    def spans(self) -> list[Span]:
        """All hours of the week; only of a valid form."""
        return [span for day in Weekday for span in self.cleaned_data[f"day_{day.value}"]]


class CloseForm(forms.Form):
    """When a point closes for good."""

    closed_from = forms.DateField(
        label=_("Closed from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def read_hours(text: str, weekday: int) -> list[Span]:
    """The stretches of one day; raises ValueError for what is no time, or in the wrong order."""
    spans: list[Span] = []
    for part in re.split(r"[,;]", text):
        if not part.strip():
            continue
        ends = _DASHES.split(part.strip())
        if len(ends) != 2:
            raise ValueError(part)
        opens, closes = (_read_time(end) for end in ends)
        if opens >= closes or (spans and spans[-1].closes > opens):
            raise ValueError(part)
        spans.append(Span(weekday, opens, closes))
    return spans


def _read_time(text: str) -> time:
    found = _TIME.match(text.strip())
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2] or 0))
