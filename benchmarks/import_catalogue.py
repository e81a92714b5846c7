"""How fast a file of the national catalogue is imported, beside merely reading it.

    python benchmarks/import_catalogue.py FILE [--rounds N]

FILE is JSON Lines, plain or .gz. "Reading alone" unpacks the file and parses each line as JSON, which nobody
can do without; the other lines say how many times as long our steps take. The import is undone each time, so
any database will do: `NHIPCAU_HOME` or `DATABASE_URL` choose it.
"""

import argparse
import gzip
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from config.cli import database, say
from config.prepare import prepare


def read_alone(path: Path) -> int:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig") as lines:
        return sum(1 for line in lines if line.strip() and json.loads(line))


def seconds(act: Callable[[], object], rounds: int) -> float:
    """The median of some rounds."""
    found = []
    for _round in range(rounds):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def measure(path: Path, rounds: int) -> None:
    # Django wants to be set up first, and that needs the address of the database.
    from django.db import transaction  # noqa: PLC0415

    from nhipcau.catalogue import services  # noqa: PLC0415
    from nhipcau.catalogue.models import Import, Record, RecordVersion  # noqa: PLC0415
    from nhipcau.core import clock  # noqa: PLC0415

    def bring_in() -> services.Difference:
        return services.import_file(path, by=None, now=clock.now(), allow_drop=True)

    with transaction.atomic():
        # From an empty catalogue, whatever the database holds: the tables are as they were afterwards.
        with transaction.get_connection().cursor() as cursor:
            names = ", ".join(model._meta.db_table for model in (RecordVersion, Record, Import))
            cursor.execute(f"TRUNCATE {names}")
        count = read_alone(path)
        times = {"reading alone": seconds(lambda: read_alone(path), rounds)}
        times["difference (--check)"] = seconds(lambda: services.compare_file(path), rounds)
        times["first import"] = seconds(bring_in, 1)
        times["the same file again"] = seconds(bring_in, rounds)
        transaction.set_rollback(True)
    print(f"{count:,} rows, {path.stat().st_size / 1e6:.1f} MB")
    print(f"{'':24}{'seconds':>9}{'rows/s':>9}{'ratio':>8}")
    for name, taken in times.items():
        print(f"{name:24}{taken:9.2f}{count / taken:9,.0f}{taken / times['reading alone']:8.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="the median of so many rounds counts (3)")
    options = parser.parse_args()
    with database():
        prepare(say)
        import django  # noqa: PLC0415

        django.setup()
        measure(options.file, options.rounds)


if __name__ == "__main__":
    main()
