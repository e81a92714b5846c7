"""`nhipcau procedures evaluate`: how well the search answers queries whose right answers are known.

Responsible for options and for words; the figures are the catalogue's.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nhipcau.catalogue import queries as catalogue
from nhipcau.procedures import queries

NAMES_SHOWN = 60
Write = Callable[[str], Any]


def add_parts(parts: Any) -> None:
    """The sub-command and its options."""
    part: ArgumentParser = parts.add_parser(
        "evaluate", help="measure the search on queries with known answers"
    )
    part.add_argument(
        "path",
        metavar="FILE",
        help="CSV: query, expected_codes (several with ; | or space; none: not in the library), style",
    )
    part.add_argument("--json", action="store_true", help="answer as JSON")


def evaluate(write: Write, *, path: str, **options: Any) -> None:
    """`evaluate`. Raises UnableTo."""
    cases = catalogue.read_queries(_text_of(path))
    queries.find("")  # the index is built before time is taken
    report = catalogue.evaluate(cases, queries.find, successors=queries.successors(), known=queries.is_known)
    write(
        json.dumps(report.as_json(), ensure_ascii=False, indent=2)
        if options["json"]
        else "\n".join(lines_of(report))
    )


def _text_of(path: str) -> str:
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise catalogue.UnableToReadQueries(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise catalogue.UnableToReadQueries(f"{path} is not UTF-8 text.") from error


def lines_of(report: catalogue.Report) -> Iterator[str]:
    """A report as plain lines."""
    yield f"{'':<16}{'queries':>8}{'top 1':>8}{'top 3':>8}{'MRR':>8}{'outside':>9}{'refused':>9}"
    yield _row("all", report.whole)
    for style, tally in sorted(report.styles.items()):
        yield _row(style, tally)
    yield f"p50 {report.milliseconds(0.5)} ms, p95 {report.milliseconds(0.95)} ms"
    if report.unknown_codes:
        yield f"Expected codes that are not in the library: {', '.join(report.unknown_codes)}"
    if report.misses:
        yield f"{len(report.misses)} misses:"
    for miss in report.misses:
        yield f"line {miss['line']}: {miss['query']}"
        yield f"    expected {' or '.join(miss['expected']) or 'nothing'}"
        for found in miss["found"] or [{"score": 0.0, "code": "nothing", "name": ""}]:
            name = found["name"][:NAMES_SHOWN]
            yield f"    found    {found['score']:.2f}  {found['code']}  {name}".rstrip()


def _row(name: str, tally: catalogue.Tally) -> str:
    figures = tally.as_json()
    rates = [figures["top_1"], figures["top_3"], figures["mrr"]]
    shown = "".join(f"{_rate(rate):>8}" for rate in rates)
    refused = _rate(figures["out_of_scope_recognised"])
    return f"{name[:15]:<16}{figures['queries']:>8}{shown}{tally.outside:>9}{refused:>9}"


def _rate(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.3f}"
