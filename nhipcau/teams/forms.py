"""Checks what people typed on the pages of teams; choices come from the view, which knows the places."""

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import ChangePasswordForm as LibraryForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nhipcau.core.choices import set_choices
from nhipcau.teams.enums import LanguageLevel, Role, TeamKind, TeamRole, languages
from nhipcau.teams.models import Campaign, Member
from nhipcau.teams.queries import Place
from nhipcau.teams.rules import (
    UnableToRegister,
    check_name,
    check_phone,
    check_username,
)


def _checked(check: Any, value: str) -> str:
    try:
        check(value)
    except UnableToRegister as error:
        raise forms.ValidationError(str(error)) from error
    return value


def _language_choices() -> list[tuple[str, str]]:
    return [(language.code, language.name) for language in languages().values()]


def _place_choices(places: Iterable[Place]) -> list[tuple[str, Any]]:
    return [("", _("Choose")), *((place.code, place.name) for place in places)]


class SearchForm(forms.Form):
    """Part of a name. What cannot be one finds nothing special: the list stays whole."""

    q = forms.CharField(required=False, max_length=100)

    @property
    def text(self) -> str:
        """What was asked for, or nothing."""
        return str(self.cleaned_data["q"]) if self.is_valid() else ""


class FilterForm(forms.Form):
    """Narrows the list of teams."""

    mark_optional = False  # nothing here is required

    q = forms.CharField(label=_("Name of the team or commune"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind of team"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "kind", [("", _("All kinds")), *TeamKind.choices])


class ProvinceForm(forms.Form):
    """The province comes first for whoever answers for the whole country."""

    province = forms.ChoiceField(label=_("Province"))

    def __init__(self, *args: Any, provinces: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "province", _place_choices(provinces))


class TeamForm(forms.Form):
    """A team: its name, kind and base."""

    name = forms.CharField(label=_("Name of the team"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind of team"), choices=TeamKind.choices, widget=forms.RadioSelect)
    commune = forms.ChoiceField(label=_("Commune"))

    def __init__(self, *args: Any, communes: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "commune", _place_choices(communes))


class TeamEditForm(forms.Form):
    """What may change of a team."""

    name = forms.CharField(label=_("Name of the team"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind of team"), choices=TeamKind.choices, widget=forms.RadioSelect)
    ends_on = forms.DateField(
        label=_("First day without this team"),
        help_text=_("Leave empty while the team works."),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    campaign = forms.ChoiceField(label=_("Campaign"), required=False)

    def __init__(self, *args: Any, campaigns: Iterable[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("None")), *((str(found.pk), found.name) for found in campaigns)]
        set_choices(self, "campaign", choices)


class JoinForm(forms.Form):
    """Who joins, and as what. The candidates are the rows shown on the page."""

    member = forms.ChoiceField(label=_("Member"), widget=forms.RadioSelect)
    role = forms.ChoiceField(
        label=_("Part in the team"),
        choices=TeamRole.choices,
        initial=TeamRole.MEMBER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, candidates: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "member", [(str(one.pk), f"{one.name} ({one.username})") for one in candidates])


class PartForm(forms.Form):
    """A member's part in the team."""

    role = forms.ChoiceField(label=_("Part in the team"), choices=TeamRole.choices, widget=forms.RadioSelect)


class _PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("Kept encrypted. Only those who run the team see it."),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    commune = forms.ChoiceField(label=_("Home commune"))

    def __init__(self, *args: Any, communes: Iterable[Place], may_be_empty: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "commune", _place_choices(communes))
        self.fields["commune"].required = not may_be_empty

    def clean_name(self) -> str:
        return _checked(check_name, self.cleaned_data["name"])

    def clean_phone(self) -> str:
        return _checked(check_phone, self.cleaned_data["phone"])


class MemberEditForm(_PersonForm):
    """What the programme knows of a member."""


class MemberForm(_PersonForm):
    """A new member. Without a user name one is made of the name."""

    username = forms.CharField(
        label=_("User name"),
        help_text=_("Leave empty to make one from the name."),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    field_order = ("name", "username", "phone", "commune", "languages")
    languages = forms.MultipleChoiceField(
        label=_("Languages in which they can explain a procedure"),
        choices=_language_choices,
        required=False,
        initial=["vi"],
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_username(self) -> str:
        value = self.cleaned_data["username"].strip().lower()
        return _checked(check_username, value) if value else ""


class RoleForm(forms.Form):
    """A role on a place."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    place = forms.ChoiceField(label=_("Place"))

    def __init__(self, *args: Any, roles: Iterable[Role], places: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "role", [(role.value, role.label) for role in roles])
        set_choices(self, "place", _place_choices(places))


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class CampaignForm(forms.Form):
    """A campaign: its name, its days, both included, and its place."""

    name = forms.CharField(label=_("Name of the campaign"), max_length=160)
    starts_on = _day_field(_("First day"))
    last_on = _day_field(_("Last day"))
    place = forms.ChoiceField(label=_("Place"))

    def __init__(self, *args: Any, places: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "place", _place_choices(places))


class ProfileForm(forms.Form):
    """What members say of themselves."""

    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("Kept encrypted. Only those who run the team see it."),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    preferred_language = forms.ChoiceField(
        label=_("Language of the screens"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    mother_tongue = forms.ChoiceField(label=_("Mother tongue"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Other languages in which you can explain a procedure"),
        choices=_language_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "mother_tongue", [("", _("Not given")), *_language_choices()])

    @classmethod
    def of(cls, member: Member, levels: dict[str, str]) -> "ProfileForm":
        """The form filled with what is known."""
        native = [code for code, level in levels.items() if level == LanguageLevel.NATIVE]
        return cls(
            initial={
                "phone": member.phone,
                "preferred_language": member.preferred_language,
                "mother_tongue": native[0] if native else "",
                "languages": [code for code in levels if code not in native[:1]],
            }
        )

    def clean_phone(self) -> str:
        return _checked(check_phone, self.cleaned_data["phone"])

    def levels(self, known: dict[str, str]) -> dict[str, str]:
        """Language to level: what was known of a language stays unless it became the mother tongue."""
        mother = self.cleaned_data["mother_tongue"]
        found = {
            code: known[code] if known.get(code, LanguageLevel.NATIVE) != LanguageLevel.NATIVE else "good"
            for code in self.cleaned_data["languages"]
        }
        return {**found, **({mother: LanguageLevel.NATIVE.value} if mother else {})}


class FirstPasswordForm(forms.Form):
    """The password a member chooses for themselves, written twice."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters. Three or four words are easy to remember."),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("password") != values.get("again"):
            self.add_error("again", _("The two passwords are not the same."))
        return values


class ChangePasswordForm(LibraryForm):  # type: ignore[misc]  # the package has no types
    """The library's form; its own hint was translated once, when the server started."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = FirstPasswordForm.base_fields["password"].help_text
