"""`nhipcau manage reference` writes docs/reference/ from the code; `--check` fails when it is stale."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from nhipcau.attendance.services import states_page as attendance_states_page
from nhipcau.authoring.services import states_page as draft_states_page
from nhipcau.cases.services import states_page
from nhipcau.core.doors import Door, door_of
from nhipcau.learning.services import states_page as class_states_page
from nhipcau.messaging.services import states_page as delivery_states_page
from nhipcau.reinforcement.services import states_page as help_states_page
from nhipcau.reports.services import describe_indicators
from nhipcau.roster.services import proposal_states_page
from nhipcau.signups.services import states_page as sign_up_states_page
from nhipcau.teams.access import ROLES
from nhipcau.teams.enums import Permission
from nhipcau.visits.services import states_page as visit_states_page

NOTE = "Written by `nhipcau manage reference`; do not edit by hand."


def permissions() -> str:
    """Which role holds which permission."""
    roles = list(ROLES)
    lines = ["# Permissions by role", "", NOTE, ""]
    lines.append("| Permission | " + " | ".join(str(role.label) for role in roles) + " |")
    lines.append("|---|" + "---|" * len(roles))
    for permission in Permission:
        marks = ("yes" if permission in ROLES[role] else "" for role in roles)
        lines.append(f"| `{permission.value}` | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"


def _addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, Door | None, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), door_of(entry.callback), entry.callback.__module__
        else:
            yield from _addresses(entry, prefix + str(entry.pattern))


def _who(door: Door | None) -> str:
    if door is None:
        return "as the sign-in package or the interface says"
    return f"`{door.permission}`" if door.permission else ("every member" if door.signed_in else "everybody")


def addresses() -> str:
    """Every address and who may enter."""
    lines = ["# Addresses", "", NOTE, "", "| Address | Who may enter | Where |", "|---|---|---|"]
    lines += [
        f"| `{address}` | {_who(door)} | `{module}` |" for address, door, module in _addresses(get_resolver())
    ]
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "permissions.md": permissions,
    "addresses.md": addresses,
    "case-states.md": states_page,
    "draft-states.md": draft_states_page,
    "sign-up-states.md": sign_up_states_page,
    "proposal-states.md": proposal_states_page,
    "attendance-states.md": attendance_states_page,
    "reinforcement-states.md": help_states_page,
    "visit-states.md": visit_states_page,
    "class-states.md": class_states_page,
    "delivery-states.md": delivery_states_page,
    "indicators.md": describe_indicators,
}


class Command(BaseCommand):
    """Reference pages that cannot go stale unnoticed."""

    help = "Writes docs/reference/ from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say what is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "reference"
        stale = []
        with translation.override("en"):
            for name, page in PAGES.items():
                text = page()
                path = folder / name
                if path.is_file() and path.read_text(encoding="utf-8") == text:
                    continue
                stale.append(name)
                if not options["check"]:
                    path.write_text(text, encoding="utf-8")
        if stale and options["check"]:
            raise CommandError(f"stale: {', '.join(stale)}; run nhipcau manage reference")
        self.stdout.write("docs/reference is up to date" if not stale else f"written: {', '.join(stale)}")
