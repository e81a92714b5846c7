"""How long it takes to mend a published roster, and how many changes that needs.

    python benchmarks/repair_roster.py [--communes N] [--absent N] [--seed N]

For single communes: somebody is away for a fortnight; a day is closed by a flood. For a province (130
communes, some sharing people): a tenth of its communes each lose somebody. Beside the fewest changes stands
what solving anew from nothing would change, in the same run. Targets: 1 s for a commune, 10 s for a province.
"""

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.roster_nation import groups, problem  # noqa: E402 - the checkout first
from planning.rostering import Assignment, Problem, Repair, Stop, Window, check, repair, solve  # noqa: E402 - as above

FORTNIGHT = Window(0, 0, 14 * 1440)


def without(made: Problem, published: tuple[Assignment, ...], absent: set[str]) -> Problem:
    """The problem after these people said they cannot come for a fortnight."""
    people = tuple(replace(one, unavailable=(FORTNIGHT,)) if one.id in absent else one for one in made.people)
    return replace(made, people=people, previous=published)


def closed(made: Problem, published: tuple[Assignment, ...], day: int) -> Problem:
    """The problem after a day was closed."""
    duties = tuple(one for one in made.duties if one.day != day)
    return replace(made, duties=duties, previous=published)


def timed(broken: Problem, seed: int) -> tuple[float, Repair, int]:
    """Seconds, the repair, and its hard violations."""
    began = time.perf_counter()
    mended = repair(broken, seed=seed, stop=Stop(60))
    seconds = time.perf_counter() - began
    return seconds, mended, len(check(broken, mended.result).violations)


def anew(broken: Problem, seed: int) -> int:
    """How many duties would change hands if the month were simply solved again."""
    before = {(one.person, one.duty) for one in broken.previous or ()}
    after = solve(replace(broken, previous=None), seed=seed, stop=Stop(20)).assignments
    return len(before ^ {(one.person, one.duty) for one in after})


def show(name: str, runs: list[tuple[float, Repair, int]], others: list[int]) -> None:
    """Prints one line."""
    seconds = [one for one, _, _ in runs]
    changed = [len(mended.dropped) + len(mended.added) for _, mended, _ in runs]
    fewest = sum(mended.fewest for _, mended, _ in runs)
    anew_text = f", solved anew {median(others):.0f}" if others else ""
    print(
        f"{name:10} median {median(seconds):.2f} s, max {max(seconds):.2f} s;"
        f" changes median {median(changed):.0f}{anew_text};"
        f" fewest proven {fewest} of {len(runs)}; violations {sum(one for _, _, one in runs)}"
    )


def main() -> None:
    """Runs communes, then a province."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--communes", type=int, default=130, help="communes of the province")
    parser.add_argument("--single", type=int, default=10, help="communes mended one by one")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    alone = list(groups(given.seed, given.single, sharing=0))
    away, flood, others = [], [], []
    for group in alone:
        made = problem(group)
        published = solve(made, stop=Stop(20)).assignments
        broken = without(made, published, {published[0].person})
        away.append(timed(broken, given.seed))
        others.append(anew(broken, given.seed))
        flood.append(timed(closed(made, published, 2), given.seed))
    show("absence", away, others)
    show("closure", flood, [])
    made, published = province(given.seed, given.communes)
    absent = {f"{commune}-5" for commune in range(0, given.communes, 10)}
    show("province", [timed(without(made, published, absent), given.seed)], [])


def province(seed: int, communes: int) -> tuple[Problem, tuple[Assignment, ...]]:
    """A whole province as one problem, with a published roster."""
    parts = [problem(group) for group in groups(seed, communes)]
    made = replace(
        parts[0],
        duties=tuple(duty for one in parts for duty in one.duties),
        people=tuple(person for one in parts for person in one.people),
    )
    return made, tuple(a for one in parts for a in solve(one, stop=Stop(5)).assignments)


if __name__ == "__main__":
    main()
