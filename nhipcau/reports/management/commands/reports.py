"""`nhipcau reports figures` prints figures; `nhipcau reports rebuild` counts the daily facts anew."""

import json
from argparse import ArgumentTypeError
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from tqdm import tqdm

from nhipcau.core import clock
from nhipcau.core.errors import UnableTo
from nhipcau.reports import queries, services
from nhipcau.reports.indicators import COUNTED, DERIVED, dashboard


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"not a day: {text!r} (write YYYY-MM-DD)") from error


class Command(BaseCommand):
    """Figures on the command line, exact: whoever can run this can read the database anyway."""

    help = "Figures by place and period, and rebuilding the daily facts they are read from."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        show = verbs.add_parser("figures", help="print the figures of a place and period")
        show.add_argument("--place", default="VN", help="VN, a province's or a commune's code")
        show.add_argument("--from", dest="first", type=_day, help="first day, YYYY-MM-DD")
        show.add_argument("--to", dest="last", type=_day, help="last day, included")
        show.add_argument("--json", action="store_true", help="machine-readable output")
        show.add_argument("--lang", choices=["vi", "th", "en"], default="vi")
        rebuild = verbs.add_parser("rebuild", help="count the daily facts anew from the rows")
        rebuild.add_argument("--from", dest="first", type=_day, required=True)
        rebuild.add_argument("--to", dest="last", type=_day, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "rebuild":
                self._rebuild(queries.period(options["first"], options["last"]))
            else:
                with translation.override(options["lang"]):
                    self._figures(options)
        except UnableTo as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal

    def _rebuild(self, when: queries.Period) -> None:
        for day in tqdm(when.days(), desc="days", unit="day"):
            services.rebuild_facts(start=day, end=day + timedelta(days=1), now=clock.now())

    def _figures(self, options: dict[str, Any]) -> None:
        where = queries.place(options["place"])
        usual = queries.usual_period(where.code, clock.local_date(clock.now()))
        first, last = options["first"] or usual.first, options["last"] or usual.last
        found = dashboard.figures(where, queries.period(first, last), public=False)
        if options["json"]:
            self.stdout.write(json.dumps(self._as_json(found), ensure_ascii=False))
            return
        self.stdout.write(f"{found.place.name}: {first} – {last}")
        for name, label, _definition in dashboard.definitions((*COUNTED, *DERIVED)):
            value = found.values.get(name)
            self.stdout.write(f"  {label}: {'–' if value is None else value}")

    def _as_json(self, found: dashboard.Figures) -> dict[str, Any]:
        return {
            "place": found.place.code,
            "name": str(found.place.name),
            "from": found.period.first.isoformat(),
            "to": found.period.last.isoformat(),
            "figures": found.values.as_dict(),
            "by_day": {day.isoformat(): counts for day, counts in sorted(found.by_day.items())},
            "below": {line.code: line.values.as_dict() for line in found.below},
        }
