"""A month's roster for every commune of a nation, and what a simple way would cost beside it.

    python benchmarks/national_roster.py [--communes N] [--processes N] [--sharing PART] [--days N] [--seed N]

Communes that share people are one problem; each is solved and then checked by the independent check. Printed:
how many communes are proven optimal or within 0.1 %, hard violations, seconds per commune, and wall time.
Beside it, on a sample in the same run: the greedy roster's cost, and the solver as it comes (one worker,
default parameters, same model, ten seconds at most). Targets on two processes: 3,321 communes in 300 s, at
least 99 % proven or within 0.1 %, no violation; a month for thirty members and two posts with every rule on
in 10 s within 1 % of its bound. Seconds depend on the machine and its load, ratios less so.
"""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.roster_nation import COMMUNES, DAYS, Group, groups, problem  # noqa: E402 - as above
from planning.rostering import Stop, check, solve  # noqa: E402 - as above
from planning.rostering.greedy import greedy  # noqa: E402 - as above
from planning.rostering.recount import recount  # noqa: E402 - as above

CLOSE = 0.001
# The work on one group at most, in the time of the solver: about seconds on a quiet machine.
EFFORT = 2.0
SAMPLE_EVERY = 25
PLAIN_SECONDS = 10.0


@dataclass(frozen=True)
class Outcome:
    """What one group of communes gave; `greedy` is None outside the sample."""

    communes: int
    seconds: float
    proven: bool
    gap: float
    objective: int
    bound: float
    violations: int
    greedy: int | None


def solve_group(work: tuple[Group, int, bool]) -> Outcome:
    """Makes, solves and checks one group's roster; the time is that of solving."""
    group, days, sampled = work
    made = problem(group, days=days)
    began = time.perf_counter()
    result = solve(made, seed=group.seed, effort=EFFORT)
    seconds = time.perf_counter() - began
    simple = recount(made, greedy(made)).total if sampled else None
    return Outcome(
        len(group.communes),
        seconds,
        result.proven,
        result.gap,
        result.objective.total,
        result.bound,
        len(check(made, result).violations),
        simple,
    )


def plain_solver(group: Group) -> tuple[float, bool]:
    """Seconds of the solver with one worker and its own parameters on the same model, and whether proven."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - only for the comparison

    from planning.rostering.engine.build import build  # noqa: PLC0415 - as above
    from planning.rostering.seats import open_seats  # noqa: PLC0415 - as above

    made = problem(group)
    draft = build(made, open_seats(made))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = PLAIN_SECONDS
    status = solver.solve(draft.cp)
    return solver.wall_time, status == cp_model.OPTIMAL


def report(outcomes: list[Outcome], wall: float, processes: int) -> None:
    """Prints the nation's figures; `wall` holds the making of the problems and the checks as well."""
    communes = sum(one.communes for one in outcomes)
    each = sorted(one.seconds / one.communes for one in outcomes for _ in range(one.communes))
    proven = sum(one.communes for one in outcomes if one.proven)
    good = sum(one.communes for one in outcomes if one.proven or one.gap <= CLOSE)
    objective, bound = sum(one.objective for one in outcomes), sum(one.bound for one in outcomes)
    largest = max(one.communes for one in outcomes)
    print(f"communes            {communes} in {len(outcomes)} groups, largest {largest}")
    print(f"hard violations     {sum(one.violations for one in outcomes)}")
    print(f"proven optimal      {proven} ({proven / communes:.2%})")
    print(f"proven or <= 0.1 %  {good} ({good / communes:.2%})")
    print(f"whole nation's gap  {(objective - bound) / max(1, objective):.4%}")
    p95 = quantiles(each, n=20)[-1] if len(each) > 1 else each[0]
    print(f"seconds a commune   median {median(each):.3f}, p95 {p95:.3f}, max {each[-1]:.3f}")
    solving = sum(one.seconds for one in outcomes) / processes
    print(f"wall                {wall:.1f} s (all: about {wall * COMMUNES / communes:.0f} s)")
    print(f"solving alone       {solving:.1f} s (all: about {solving * COMMUNES / communes:.0f} s)")
    sample = [one for one in outcomes if one.greedy is not None]
    ratio = sum(one.greedy or 0 for one in sample) / max(1, sum(one.objective for one in sample))
    print(f"greedy costs        {ratio:.1f} times as much (sample of {len(sample)} groups)")


def compare_plain(alone: list[Group]) -> None:
    """Prints how the solver fares as it comes, against ours on the same communes."""
    plain = [plain_solver(group) for group in alone]
    ours = [solve_group((group, DAYS, False)) for group in alone]
    seconds, own = sum(one for one, _ in plain), sum(one.seconds for one in ours)
    done = f"{sum(one for _, one in plain)} of {len(plain)}"
    print(
        f"solver as it comes  {seconds / own:.1f} times as long, {done} proven in {PLAIN_SECONDS:.0f} s"
        f" (ours {sum(one.proven for one in ours)})"
    )


def month(seed: int) -> None:
    """Prints the month for thirty members and two posts with every rule on."""
    made = problem(Group(seed, (0,), ()), every_rule=True)
    began = time.perf_counter()
    result = solve(made, seed=seed, stop=Stop(10))
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    found = check(made, result)
    checked = 1000 * (time.perf_counter() - began)
    print(
        f"month, every rule   {seconds:.2f} s, gap {result.gap:.3%}, proven {result.proven}, "
        f"{len(found.violations)} violations, check {checked:.1f} ms"
    )


def main() -> None:
    """Runs the nation, the comparison and the month."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--communes", type=int, default=COMMUNES)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--sharing", type=float, default=0.3, help="part of communes sharing with the next")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", type=int, default=10, help="communes for the solver as it comes")
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {given.processes} processes")
    nation = list(groups(given.seed, given.communes, given.sharing))
    work = [(group, given.days, at % SAMPLE_EVERY == 0) for at, group in enumerate(nation)]
    began = time.perf_counter()
    with ProcessPoolExecutor(given.processes) as pool:
        outcomes = list(pool.map(solve_group, work, chunksize=4))
    report(outcomes, time.perf_counter() - began, given.processes)
    if given.plain:
        compare_plain([group for group in nation if len(group.communes) == 1][: given.plain])
    for seed in range(3):
        month(given.seed + seed)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
