"""Where each role goes: the entries of the navigation and of the home page, by permission."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.teams.access import MemberActor
from nhipcau.teams.enums import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """A way to go on: shown to whoever holds one of the permissions (none: to everyone signed in)."""

    label: Promise
    text: Promise
    address: str
    icon: str
    permissions: tuple[Permission, ...] = ()
    in_navigation: bool = True


ENTRIES: tuple[Entry, ...] = (
    Entry(
        _("Help someone"),
        _("Write down a help session in three taps. No name."),
        "cases:reception",
        "plus",
        (Permission.CASES_RECORD_SESSION,),
    ),
    Entry(
        _("Papers"),
        _("Find what a person needs to bring, with them."),
        "procedures:search",
        "paper",
        (Permission.CASES_RECORD_SESSION, Permission.PROCEDURES_CHECK),
    ),
    Entry(
        _("Sessions"),
        _("What was written down, day by day."),
        "cases:sessions",
        "clock",
        (Permission.CASES_VIEW_OWN, Permission.CASES_VIEW_SESSIONS),
    ),
    Entry(
        _("Cases"),
        _("People who are waiting for a result."),
        "cases:cases",
        "card",
        (Permission.CASES_VIEW_OWN, Permission.CASES_VIEW_CASE),
    ),
    Entry(
        _("Guides"),
        _("Keep the guides right: write, check, publish."),
        "authoring:guides",
        "check",
        (Permission.AUTHORING_WRITE,),
    ),
    Entry(
        _("Teams"), _("Who works where, and who leads."), "teams:teams", "people", (Permission.TEAMS_VIEW,)
    ),
    Entry(
        _("Figures"),
        _("What was achieved, and the rows behind it."),
        "reports:mine",
        "chart",
        (Permission.REPORTS_VIEW,),
    ),
    Entry(
        _("Service points"),
        _("Addresses and opening hours that people rely on."),
        "places:points",
        "place",
        (Permission.PLACES_EDIT_POINTS,),
    ),
    Entry(_("Messages"), _("What you were told, and what you want to hear of."), "messaging:inbox", "bell"),
    Entry(
        _("My profile"),
        _("Languages, skills, password, second factor."),
        "teams:profile",
        "person",
        in_navigation=False,
    ),
)


def entries_for(actor: MemberActor) -> list[Entry]:
    """What a member can do, most needed first."""
    return [
        entry
        for entry in ENTRIES
        if not entry.permissions or any(actor.may(permission) for permission in entry.permissions)
    ]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Template context: `nav_items` for whoever is signed in, empty for everybody else."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, MemberActor):
        return {"nav_items": []}
    items = [
        {
            "url": reverse("portal:home"),
            "label": _("My page"),
            "current": request.path == reverse("portal:home"),
        }
    ]
    for entry in entries_for(actor):
        if entry.in_navigation:
            url = reverse(entry.address)
            items.append({"url": url, "label": entry.label, "current": request.path.startswith(url)})
    return {"nav_items": items}
