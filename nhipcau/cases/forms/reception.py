"""What was typed at the reception: what for, how it went, and what is filled in already."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.cases.enums import AgeBand, Alone, Outcome, Papers
from nhipcau.cases.queries import NeedChoice, WorkPlaces, need_choice
from nhipcau.core.choices import set_choices
from nhipcau.teams.enums import languages

MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)
_TILES = {"class": "nc-tiles nc-tiles--pairs"}


def language_choices() -> list[tuple[str, Any]]:
    """The languages that help, and that none was noted."""
    return [("", _("Not noted")), *((row.code, row.name) for row in languages().values())]


class NeedMixin(forms.Form):
    """A need named by `procedure:<slug>` or `topic:<name>`, and a place among those one works in."""

    def set_needs(self, needs: Iterable[NeedChoice]) -> None:
        """Offers these needs; one that was chosen from an earlier list stays choosable."""
        choices = [(need.value, need.label) for need in needs]
        chosen = self.data.get("need", "") if self.is_bound else self.initial.get("need") or ""
        if chosen and chosen not in dict(choices):
            known = need_choice(str(chosen))
            choices += [(known.value, known.label)] if known else []
        set_choices(self, "need", choices)

    def set_places(self, places: WorkPlaces) -> None:
        """Points first, then each commune as a whole (a hamlet, a home, the road)."""
        names = {unit.pk: unit.full_name for unit in places.communes}
        several = len(places.communes) > 1
        points = [
            (
                f"{point.commune_id}:{point.pk}",
                f"{point.name} – {names[point.commune_id]}" if several else point.name,
            )
            for point in places.points
        ]
        elsewhere = pgettext_lazy("place", "elsewhere in the commune")
        communes = [(f"{code}:", f"{name} – {elsewhere}") for code, name in names.items()]
        set_choices(self, "place", [*points, *communes])

    @property
    def chosen_need(self) -> dict[str, Any]:
        """`procedure` or `topic`, as services take it."""
        kind, _colon, key = self.cleaned_data["need"].partition(":")
        return {kind: key}

    @property
    def chosen_place(self) -> dict[str, Any]:
        """`commune` and `service_point`, as services take them."""
        commune, _colon, point = self.cleaned_data["place"].partition(":")
        return {"commune": commune, "service_point": UUID(point) if point else None}


class ReceptionForm(NeedMixin):
    """Three taps: what for, how it went, how much alone. The rest is filled in and can be changed."""

    # What may stay open has an answer that says so.
    mark_optional = False

    id = forms.UUIDField(widget=forms.HiddenInput)
    need = forms.ChoiceField(
        label=_("What did the person need?"),
        widget=forms.RadioSelect(attrs=_TILES),
        error_messages={"required": _("Choose what the person needed.")},
    )
    outcome = forms.ChoiceField(
        label=_("How did it go?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect(attrs=_TILES),
        error_messages={"required": _("Choose how it went.")},
    )
    alone = forms.ChoiceField(
        label=_("How much did the person do alone?"),
        choices=Alone.choices,
        widget=forms.RadioSelect(attrs=_TILES),
        error_messages={"required": _("Choose how much the person did alone.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("Minutes"), choices=[(count, count) for count in MINUTES], coerce=int, initial=15
    )
    place = forms.ChoiceField(label=_("Where"))
    first_time = forms.TypedChoiceField(
        label=_("First time with us?"),
        choices=[("yes", _("Yes, first time")), ("no", _("No, was here before"))],
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    age_band = forms.ChoiceField(label=_("Age"), choices=AgeBand.choices, initial=AgeBand.NOT_SAID)
    language = forms.ChoiceField(label=_("Language that helped"), required=False)
    came_back = forms.ChoiceField(
        label=_("Came back because papers were missing last time?"),
        choices=[("", _("Not asked")), ("yes", _("Yes")), ("no", _("No")), ("unknown", _("Does not know"))],
        widget=forms.RadioSelect(attrs=_TILES),
        required=False,
    )
    papers = forms.ChoiceField(
        label=_("Did the person have all the papers?"),
        choices=[
            (Papers.NOT_CHECKED, _("Not checked")),
            (Papers.READY, _("Yes, all of them")),
            (Papers.MISSING, _("No, something was missing")),
        ],
        initial=Papers.NOT_CHECKED,
        widget=forms.RadioSelect(attrs=_TILES),
        required=False,
    )

    three = ("need", "outcome", "alone")

    def __init__(self, *args: Any, needs: Iterable[NeedChoice], places: WorkPlaces, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "language", language_choices())
        self.set_needs(needs)
        self.set_places(places)

    def clean_papers(self) -> str:
        """Nobody has to look into the papers."""
        return self.cleaned_data["papers"] or Papers.NOT_CHECKED

    def clean(self) -> dict[str, Any] | None:
        """Whoever was here before is asked once whether papers were the reason."""
        cleaned = super().clean()
        if self.cleaned_data.get("first_time") is False and self.cleaned_data.get("came_back") == "":
            message = _("The person was here before. Ask whether papers were missing then.")
            self.add_error("came_back", message)
        return cleaned

    @property
    def came_back_for_papers(self) -> bool | None:
        """None: not asked, or the person does not know."""
        return {"yes": True, "no": False}.get(self.cleaned_data["came_back"])

    @property
    def details(self) -> list[forms.BoundField]:
        """What is filled in already."""
        return [self[name] for name in self.fields if name not in (*self.three, "papers", "id")]

    @property
    def details_wrong(self) -> bool:
        """Whether something is to be put right there, so that it must be seen."""
        return any(field.errors for field in self.details)


def parse_day(text: str, *, today: date) -> date:
    """A day from an address, never later than today; anything else is today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return min(day, today)
