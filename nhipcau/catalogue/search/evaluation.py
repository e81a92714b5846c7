"""How well a search answers a list of queries whose right answers are known.

Responsible for reading such a list (CSV) and for the figures: right answer first and among the first three,
mean reciprocal rank, share of things outside the library recognised as such, time, misses.
"""

import csv
import io
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo

OUTSIDE = "none"
COLUMNS = ("query", "expected_codes")
LONGEST_FIELD = 1_000_000
_BETWEEN_CODES = re.compile(r"[;|,\s]+")


class UnableToReadQueries(UnableTo):
    """The file of queries cannot be used; the sentence says where."""

    code = "catalogue.unusable_queries"


class Found(Protocol):
    """What a search returns for each answer."""

    @property
    def code(self) -> str:
        """National code, or slug where there is none."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def score(self) -> float:
        """Between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Case:
    """A query, the codes of right answers (none: outside the library), and the style it is written in."""

    query: str
    expected: frozenset[str]
    style: str
    line: int


@dataclass
class Tally:
    """Figures over some queries. Rates are of those with an answer, `refused` of those without."""

    answerable: int = 0
    first: int = 0
    in_three: int = 0
    reciprocal: float = 0.0
    outside: int = 0
    refused: int = 0

    def add(self, expected: frozenset[str], codes: list[str]) -> None:
        if not expected:
            self.outside += 1
            self.refused += not codes
            return
        self.answerable += 1
        rank = next((place for place, code in enumerate(codes, start=1) if code in expected), 0)
        self.first += rank == 1
        self.in_three += 1 <= rank <= 3
        self.reciprocal += 1 / rank if rank else 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "queries": self.answerable + self.outside,
            "answerable": self.answerable,
            "top_1": _share(self.first, self.answerable),
            "top_3": _share(self.in_three, self.answerable),
            "mrr": _share(self.reciprocal, self.answerable),
            "out_of_scope": self.outside,
            "out_of_scope_recognised": _share(self.refused, self.outside),
        }


@dataclass
class Report:
    """The figures of one evaluation."""

    whole: Tally = field(default_factory=Tally)
    styles: dict[str, Tally] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    misses: list[dict[str, Any]] = field(default_factory=list)
    unknown_codes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            **self.whole.as_json(),
            "p50_ms": self.milliseconds(0.5),
            "p95_ms": self.milliseconds(0.95),
            "styles": {style: tally.as_json() for style, tally in sorted(self.styles.items())},
            "misses": self.misses,
            "unknown_codes": self.unknown_codes,
        }

    def milliseconds(self, share: float) -> float:
        """The time within which this share of the queries was answered."""
        ordered = sorted(self.seconds)
        return round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) if ordered else 0.0


def read_queries(text: str) -> list[Case]:
    """The cases of a CSV with the columns `query` and `expected_codes`, and `style` if there is one."""
    csv.field_size_limit(LONGEST_FIELD)
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            names = ", ".join(missing)
            raise UnableToReadQueries(_("The first line has no column %(names)s.") % {"names": names})
        cases = [_case(row, rows.line_num) for row in rows]
    except csv.Error as error:
        words = {"line": rows.reader.line_num, "error": error}
        raise UnableToReadQueries(_("Line %(line)s: %(error)s.") % words) from error
    if not cases:
        raise UnableToReadQueries(_("The file has no queries below its first line."))
    return cases


def _case(row: Mapping[str, Any], line: int) -> Case:
    if None in row or None in row.values():
        raise UnableToReadQueries(
            _("Line %(line)s has more or fewer fields than the first line.") % {"line": line}
        )
    query = row["query"].replace("\x00", " ").strip()
    if not query:
        raise UnableToReadQueries(_("Line %(line)s has no query.") % {"line": line})
    codes = {code for code in _BETWEEN_CODES.split(row["expected_codes"].strip()) if code}
    if OUTSIDE in {code.lower() for code in codes}:
        if len(codes) > 1:
            raise UnableToReadQueries(
                _('Line %(line)s: "none" cannot stand beside other codes.') % {"line": line}
            )
        codes = set()
    return Case(query, frozenset(codes), (row.get("style") or "").strip(), line)


def evaluate(
    cases: Iterable[Case],
    search: Callable[[str], list[Any]],
    *,
    successors: Mapping[str, str],
    known: Callable[[str], bool],
) -> Report:
    """Asks every query once. A replaced code counts as its successor; unknown codes are reported."""
    report = Report()
    asked: set[str] = set()
    for case in cases:
        expected = frozenset(successors.get(code, code) for code in case.expected)
        asked |= expected
        start = time.perf_counter()
        hits: list[Found] = search(case.query)
        report.seconds.append(time.perf_counter() - start)
        codes = [hit.code for hit in hits]
        report.whole.add(expected, codes)
        if case.style:
            report.styles.setdefault(case.style, Tally()).add(expected, codes)
        right = bool(codes) and codes[0] in expected if expected else not codes
        if not right:
            report.misses.append(_miss(case, expected, hits[:3]))
    report.unknown_codes = sorted(code for code in asked if not known(code))
    return report


def _miss(case: Case, expected: frozenset[str], hits: list[Found]) -> dict[str, Any]:
    return {
        "line": case.line,
        "query": case.query,
        "style": case.style,
        "expected": sorted(expected),
        "found": [{"code": hit.code, "name": hit.name, "score": hit.score} for hit in hits],
    }


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
