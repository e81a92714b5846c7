"""How long the search takes to build and to answer, how much memory it holds, and how often it is right.

    python benchmarks/search.py FILE [QUERIES]

FILE is the national catalogue as JSON Lines (plain or .gz), QUERIES a CSV with the columns `query` and
`expected_codes` (the development set when left out: no measure of quality, only of change). Beside it stands
what a search without this work would be: every name and keyword looked through for all words of the query.
"""

import argparse
import gzip
import json
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nhipcau.catalogue.search import Index, concept_table
from nhipcau.catalogue.search.evaluation import Case, Report, evaluate, read_queries
from nhipcau.catalogue.search.index import Hit
from nhipcau.core.text import fold
from nhipcau.procedures.guide import parse, read_yaml

ROOT = Path(__file__).resolve().parents[1]
FORMATTER = argparse.RawDescriptionHelpFormatter
Search = Callable[[str], list[Hit]]


def guides() -> Iterator[dict[str, Any]]:
    for file in sorted((ROOT / "data/guides").glob("*.yaml")):
        guide = parse(read_yaml(file.read_text(encoding="utf-8")).data)
        yield {
            "slug": guide.slug,
            "code": guide.code or guide.slug,
            "names": guide.name,
            "official_name": guide.official_name,
            "keywords": guide.keywords,
            "summaries": guide.summary,
            "replaces": guide.replaces,
        }


def records(file: Path) -> Iterator[dict[str, str]]:
    with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            scope = (row.get("portal") or {}).get("scope") or ""
            texts = {
                key: str(row.get(key) or "") for key in ("code", "name", "field", "keywords", "decision")
            }
            yield texts | {"level": str(row.get("levels") or ""), "scope": scope}


def plain_scan(entries: list[dict[str, Any]], rows: list[dict[str, str]]) -> Search:
    """All words of the query in one name, marks or not; guides first."""
    texts = []
    for entry in entries:
        said = chain(entry["names"].values(), *entry["keywords"].values())
        texts.append((entry["code"], fold(" ".join(said))))
    texts += [(row["code"], fold(row["name"])) for row in rows]

    def search(query: str) -> list[Hit]:
        words = fold(query).split()
        return [Hit("", code, "", 1.0) for code, text in texts if all(word in text for word in words)][:10]

    return search


def measured(search: Search, cases: list[Case], entries: list[dict[str, Any]]) -> Report:
    successors = {code: entry["code"] for entry in entries for code in entry["replaces"]}
    return evaluate(cases, search, successors=successors, known=lambda _code: True)


def line(name: str, report: Report) -> str:
    figures = report.as_json()
    rates = (figures["top_1"], figures["top_3"], figures["out_of_scope_recognised"])
    shown = "".join(f"{'–' if rate is None else f'{rate:.1%}':>9}" for rate in rates)
    return f"{name:<14}{figures['p50_ms']:>9.2f}{figures['p95_ms']:>9.2f}{shown}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("queries", type=Path, nargs="?", default=ROOT / "tests/catalogue/search_dev.csv")
    options = parser.parse_args()
    entries, rows = list(guides()), list(records(options.file))
    cases = read_queries(options.queries.read_text(encoding="utf-8"))
    start = time.perf_counter()
    table = concept_table()
    table_seconds = time.perf_counter() - start
    index = Index(entries, table, rows)
    seconds = time.perf_counter() - start
    tracemalloc.start()
    traced = Index(entries, table, rows)
    traced.search("khia sinh")
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    index.search("khia sinh")
    print(
        f"{len(entries)} guides, {len(rows)} records; built in {seconds:.1f} s (words {table_seconds:.1f} s)"
    )
    print(f"an index holds {megabytes:.0f} MB")
    ours, plain = measured(index.search, cases, entries), measured(plain_scan(entries, rows), cases, entries)
    print(f"{'':<14}{'p50 ms':>9}{'p95 ms':>9}{'first':>9}{'in three':>9}{'refused':>9}")
    print(line("this search", ours))
    print(line("plain scan", plain))
    ratio = ours.milliseconds(0.5) / plain.milliseconds(0.5)
    print(f"time of the median query against the plain scan: {ratio:.2f}")


if __name__ == "__main__":
    main()
