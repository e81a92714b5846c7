"""Where each role goes: the entries of the navigation and of the home page, by permission."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.messaging.queries import unread_count
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
        _("Shifts"),
        _("Shifts that I can take, and those I have."),
        "signups:for_me",
        "clock",
        (Permission.ROSTER_SIGN_UP,),
    ),
    Entry(
        _("Roster"),
        _("Posts, shifts and who serves when."),
        "staffing:teams",
        "people",
        (Permission.ROSTER_VIEW,),
    ),
    Entry(
        _("Attendance"),
        _("Who is at the post today: the code, the sheet, the hours."),
        "attendance:today",
        "check",
        (Permission.ATTENDANCE_MARK,),
        in_navigation=False,
    ),
    Entry(
        _("My hours"),
        _("Check out, see what counts, get a certificate or a calendar."),
        "attendance:mine",
        "clock",
        (Permission.ROSTER_SIGN_UP,),
        in_navigation=False,
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
        _("To decide"),
        _("Written on a phone without signal while something else was written."),
        "sync:conflicts",
        "check",
        (Permission.CASES_EDIT_CASE,),
        in_navigation=False,
    ),
    Entry(
        _("My visits"),
        _("The homes I go to, and how it went."),
        "visits:mine",
        "home",
        (Permission.VISITS_DO,),
        in_navigation=False,
    ),
    Entry(
        _("Home visits"),
        _("Who goes where this week, and what came of it."),
        "visits:visits",
        "place",
        (Permission.VISITS_VIEW,),
        in_navigation=False,
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
        _("Volunteers"),
        _("Requests to join, skills to check, lists to take in."),
        "volunteers:desk",
        "people",
        (Permission.VOLUNTEERS_REVIEW,),
        in_navigation=False,
    ),
    Entry(
        _("Help between teams"),
        _("Ask for people, and send some where they are lacking."),
        "reinforcement:requests",
        "help",
        (Permission.REINFORCEMENT_ASK, Permission.REINFORCEMENT_SEND),
        in_navigation=False,
    ),
    Entry(
        _("My classes"),
        _("Classes that I teach: count who comes."),
        "learning:mine",
        "people",
        (Permission.LEARNING_TEACH,),
        in_navigation=False,
    ),
    Entry(
        _("Classes for people"),
        _("Plan classes in hamlets, and see how many came."),
        "learning:classes",
        "people",
        (Permission.LEARNING_VIEW,),
        in_navigation=False,
    ),
    Entry(
        _("Phones of the field app"),
        _("Whose phone was not seen for long, lost phones, work that could not be sent."),
        "devices:phones",
        "card",
        (Permission.DEVICES_MANAGE,),
        in_navigation=False,
    ),
    Entry(
        _("Hand in what a phone could not send"),
        _("A file or codes from a phone whose PIN is forgotten, or that never finds signal."),
        "sync:rescue",
        "plus",
        (Permission.DEVICES_RESCUE,),
        in_navigation=False,
    ),
    Entry(
        _("My phones"),
        _("Shut a phone that I lost."),
        "devices:mine",
        "card",
        (Permission.CASES_RECORD_SESSION,),
        in_navigation=False,
    ),
    Entry(
        _("Undelivered messages"),
        _("What did not get through, why, and once more."),
        "portal:undelivered",
        "bell",
        (Permission.MESSAGING_OPERATE,),
        in_navigation=False,
    ),
    Entry(
        _("My skills and times"),
        _("What I can do, when I am free, my badge."),
        "volunteers:me",
        "card",
        (Permission.ROSTER_SIGN_UP,),
        in_navigation=False,
    ),
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
    """Template context: `nav_items` for whoever is signed in, empty for everybody else.

    Messages come with how many are `unread`, as a function that a template asks at the end.
    """
    actor = getattr(request, "actor", None)
    if not isinstance(actor, MemberActor):
        return {"nav_items": []}
    shown: list[tuple[str, Promise]] = [(reverse("portal:home"), _("My page"))]
    shown += [(reverse(entry.address), entry.label) for entry in entries_for(actor) if entry.in_navigation]
    # Of addresses that begin alike the longest says where one is.
    inside = max((url for url, _label in shown if request.path.startswith(url)), key=len, default="")
    inbox = reverse("messaging:inbox")
    # Counted with the roles, at no cost; on the pages of messages anew, for they are read there.
    unread = cache(lambda: unread_of(actor, anew=inside == inbox))
    items = [
        {"url": url, "label": label, "current": url == inside, "unread": unread if url == inbox else 0}
        for url, label in shown
    ]
    return {"nav_items": items}


def unread_of(actor: MemberActor, *, anew: bool = False) -> int:
    """How many messages wait for a member; without `anew` mostly known already."""
    return unread_count(actor.id) if anew or actor.unread is None else actor.unread
