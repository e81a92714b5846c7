"""`nhipcau volunteers`: brings the shipped qualifications into the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from nhipcau.core import clock
from nhipcau.volunteers import services


class Command(BaseCommand):
    """Sub-commands of the volunteers room."""

    help = "Load the shipped qualifications."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        load = parts.add_parser("load", help="bring the shipped qualifications into the database")
        load.add_argument("--quiet", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        changed = services.load_qualifications(now=clock.now())
        if not options["quiet"]:
            words = f"{changed} qualifications loaded." if changed else "Qualifications are up to date."
            self.stderr.write(words)
