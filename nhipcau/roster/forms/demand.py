"""Checks the numbers of visitors typed for a week, and how many one person serves."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.roster.models import VisitorCount
from nhipcau.roster.queries.demand import PARTS
from nhipcau.roster.rules.demand import MOST_VISITORS, USUAL_PER_PERSON, HalfDay


class CountsForm(forms.Form):
    """Visitors of a week, one number for each half-day; empty means: nobody counted."""

    mark_optional = False  # every number may be missing

    def __init__(
        self, *args: Any, days: Iterable[date], known: Mapping[HalfDay, VisitorCount], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys: dict[str, HalfDay] = {}
        for day in days:
            for part in PARTS:
                name = f"{day:%Y-%m-%d}-{part.value}"
                row = known.get((day, part))
                self.keys[name] = (day, part)
                self.fields[name] = forms.IntegerField(
                    label=part.label,
                    min_value=0,
                    max_value=MOST_VISITORS,
                    required=False,
                    initial=row.visitors if row else None,
                    widget=forms.NumberInput(attrs={"class": "nc-w-small"}),
                )

    @property
    def by_day(self) -> list[tuple[date, list[forms.BoundField]]]:
        """The fields of each day, in order."""
        found: dict[date, list[forms.BoundField]] = {}
        for name, (day, _part) in self.keys.items():
            found.setdefault(day, []).append(self[name])
        return list(found.items())

    @property
    def counts(self) -> dict[HalfDay, int | None]:
        """What was typed, for the service."""
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}


class PerPersonForm(forms.Form):
    """How many visitors one volunteer serves in half a day."""

    per = forms.IntegerField(
        label=_("Visitors one person can help in half a day"),
        min_value=1,
        max_value=200,
        initial=USUAL_PER_PERSON,
    )

    @property
    def per_person(self) -> int:
        """What was typed, or the usual number."""
        return int(self.cleaned_data["per"]) if self.is_valid() else USUAL_PER_PERSON
