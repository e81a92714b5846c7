"""How far forecasts of visitors lie from who came, beside what anybody could guess without them.

    python benchmarks/forecast.py [FILE] [--points N] [--weeks N] [--seed N]

Counts of service points are drawn from shapes that are known: each half-day has a true mean, and who comes is
chance around it. The last 28 days are held out; nothing is learnt from them. Printed for each shape, in
visitors a half-day, is the mean absolute error of our two methods, of the one that the product would choose
without having seen those days (`moving`: how often the moving level), and of three guesses: the last known
week again, the mean of the same half-day of the week, the mean of everything. `truth` is what chance leaves
to somebody who knows the true means: nobody can be better for long. `ratio` is the chosen one against the
best of the guesses; below 1 it is better.

FILE is a CSV of real counts with the columns date (2026-11-23), part, visitors and, if known, holiday (yes).
"""

import argparse
import csv
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import fmean

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from planning.forecasting import Count, Forecast, Method, Slot, forecast

LAST = date(2026, 11, 22)
# Monday to Friday both halves, Saturday the morning: how the same half-day of the week differs.
WEEK = {
    (0, "morning"): 1.6, (0, "afternoon"): 1.0, (1, "morning"): 1.2, (1, "afternoon"): 0.8,
    (2, "morning"): 1.0, (2, "afternoon"): 0.7, (3, "morning"): 1.1, (3, "afternoon"): 0.8,
    (4, "morning"): 1.2, (4, "afternoon"): 0.6, (5, "morning"): 0.7,
}  # fmt: skip
# One short and one long holiday while we learn, one short one while we are judged.
DAYS_OFF = frozenset(
    LAST - timedelta(days=ago) for ago in (12, 82, 83, *range(120, 126))
)  # fmt: skip
Mean = Callable[[date, str], float]
# Predicted visitors of each held-out half-day.
Guess = Callable[[Sequence[Count], Sequence[Count]], list[float]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A truth to be found: the mean of a half-day, how far single ones stray, whether holidays matter."""

    name: str
    mean: Mean
    # 0: chance alone (Poisson); more: some half-days are busy, some quiet, for no reason that is known.
    stray: float = 0.0
    holidays: bool = False


def _weekly(day: date, part: str) -> float:
    return 20 * WEEK[day.weekday(), part]


def _growing(day: date, part: str) -> float:
    return _weekly(day, part) * math.pow(1.02, -(LAST - day).days / 7)


def _step(day: date, part: str) -> float:
    """Since seven weeks the centre serves two communes more."""
    return _weekly(day, part) * (1.7 if (LAST - day).days < 49 else 1.0)


def _with_days_off(day: date, part: str) -> float:
    """A third comes on holidays, half as many more on the first working day after."""
    before = day - timedelta(days=1)
    while before.weekday() >= 5 and before not in DAYS_OFF:
        before -= timedelta(days=1)
    if day in DAYS_OFF:
        return _weekly(day, part) * 0.35
    return _weekly(day, part) * (1.5 if before in DAYS_OFF else 1.0)


SHAPES = (
    Shape("flat", lambda _day, _part: 20.0),
    Shape("few", lambda day, part: _weekly(day, part) / 10),
    Shape("seasonal", _weekly),
    Shape("trend", _growing),
    Shape("step", _step),
    Shape("holidays", _with_days_off, holidays=True),
    Shape("noise", _weekly, stray=0.6),
)


def chance(random: Random, mean: float) -> int:
    """A Poisson number: multiplied uniform numbers until they fall below e to the minus mean."""
    left, count = math.exp(-mean), -1
    reached = 1.0
    while reached > left:
        reached *= random.random()
        count += 1
    return count


def history(shape: Shape, random: Random, weeks: int) -> Iterator[tuple[Count, float]]:
    """Half-days of one service point with their true means, oldest first."""
    size = random.uniform(0.6, 1.6)
    for ago in range(weeks * 7 - 1, -1, -1):
        day = LAST - timedelta(days=ago)
        for part in ("afternoon", "morning"):
            if (day.weekday(), part) not in WEEK:
                continue
            mean = size * shape.mean(day, part)
            shaken = mean * random.gammavariate(1 / shape.stray**2, shape.stray**2) if shape.stray else mean
            yield Count(day, part, chance(random, shaken), shape.holidays and day in DAYS_OFF), mean


def same_half_day(known: Sequence[Count], held: Sequence[Count]) -> list[float]:
    """What the last known week brought."""
    last = {(one.day.weekday(), one.part): float(one.visitors) for one in known}
    return [last.get((one.day.weekday(), one.part), 0.0) for one in held]


def same_mean(known: Sequence[Count], held: Sequence[Count]) -> list[float]:
    """The mean of the same half-day of the week."""
    found: dict[tuple[int, str], list[int]] = {}
    for one in known:
        found.setdefault((one.day.weekday(), one.part), []).append(one.visitors)
    return [fmean(found.get((one.day.weekday(), one.part), [0])) for one in held]


def overall_mean(known: Sequence[Count], held: Sequence[Count]) -> list[float]:
    """The mean of everything."""
    return [fmean(one.visitors for one in known)] * len(held)


GUESSES: dict[str, Guess] = {"last week": same_half_day, "its mean": same_mean, "all mean": overall_mean}
COLUMNS = ("seasonal", "moving", "chosen", *GUESSES, "truth")


@dataclass(slots=True)
class Score:
    """Mean absolute errors of many service points of one shape, how long it took, how often which method."""

    errors: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    seconds: list[float] = field(default_factory=list)
    moving: int = 0

    def add(self, counts: Sequence[Count], means: Sequence[float] | None) -> None:
        """Judges one history; its methods are told by the forecast itself, for the same days."""
        told = forecast(counts, [])
        if told.seasonal_error is None or told.moving_level_error is None:
            raise SystemExit("Too few days: at least two weeks of counts are needed.")
        known, held = counts[: -told.held_out], counts[-told.held_out :]
        began = time.perf_counter()
        chosen = forecast(known, [Slot(one.day, one.part, one.holiday) for one in held])
        self.seconds.append(time.perf_counter() - began)
        self.moving += chosen.method is Method.MOVING_LEVEL
        self.errors["seasonal"].append(told.seasonal_error)
        self.errors["moving"].append(told.moving_level_error)
        self.errors["chosen"].append(_error(held, _expected(chosen, held)))
        for name, guess in GUESSES.items():
            self.errors[name].append(_error(held, guess(known, held)))
        if means is not None:
            self.errors["truth"].append(_error(held, means[-told.held_out :]))

    def line(self, name: str) -> str:
        """One row of the table."""
        middle = {key: fmean(found) for key, found in self.errors.items() if found}
        cells = "".join(f"{middle[key]:11.2f}" if key in middle else f"{'–':>11}" for key in COLUMNS)
        best = min(middle[key] for key in GUESSES)
        ratio = middle["chosen"] / best if best else 1.0
        took = fmean(self.seconds) * 1000
        return f"{name:10}{cells}{ratio:8.2f}{self.moving / len(self.seconds):9.0%}{took:8.1f} ms"


def _expected(made: Forecast, held: Sequence[Count]) -> list[float]:
    found = {(one.slot.day, one.slot.part): one.visitors for one in made.predictions}
    return [found[one.day, one.part] for one in held]


def _error(held: Sequence[Count], guessed: Sequence[float]) -> float:
    return fmean(abs(one.visitors - guess) for one, guess in zip(held, guessed, strict=True))


def read(file: Path) -> list[Count]:
    """Real counts, oldest first."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        counts = [
            Count(
                date.fromisoformat(row["date"].strip()),
                row["part"].strip(),
                int(row["visitors"]),
                (row.get("holiday") or "").strip().lower() in {"1", "yes", "true"},
            )
            for row in csv.DictReader(lines)
        ]
    return sorted(counts, key=lambda one: (one.day, one.part))


def main() -> None:
    """Prints a row for each shape, and one for the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", help="real counts")
    parser.add_argument("--points", type=int, default=100, help="service points of each shape")
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    titles = "".join(f"{name:>11}" for name in COLUMNS)
    print(f"{'shape':10}{titles}{'ratio':>8}{'moving':>9}{'each':>11}")
    for shape in SHAPES:
        score = Score()
        for point in range(given.points):
            drawn = list(history(shape, Random(f"{given.seed} {shape.name} {point}"), given.weeks))
            score.add([count for count, _mean in drawn], [mean for _count, mean in drawn])
        print(score.line(shape.name))
    if given.file:
        score = Score()
        score.add(read(given.file), None)
        print(score.line("file"))


if __name__ == "__main__":
    main()
