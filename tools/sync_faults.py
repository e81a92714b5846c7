"""Runs the suite of faults whole, and the long replay, and writes docs/reference/sync-faults.md from it.

    python tools/sync_faults.py [--keep-replay] [--write-only]

The speed beside it is what these two wrote last, on a machine that had nothing else to do:

    python benchmarks/sync_commands.py --json build/sync-commands.json
    python benchmarks/field_load.py --json build/field-load.json

Every fault gets at least 200 operations in each half. Leaves with 1, and writes nothing, when a test fails,
when a fault was left out, or when anything was lost, doubled or silent. `--keep-replay`: the replay is not
run again; `--write-only`: nothing is run, the results of the last run in `build/` are written down.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.faults.plan import EVERY_FAULT, Disaster  # noqa: E402 - found through the line above

RESULT = ROOT / "build" / "sync-faults.json"
REPLAY = ROOT / "build" / "sync-replay.json"
COMMANDS = ROOT / "build" / "sync-commands.json"
LOADING = ROOT / "build" / "field-load.json"
PAGE = ROOT / "docs" / "reference" / "sync-faults.md"
# Where faults are made and told; the other tests of the app need no 200 operations.
PLACES = ["tests/faults", "tests/browser/field/engine", "tests/browser/field/day"]
# The test of the page itself looks at what is about to be written.
SUITE = ["-m", "pytest", "-n0", "-q", "-o", "timeout=0", "-p", "tests.faults.collect", *PLACES]
SUITE += ["--deselect", "tests/faults/test_page.py"]
LEAST = 200
COUNTS = ("lost", "doubled", "silent")
# What can only happen to the server is proved without a phone as well.
OF_BOTH_HALVES = (*EVERY_FAULT, Disaster.SERVER_KILLED, Disaster.DATABASE_LOST)
HALVES = {"server": OF_BOTH_HALVES, "browser": (*EVERY_FAULT, *Disaster)}
HEAD = """# Field sync under faults

Written by `python tools/sync_faults.py`; do not edit by hand.

A volunteer's phone must lose nothing. This page is the result of a real run of the suite that tries to make
it lose something: `tests/faults` (the protocol: a model drives HTTP against the real server behind a proxy
that spoils it) and `tests/browser/field` (the app in Chromium against the same). Operations are what the
model did: helped, took back, opened, changed, sent, sent again. **Lost**: said, and nowhere. **Doubled**:
there more than once, or though it was taken back. **Silent**: something else came of it and nobody was
told, or the phone said that all was sent when it was not. The seed repeats the same operations and the same
plan of faults; at which moment a killed page dies is left to chance. What people see in each case, and what
they do: `docs/how-to/field-troubles.md`.
"""
IN_THE_BROWSER = (
    "The app's own store, outbox and engine in Chromium, driven through a page of the suite; *storage almost",
    "full*, *app upgraded*, and the days in `tests/browser/field/day`, in the app as it is shipped, through",
    "its screens and its worker.",
    "",
)
SPEED = (
    "`benchmarks/sync_commands.py`: {commands:,} commands in batches of {batch}, {workers} processes of the",
    "server on {cores} cores: **{rate:,.0f} a second**; the same again, answered with the same receipts,",
    "{again_rate:,.0f}. Plain bulk INSERT of the same rows without the product: {insert_rate:,.0f}, that is",
    "{ratio:.2f} times as many. Load of the machine {load:.1f}.",
    "",
    "`benchmarks/field_load.py`: Chromium, a processor {cpu:.0f} times slower, a line of 400 kbit/s with",
    "400 ms there and back. First load until the first key can be pressed **{first:.2f} s** (an empty page",
    "there: {empty:.2f} s); from what the phone keeps, without a line, {again:.2f} s; from the last digit of",
    "the PIN to the day {open:.2f} s; a day's outbox of {sessions} sessions sent in **{day:.2f} s**. Load",
    "{load:.1f}.",
)

REPLAYED = (
    "`benchmarks/sync_replay.py`: {commands} commands of phones (sessions, some taken back, some impossible,",
    "some twice; cases with notes, changes, disputes, dossiers; visits; classes) in random order,",
    "{sent} sent with repeats in {batches} batches, {later} times asked to wait for another; seed {seed}.",
    "",
    "Lost {lost}, doubled {doubled}, silent {silent}; the rows are those of the model, every receipt was",
    "always the same. {rate} commands a second, all of it again in another order {again_rate} a second, on a",
    "machine under load {load}.",
)


def run(arguments: list[str]) -> bool:
    environment = {**os.environ, "NHIPCAU_TESTS": "whole"}
    return (
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=False).returncode == 0
    )


def versions() -> str:
    """Of what took part."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    numbers = [f"Nhịp Cầu {project['version']}", f"Python {platform.python_version()}"]
    numbers += [f"Django {version('django')}", told_version("postgres"), told_version("chromium")]
    return ", ".join(number for number in numbers if number)


