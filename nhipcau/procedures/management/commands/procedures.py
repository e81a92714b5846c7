"""`nhipcau procedures`: search the guides, make checklists, check guide files, load the library.

Results go to standard output. A request that cannot be answered ends with a sentence and exit code 2;
`lint` ends with 1 when it finds a fault.
"""

import csv
import io
import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from nhipcau.core import clock
from nhipcau.core.errors import UnableTo
from nhipcau.places import queries as places
from nhipcau.procedures import guide as engine
from nhipcau.procedures import queries, services
from nhipcau.procedures.management import batch, evaluating, importing

GUIDES = settings.BASE_DIR / "data" / "guides"
LONGEST_FIELD = 50_000_000


def fail(message: str) -> NoReturn:
    """End with a sentence, without a trace."""
    raise CommandError(message, returncode=2)


class Command(BaseCommand):
    """Sub-commands of the procedures room."""

    help = "Search the guides, make a checklist, check guide files, load the library."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        find = parts.add_parser("search", help="find guides in everyday words")
        find.add_argument("query", nargs="?", help="what people say")
        find.add_argument("--file", help="CSV with a column `query`; answers in JSON Lines")
        find.add_argument("--json", action="store_true", help="answer as JSON")
        find.add_argument("--limit", type=int, default=10, help="at most so many results (10)")
        listing = parts.add_parser("checklist", help="papers, fees, time and place for a situation")
        listing.add_argument("code", help="national code or slug")
        listing.add_argument("--answers", default="{}", help='JSON such as {"late": "yes"}')
        listing.add_argument("--questions", action="store_true", help="list the questions instead")
        listing.add_argument("--on", help="day, YYYY-MM-DD (today)")
        listing.add_argument("--province", help="two-digit province code")
        listing.add_argument("--channel", choices=("direct", "online", "post"), help="how it will be filed")
        listing.add_argument("--lang", choices=engine.LANGUAGES, default="vi", help="language of texts (vi)")
        listing.add_argument("--json", action="store_true", help="answer as JSON")
        lint = parts.add_parser("lint", help="check guide files (all that ship, or those named)")
        lint.add_argument("files", nargs="*")
        several = parts.add_parser("batch", help="evaluate guides and answers from a file of JSON lines")
        several.add_argument("file", help="one JSON object a line; - for standard input")
        export = parts.add_parser("export", help="print what is published here as a guide file")
        export.add_argument("code", help="national code or slug")
        export.add_argument("--province", help="the version of a province, by its two-digit code")
        load = parts.add_parser("load", help="bring the library to the state of the guide files")
        load.add_argument("--quiet", action="store_true", help="say nothing when all is well")
        importing.add_parts(parts)
        evaluating.add_parts(parts)

    def handle(self, *args: Any, **options: Any) -> None:
        known = (self.search, self.checklist, self.lint, self.batch, self.export, self.load)
        parts: dict[str, Callable[..., None]] = {part.__name__: part for part in known}
        parts["import"] = partial(importing.take_in, self.stdout.write)
        parts["evaluate"] = partial(evaluating.evaluate, self.stdout.write)
        parts["imports"] = partial(importing.list_imports, self.stdout.write)
        try:
            parts[options["part"]](**options)
        except UnableTo as error:
            fail(str(error))

    # ---- search -------------------------------------------------------------------------------

    def search(self, query: str | None, file: str | None, limit: int, **options: Any) -> None:
        def found(text: str) -> list[dict[str, Any]]:
            hits = queries.find(text, limit=max(1, limit))
            return [{key: getattr(hit, key) for key in ("code", "name", "score", "kind")} for hit in hits]

        if file is not None:
            for text in _queries_of(file):
                self.stdout.write(json.dumps({"query": text, "results": found(text)}, ensure_ascii=False))
        elif query is None:
            fail("Give a query, or --file FILE.")
        elif options["json"]:
            self.stdout.write(json.dumps(found(query.replace("\x00", " ")), ensure_ascii=False, indent=2))
        else:
            results = found(query)
            for result in results:
                self.stdout.write(f"{result['score']:.2f}  {result['code']}  {result['name']}")
            if not results:
                self.stdout.write("Not in this library: ask the officer.")

    # ---- checklist ----------------------------------------------------------------------------

    def checklist(self, code: str, answers: str, questions: bool, **options: Any) -> None:
        on = _day(options["on"])
        province = _province(options["province"])
        version = queries.version_on(queries.get_procedure(code.strip()), on, province or "")
        guide = queries.guide_of(version)
        given = _answers(guide.versions[0], answers)
        language = options["lang"]
        if questions:
            self.questions(guide, given, on, language, as_json=options["json"])
            return
        result = engine.checklist(guide, given, on=on, province=province, channel=options["channel"])
        data = engine.localise(result.as_json(), language)
        if options["json"]:
            self.stdout.write(json.dumps(data | _plain_names(data), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_readable(data)))

    def questions(
        self, guide: engine.Guide, answers: dict[str, Any], on: date, language: str, *, as_json: bool
    ) -> None:
        """All questions: first those still to ask, in their order, then those settled by the answers."""
        to_ask = engine.questions(guide, answers, on=on)
        settled = [fact for fact in guide.versions[0].facts.values() if fact not in to_ask]
        rows = [
            engine.localise(engine.as_question(fact), language) | {"open": fact in to_ask}
            for fact in (*to_ask, *settled)
        ]
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(f"{row['id']} ({row['type']}): {row['text']}")
            for option in row["options"]:
                self.stdout.write(f"    {option['value']}: {option['text']}")

    # ---- files --------------------------------------------------------------------------------

    def lint(self, files: list[str], **options: Any) -> None:
        problems: list[engine.Problem] = []
        library = {}
        for path in [Path(name) for name in files] or sorted(GUIDES.glob("*.yaml")):
            text = _read(path)
            found = engine.lint_text(text, str(path))
            problems += found
            if not found:
                reading = engine.read_yaml(text)
                library[str(path)] = (engine.parse(reading.data), reading)
        between = engine.lint_library(library)
        # Named files are only a part of the library: links to the rest of it are not known to be wrong.
        problems += [problem for problem in between if not files or not problem.path.startswith("see_also")]
        for problem in sorted(problems):
            self.stdout.write(str(problem))
        if problems:
            sys.exit(1)
        self.stdout.write(f"{len(library)} guides, no fault found.")

    def batch(self, file: str, **options: Any) -> None:
        try:
            for answer in batch.evaluate_file(file):
                self.stdout.write(answer)
        except OSError as error:
            fail(f"{file} cannot be read: {error.strerror}")

    def export(self, code: str, **options: Any) -> None:
        area = _province(options["province"]) or ""
        data = queries.guide_file(queries.get_procedure(code.strip()), area)
        self.stdout.write(engine.write_yaml(data), ending="")

    def load(self, quiet: bool, **options: Any) -> None:
        loaded = services.load_guides(GUIDES, now=clock.now())
        if not quiet:
            state = "already loaded" if loaded.unchanged else f"{loaded.new_versions} new versions"
            self.stderr.write(f"{loaded.guides} guides, {state}.")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}")


