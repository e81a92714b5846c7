"""Checks what leaders type about posts, rules, roles and the settings of a team."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.core.choices import set_choices
from nhipcau.core.fields import day_after, day_before, day_field, time_field
from nhipcau.places.enums import Weekday
from nhipcau.places.models import ServicePoint
from nhipcau.shifts.enums import OpenTo
from nhipcau.shifts.models import Post, PostRule, TeamRoster
from nhipcau.shifts.models.posts import MOST_SEATS
from nhipcau.shifts.services import LONGEST_TITLE, NeedSpec, RuleSpec
from nhipcau.shifts.services.posts import PostSpec, RosterSettings, RuleDays
from nhipcau.teams.enums import LanguageLevel, languages
from nhipcau.volunteers.models import Qualification

LANGUAGE_ROWS = ("1", "2")


def weekdays_field() -> forms.TypedMultipleChoiceField:
    """Days of the week, Monday 0."""
    return forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day of the week.")},
    )


class FilterForm(forms.Form):
    """Part of a name. What cannot be one finds nothing special: the list stays whole."""

    mark_optional = False  # nothing here is required

    q = forms.CharField(label=_("Name of the post, team or commune"), required=False, max_length=100)

    @property
    def text(self) -> str:
        """What was asked for, or nothing."""
        return str(self.cleaned_data["q"]) if self.is_valid() else ""


class PostForm(forms.Form):
    """A standing post."""

    name = forms.CharField(
        label=_("Name of the post"), help_text=_("Such as: Help desk, ground floor."), max_length=120
    )
    point = forms.ChoiceField(label=_("Service point"), required=False)
    place_name = forms.CharField(
        label=_("Where, if it is not at a service point"),
        help_text=_("Such as: culture house of Hamlet 2."),
        required=False,
        max_length=160,
    )
    open_to = forms.ChoiceField(
        label=_("Who may sign up"), choices=OpenTo.choices, initial=OpenTo.TEAM, widget=forms.RadioSelect
    )
    adults_only = forms.BooleanField(label=_("Only for adults"), required=False)

    def __init__(self, *args: Any, points: Iterable[ServicePoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = {str(point.pk): point for point in points}
        none = ("", _("None: in a hamlet or elsewhere"))
        set_choices(self, "point", [none, *((key, point.name) for key, point in self.points.items())])

    @staticmethod
    def initial_of(post: Post) -> dict[str, Any]:
        """The post as it is."""
        names = ("name", "place_name", "open_to", "adults_only")
        return {"point": str(post.point_id or ""), **{name: getattr(post, name) for name in names}}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("point") and not values.get("place_name", "").strip() and "point" in values:
            self.add_error("place_name", _("Choose a service point, or say where the post is."))
        if values.get("point") and values.get("place_name", "").strip():
            self.add_error(
                "point", _("You have written another place below. Choose “None” here, or empty it.")
            )
        return values

    @property
    def spec(self) -> PostSpec:
        """What was typed, for the service."""
        values = self.cleaned_data
        return PostSpec(
            name=values["name"],
            point=self.points.get(values["point"]),
            place_name=values["place_name"],
            open_to=OpenTo(values["open_to"]),
            adults_only=values["adults_only"],
        )


class RuleForm(forms.Form):
    """When a post is served."""

    weekdays = weekdays_field()
    starts = time_field(pgettext_lazy("time of day", "From"))
    ends = time_field(pgettext_lazy("time of day", "Until"))
    on_holidays = forms.BooleanField(label=_("Also on public holidays"), required=False)
    valid_from = day_field(_("First day"))
    last_day = day_field(_("Last day"), required=False)

    @staticmethod
    def initial_of(rule: PostRule) -> dict[str, Any]:
        """The rule as it is."""
        names = ("weekdays", "starts", "ends", "on_holidays", "valid_from")
        return {name: getattr(rule, name) for name in names} | {"last_day": day_before(rule.valid_until)}

    @property
    def times(self) -> RuleSpec:
        """Weekdays and times of day."""
        values = self.cleaned_data
        return RuleSpec(tuple(values["weekdays"]), values["starts"], values["ends"])

    @property
    def days(self) -> RuleDays:
        """From when until when."""
        values = self.cleaned_data
        return RuleDays(values["valid_from"], day_after(values["last_day"]), values["on_holidays"])


class EndForm(forms.Form):
    """The last day of a post."""

    last_day = day_field(_("Last day"))
    call_off = forms.BooleanField(
        label=_("Call off the shifts made for later days, and tell their people"),
        required=False,
        initial=True,
    )


class NeedForm(forms.Form):
    """A role: how many, and what they must be able to do."""

    title = forms.CharField(
        label=_("Role"), help_text=_("Such as: Volunteer, or K’Ho speaker."), max_length=LONGEST_TITLE
    )
    minimum = forms.IntegerField(label=_("At least"), min_value=0, max_value=MOST_SEATS, initial=1)
    ideal = forms.IntegerField(label=_("Best"), min_value=0, max_value=MOST_SEATS, initial=2)
    maximum = forms.IntegerField(label=_("At most"), min_value=1, max_value=MOST_SEATS, initial=3)
    qualifications = forms.MultipleChoiceField(
        label=_("Skills they must have"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language_1 = forms.ChoiceField(label=_("Language they must speak"), required=False)
    level_1 = forms.ChoiceField(
        label=_("How well, at least"),
        choices=LanguageLevel.choices,
        initial=LanguageLevel.GOOD,
        required=False,
    )
    language_2 = forms.ChoiceField(label=_("Second language"), required=False)
    level_2 = forms.ChoiceField(
        label=_("How well, at least"),
        choices=LanguageLevel.choices,
        initial=LanguageLevel.GOOD,
        required=False,
    )
    pairs_newcomers = forms.BooleanField(
        label=_("A newcomer comes only together with somebody experienced"), required=False, initial=True
    )

    def __init__(self, *args: Any, qualifications: Iterable[Qualification], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "qualifications", [(row.pk, row.name) for row in qualifications])
        choices = [("", _("None")), *((code, language.name) for code, language in languages().items())]
        for number in LANGUAGE_ROWS:
            set_choices(self, f"language_{number}", choices)

    @staticmethod
    def initial_of(need: NeedSpec) -> dict[str, Any]:
        """The role as it is."""
        names = ("title", "minimum", "ideal", "maximum", "pairs_newcomers")
        found: dict[str, Any] = {name: getattr(need, name) for name in names}
        found["qualifications"] = list(need.qualifications)
        for number, (code, level) in zip(LANGUAGE_ROWS, need.languages.items(), strict=False):
            found |= {f"language_{number}": code, f"level_{number}": level}
        return found

    def spec(self, key: UUID | None = None) -> NeedSpec:
        """What was typed; `key` names the role it replaces."""
        values = self.cleaned_data
        spoken = {
            values[f"language_{number}"]: values[f"level_{number}"] or LanguageLevel.GOOD.value
            for number in LANGUAGE_ROWS
            if values[f"language_{number}"]
        }
        return NeedSpec(
            title=values["title"],
            minimum=values["minimum"],
            ideal=values["ideal"],
            maximum=values["maximum"],
            qualifications=tuple(values["qualifications"]),
            languages=spoken,
            pairs_newcomers=values["pairs_newcomers"],
            id=key,
        )


class SettingsForm(forms.Form):
    """By which numbers a team signs up; the bounds are those of the database."""

    release_days = forms.IntegerField(
        label=_("Sign-up opens so many days before the shift"), min_value=1, max_value=120
    )
    most_ahead = forms.IntegerField(
        label=_("Most shifts one person may hold ahead"),
        help_text=_("So that nobody takes all the good ones."),
        min_value=1,
        max_value=60,
    )
    needs_confirming = forms.BooleanField(label=_("The leader confirms each sign-up"), required=False)
    offer_minutes = forms.IntegerField(
        label=_("Minutes to answer when a place becomes free"), min_value=15, max_value=2880
    )
    experienced_after = forms.IntegerField(
        label=_("Somebody is experienced after so many shifts"), min_value=0, max_value=50
    )
    rest_hours = forms.IntegerField(
        label=_("Hours of rest between an evening and the next morning"), min_value=0, max_value=24
    )

    @staticmethod
    def initial_of(row: TeamRoster) -> dict[str, Any]:
        """The settings as they are."""
        return {name: getattr(row, name) for name in RosterSettings.__slots__}

    @property
    def settings(self) -> RosterSettings:
        """What was typed, for the service."""
        return RosterSettings(**{name: self.cleaned_data[name] for name in RosterSettings.__slots__})
