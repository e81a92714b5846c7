"""Checks what was typed when planning a class and when counting who came."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.cases.enums import AgeBand, Alone
from nhipcau.core.choices import set_choices
from nhipcau.core.clock import VIETNAM
from nhipcau.core.fields import day_field, time_field
from nhipcau.core.ids import made_at
from nhipcau.learning.models import MOST_PEOPLE, PublicClass
from nhipcau.learning.rules import LONGEST_TEXT, NewAttendee, NewClass
from nhipcau.teams.enums import languages

Choice = tuple[str, Any]
_ELSEWHERE = "elsewhere"
_OTHER_PLACE = pgettext_lazy("place", "elsewhere in the commune")


class ClassForm(forms.Form):
    """What a class is about, when and where it is, who teaches it."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    need = forms.ChoiceField(label=_("What the class is about"))
    title = forms.CharField(
        label=_("Its name, in people's own words"),
        help_text=_("For example: How to use VNeID. No names of people."),
        max_length=LONGEST_TEXT,
        required=False,
    )
    day = day_field(_("Day"))
    starts = time_field(pgettext_lazy("class", "Begins at"))
    ends = time_field(pgettext_lazy("class", "Ends at"))
    point = forms.ChoiceField(label=_("Where"))
    place = forms.CharField(
        label=_("Which place exactly"),
        help_text=_("For example: house of culture, hamlet 3"),
        max_length=LONGEST_TEXT,
        required=False,
    )
    trainers = forms.MultipleChoiceField(
        label=_("Who teaches"), widget=forms.CheckboxSelectMultiple(attrs={"class": "nc-columns"})
    )
    expected = forms.IntegerField(
        label=_("How many people you expect"),
        min_value=0,
        max_value=MOST_PEOPLE,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )

    def __init__(
        self,
        *args: Any,
        needs: Iterable[Choice],
        points: Iterable[Choice],
        trainers: Iterable[Choice],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "need", [("", _("Choose")), *needs])
        set_choices(self, "point", [*points, (_ELSEWHERE, _OTHER_PLACE)])
        set_choices(self, "trainers", trainers)

    def clean(self) -> dict[str, Any] | None:
        """A class ends on the day on which it begins; somewhere it must be."""
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The class must end after it begins."))
        if cleaned.get("point") == _ELSEWHERE and not cleaned.get("place"):
            self.add_error("place", _("Say where the class is."))
        return cleaned

    def plan(self, commune: str) -> NewClass:
        """What was typed, as services take it."""
        cleaned = self.cleaned_data
        kind, _colon, key = cleaned["need"].partition(":")
        return NewClass(
            id=cleaned["id"],
            commune=commune,
            starts_at=datetime.combine(cleaned["day"], cleaned["starts"], tzinfo=VIETNAM),
            ends_at=datetime.combine(cleaned["day"], cleaned["ends"], tzinfo=VIETNAM),
            trainers=tuple(UUID(one) for one in cleaned["trainers"]),
            procedure=key if kind == "procedure" else "",
            topic=key if kind == "topic" else "",
            title=cleaned["title"],
            place=cleaned["place"],
            service_point=None if cleaned["point"] == _ELSEWHERE else UUID(cleaned["point"]),
            expected=cleaned["expected"] or 0,
        )


def values_of(row: PublicClass) -> dict[str, Any]:
    """A class as the form shows it; `teachers` came along with it."""
    starts, ends = row.starts_at.astimezone(VIETNAM), row.ends_at.astimezone(VIETNAM)
    return {
        "id": row.pk,
        "version": row.version,
        "need": f"procedure:{row.procedure_id}" if row.procedure_id else f"topic:{row.topic}",
        "title": row.title,
        "day": row.day,
        "starts": starts.time(),
        "ends": ends.time(),
        "point": str(row.service_point_id or _ELSEWHERE),
        "place": row.place,
        "expected": row.expected or None,
    }


class MadeField(forms.UUIDField):
    """An id made with the page: the same page sent twice counts once, at the moment it was made."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> UUID:
        made: UUID = super().clean(value)
        try:
            made_at(made) + timedelta(days=1)
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("Open the page again.")) from error
        return made


class CountForm(forms.Form):
    """One more person: a big button for each age."""

    id = MadeField()
    age_band = forms.ChoiceField(
        label=_("Age"), choices=AgeBand.choices, error_messages={"required": _("Choose an age group.")}
    )

    def attendee(self) -> NewAttendee:
        """Somebody of that age, counted when the page was made."""
        made: UUID = self.cleaned_data["id"]
        return NewAttendee(id=made, at=made_at(made), age_band=self.cleaned_data["age_band"])


class AboutForm(forms.Form):
    """What is known of the person counted last: nothing of it must be asked."""

    mark_optional = False

    id = MadeField()
    language = forms.ChoiceField(label=_("Language that helped"), required=False)
    alone = forms.ChoiceField(
        label=_("Could the person do it alone at the end?"),
        choices=[("", _("Not asked")), *Alone.choices],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "nc-tiles nc-tiles--pairs"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(row.code, row.name) for row in languages().values()]
        set_choices(self, "language", [("", _("Not noted")), *known])