def _queries_of(name: str) -> Iterator[str]:
    csv.field_size_limit(LONGEST_FIELD)
    text = sys.stdin.buffer.read().decode(errors="replace") if name == "-" else _read(Path(name))
    rows = csv.DictReader(io.StringIO(text.replace("\x00", " "), newline=""))
    if "query" not in (rows.fieldnames or ()):
        fail(f"{name} has no column `query` in its first line.")
    try:
        yield from (row["query"] or "" for row in rows)
    except csv.Error as error:
        fail(f"{name}, line {rows.line_num}: {error}")


def _day(text: str | None) -> date:
    if text is None:
        return clock.local_date(clock.now())
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        fail(f'"{text}" is not a day written as YYYY-MM-DD.')


def _province(text: str | None) -> str | None:
    if text is not None and not (len(text) == 2 and text.isascii() and text.isdigit()):
        fail(f'"{text}" is not a province code of two digits, such as 68.')
    if text is not None and not places.provinces().filter(code=text).exists():
        fail(f'There is no province with the code "{text}".')
    return text


def _answers(version: engine.Version, text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        fail(f"The answers are not JSON: {error}")
    if not isinstance(raw, dict):
        fail('The answers must be a JSON object such as {"late": "yes"}.')
    answers, problems = engine.read_answers(version, raw)
    if problems:
        known = ", ".join(version.facts) or "none"
        fail("\n".join([*(f"{problem}." for problem in problems), f"Questions of this guide: {known}."]))
    return answers


def _plain_names(data: dict[str, Any]) -> dict[str, Any]:
    """The same under the words people ask with: fee, time, where, source."""
    names = {"fee": "fees", "time": "time_limits", "where": "channels"}
    return {**{name: data[key] for name, key in names.items()}, "source": data["sources"][0]}


def _readable(data: dict[str, Any]) -> Iterator[str]:
    """A checklist as plain lines."""
    yield f"{data['name']} {data['code']}".strip()
    if not data["in_force"]:
        yield f"Rules in force from {data['valid_from']}: those of {data['on']} are not in this library."
    for document in data["documents"]:
        yield from _document_lines(document)
    for fee in data["fees"]:
        amount = "ask the officer" if fee["amount"] is None else f"{fee['amount']:,} VND"
        yield _line("Fee:", amount, fee["per"], fee["channel"], _maybe(fee), fee["note"])
    for limit in data["time_limits"]:
        value = "ask the officer" if limit["value"] is None else f"{limit['value']} {limit['unit']}"
        yield _line("Time:", value, limit["channel"], _maybe(limit), limit["note"])
    for channel in data["channels"]:
        yield _line("Where:", channel["kind"], channel["where"], channel["url"], _maybe(channel))
    if data["ask"]:
        yield f"Ask the officer about: {', '.join(data['ask'])}"
    for source in data["sources"]:
        yield f"Source: {source['title']}, checked on {source['checked_on']}, {source['confidence']}"


def _document_lines(document: dict[str, Any]) -> Iterator[str]:
    mark = {"needed": "[ ]", "maybe": "[?]"}[document["need"]]
    way = f" (way {document['choice']} of {document['choices']})" if document["choices"] > 1 else ""
    yield f"{mark} {document['name']}: {document['count']} {document['form']}, {document['use']}{way}"
    yield from (f"      {document[key]}" for key in ("why", "how_to_get") if document[key])


def _line(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def _maybe(row: dict[str, Any]) -> str:
    return "(may apply)" if row["applies"] == "maybe" else ""
