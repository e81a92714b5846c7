"""`nhipcau demo` loads the demonstration programme; `--logins` prints who can sign in to it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from tqdm import tqdm

from nhipcau.core import clock
from nhipcau.portal import services

# Enough to try every story: help somebody, lead a team, run a commune, write a guide and have it read by a
# second person, see to a whole province.
SHOWN_AT_START = ("tinhnguyen", "doitruong", "dieuphoixa", "canbo", "dieuphoitinh")


class Command(BaseCommand):
    """Lâm Đồng, 1–6 July 2025, with invented people, and rosters around today."""

    help = "Loads Lâm Đồng, July 2025, into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print the logins to begin with")
        parser.add_argument("--all-logins", action="store_true", help="only print all of the demo's logins")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["logins"] or options["all_logins"]):
            self._load()
        self._print_logins(everybody=options["all_logins"])

    def _load(self) -> None:
        bars: dict[str, tqdm[Any]] = {}

        def progress(what: str, done: int, of: int) -> None:
            bar = bars.get(what) or bars.setdefault(what, tqdm(total=of, desc=f"{what:9}", file=sys.stderr))
            bar.update(done - bar.n)

        try:
            loaded = services.load_demo(now=clock.now(), progress=progress)
        except services.UnableToLoadDemo as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        finally:
            for bar in bars.values():
                bar.close()
        self.stdout.write(
            f"{loaded.communes} communes, {loaded.teams} teams, {loaded.members} members, "
            f"{loaded.sessions} help sessions, {loaded.cases} cases, "
            f"{loaded.shifts} shifts, {loaded.sign_ups} sign-ups"
        )

    def _print_logins(self, *, everybody: bool) -> None:
        with translation.override("en"):
            for who, username, password in services.demo_logins():
                if everybody or username in SHOWN_AT_START:
                    self.stdout.write(f"  {username:<13} {password:<24} {who}")
