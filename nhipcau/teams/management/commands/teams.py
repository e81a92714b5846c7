"""`nhipcau teams`: the first members of a new installation, by whoever runs the machine.

Prints the one-time link with which the member sets a password. A refusal ends with exit code 2.
"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from nhipcau.core import clock
from nhipcau.core.errors import UnableTo
from nhipcau.teams import queries, services
from nhipcau.teams.enums import Role
from nhipcau.teams.models import Member


class Command(BaseCommand):
    """Sub-commands of the teams room."""

    help = "Register a member with a role, or make a new sign-in link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        add = parts.add_parser("add", help="register a member with a role on a place")
        add.add_argument("username")
        add.add_argument("--name", required=True)
        add.add_argument("--role", required=True, choices=Role.values)
        add.add_argument("--place", required=True, help="VN, a province's or a commune's code")
        add.add_argument("--home", default="", help="code of the home commune")
        link = parts.add_parser("link", help="a new sign-in link for a member")
        link.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        try:
            with transaction.atomic():
                member = self._add(options) if options["part"] == "add" else self._find(options["username"])
                token = services.make_sign_in_link(by=None, now=now, member=member)
        except UnableTo as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(settings.SITE_URL + reverse("teams:first_password", args=[member.pk, token]))

    def _find(self, username: str) -> Member:
        found = queries.member_by_username(username)
        if found is None:
            raise CommandError(f"There is no member {username!r}.", returncode=2)
        return found

    def _add(self, options: dict[str, Any]) -> Member:
        now = clock.now()
        member = services.register_member(
            by=None, now=now, username=options["username"], name=options["name"], commune=options["home"]
        )
        services.grant_role(
            by=None, now=now, member=member, role=Role(options["role"]), unit_code=options["place"]
        )
        return member
