"""`nhipcau roster`: solve and check rosters kept in files, and write a team's problem into one.

Results go to standard output or the file named, everything else to standard error. Leaves with 0 when all
is well, 1 when a roster breaks a rule or its cost is wrong, 2 when a file cannot be used.
"""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from nhipcau.core.clock import now
from nhipcau.roster import plan
from nhipcau.teams.models import Team

UNUSABLE = 2
MOST_SECONDS = 24 * 3600


class Command(BaseCommand):
    """Sub-commands of the roster room."""

    help = "Solve and check rosters in files; write the problem of a team into a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        solve = parts.add_parser("solve", help="work a problem out")
        solve.add_argument("problem", metavar="PROBLEM.json")
        solve.add_argument("--seconds", type=float, default=60.0, help="at most so long (60)")
        solve.add_argument("--seed", type=int, default=0)
        solve.add_argument("-o", dest="output", metavar="RESULT.json", help="else standard output")
        check = parts.add_parser("check", help="count every rule and the cost of a result again")
        check.add_argument("problem", metavar="PROBLEM.json")
        check.add_argument("result", metavar="RESULT.json")
        export = parts.add_parser("export", help="write the problem of a team, without names")
        export.add_argument("team", type=UUID, metavar="TEAM")
        export.add_argument("--from", dest="start", type=date.fromisoformat, required=True, metavar="DAY")
        export.add_argument(
            "--until", type=date.fromisoformat, required=True, metavar="DAY", help="the first day after"
        )
        export.add_argument("-o", dest="output", metavar="PROBLEM.json", help="else standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        parts = {"solve": self.solve_file, "check": self.check_files, "export": self.export_team}
        parts[options["part"]](options)

    def solve_file(self, options: dict[str, Any]) -> None:
        """Works a problem out; each better roster is told on standard error."""
        if not 0 < options["seconds"] <= MOST_SECONDS or not 0 <= options["seed"] < 2**31:
            raise CommandError("seconds must be above 0, at most a day; seed from 0 on", returncode=UNUSABLE)
        try:
            text, facts = plan.solve_document(
                _read(options["problem"]),
                seconds=options["seconds"],
                seed=options["seed"],
                told=lambda facts: self.stderr.write(_line(facts)),
            )
        except plan.UnableToReadProblem as error:
            raise CommandError(f"{options['problem']}: {error}", returncode=UNUSABLE) from None
        self._give(text, options["output"])
        self.stderr.write(f"{facts['status']}: {_line(facts)}")
        if facts["status"] == "infeasible":
            sys.exit(1)

    def check_files(self, options: dict[str, Any]) -> None:
        """Says what the independent check found; leaves with 1 when something is wrong."""
        problem, result = _read(options["problem"]), _read(options["result"])
        try:
            found = plan.check_documents(problem, result)
        except plan.UnableToReadProblem as error:
            raise CommandError(f"{options['problem']}: {error}", returncode=UNUSABLE) from None
        except plan.UnableToReadResult as error:
            raise CommandError(f"{options['result']}: {error}", returncode=UNUSABLE) from None
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        if not found["ok"]:
            sys.exit(1)

    def export_team(self, options: dict[str, Any]) -> None:
        """Writes the problem of a team's shifts to come."""
        if not 0 < (options["until"] - options["start"]).days <= 400:
            raise CommandError("--until must be after --from, at most 400 days", returncode=UNUSABLE)
        if not Team.objects.filter(pk=options["team"]).exists():
            raise CommandError(f"there is no team {options['team']}", returncode=UNUSABLE)
        drawn = plan.problem_of([options["team"]], options["start"], options["until"], now=now())
        self._give(plan.written(drawn), options["output"])

    def _give(self, text: str, output: str | None) -> None:
        if output is None:
            self.stdout.write(text)
            return
        try:
            Path(output).write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}", returncode=UNUSABLE) from None


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}", returncode=UNUSABLE) from None


def _line(facts: dict[str, Any]) -> str:
    """How far a run is."""
    return (
        f"{facts['seconds']:.1f} s: {facts['duties']} seats, cost {facts['objective']}, "
        f"bound {facts['bound']}, {facts['proven_components']} of {facts['components']} parts proven"
    )