def revision() -> str:
    """Which state of the project this was."""
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, cwd=ROOT, check=False)
    return told.stdout.decode().strip() or "an unknown state"


def told_version(program: str) -> str:
    """As the program says it; empty where the machine has it under no known name."""
    names = (program, "psql") if program == "postgres" else (program, "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        return ""
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    return told.stdout.split("(Debian", maxsplit=1)[0].strip()


def missing(rows: list[dict[str, Any]]) -> list[str]:
    """What the run does not prove."""
    known = {(row["half"], row["fault"]): row for row in rows}
    wrong = []
    for half, faults in HALVES.items():
        for fault in faults:
            row = known.get((half, str(fault)))
            if row is None:
                wrong.append(f"{half}: {fault}: not run")
            elif row["operations"] < LEAST or any(row[name] for name in COUNTS):
                wrong.append(f"{half}: {fault}: {row}")
    return wrong


def table(rows: list[dict[str, Any]], half: str) -> list[str]:
    known = {row["fault"]: row for row in rows if row["half"] == half}
    lines = ["| Fault | Operations | Seed | Lost | Doubled | Silent |", "|---|---:|---:|---:|---:|---:|"]
    for fault in HALVES[half]:
        row = known[str(fault)]
        counts = " | ".join(str(row[name]) for name in ("operations", "seed", *COUNTS))
        lines.append(f"| {str(fault)[0].upper()}{str(fault)[1:]} | {counts} |")
    return lines


def replay_words(found: dict[str, Any]) -> list[str]:
    told = {name: f"{value:,}" if isinstance(value, int) else value for name, value in found.items()}
    return ["## The long replay", "", *(line.format(**told) for line in REPLAYED)]


def speed_words(commands: dict[str, Any], loading: dict[str, Any]) -> list[str]:
    cut = SPEED.index("")
    told = {**commands, "ratio": commands["insert_rate"] / commands["rate"]}
    lines = [line.format(**told) for line in SPEED[:cut]]
    return ["## Speed", "", *lines, *(line.format(**loading) for line in SPEED[cut:])]


def page(rows: list[dict[str, Any]], when: str) -> str:
    replay, commands, loading = (
        json.loads(path.read_text(encoding="utf-8")) for path in (REPLAY, COMMANDS, LOADING)
    )
    command = "NHIPCAU_TESTS=whole python " + " ".join(SUITE)
    parts = [
        HEAD,
        f"Run on {when} at {revision()} with {versions()}, on {os.cpu_count()} cores, as `{command}`.",
        "",
        "## The server",
        "",
        *table(rows, "server"),
        "",
        "## The app in the browser",
        "",
        *IN_THE_BROWSER,
        *table(rows, "browser"),
        "",
        *replay_words(replay),
        "",
        *speed_words(commands, loading),
    ]
    return "\n".join(parts) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep-replay", action="store_true", help="the result of the last replay is taken")
    parser.add_argument("--write-only", action="store_true", help="only write the page from the last results")
    wanted = parser.parse_args()
    if not wanted.write_only:
        if not run(SUITE):
            return 1
        if not wanted.keep_replay and not run(["benchmarks/sync_replay.py", "--json", str(REPLAY)]):
            return 1
    rows = json.loads(RESULT.read_text(encoding="utf-8"))
    replay = json.loads(REPLAY.read_text(encoding="utf-8"))
    wrong = [*missing(rows), *replay["wrong"]]
    wrong += [f"not measured: {path.relative_to(ROOT)}" for path in (COMMANDS, LOADING) if not path.exists()]
    if wrong:
        print(*wrong, sep="\n")
        return 1
    when = datetime.fromtimestamp(RESULT.stat().st_mtime, UTC).date().isoformat()
    PAGE.write_text(page(rows, when), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
