"""Prices for people whom several clusters share, from the linear relaxation of the whole.

Responsible for where the exchange between clusters begins. What a seat is worth to its duty, by the prices of
the duty's rows, is what its cluster would pay for the person; what it costs the person's other duties is what
the home cluster would ask. At the relaxation's best the two agree, or lie a reduced cost apart; the price is
set in the middle. With these prices the clusters' relaxations add up to the whole's.
"""

from collections.abc import Mapping

import numpy as np

from planning.rostering.problem import Problem
from planning.rostering.seats import Seats

from .build import build
from .linear import read
from .relaxation import relax


def opening_prices(
    problem: Problem, seats: Seats, away: Mapping[int, frozenset[int]], seconds: float | None
) -> dict[tuple[int, int], int]:
    """The price of each (person, duty outside the person's home); none without a relaxation in time."""
    draft = build(problem, seats)
    linear = read(draft)
    relaxation = relax(linear, seconds)
    if relaxation is None:
        return {}
    of_duties = linear.row >= linear.covers_from
    paid = (linear.factor * relaxation.duals[linear.row])[of_duties]
    worth = np.bincount(linear.column[of_duties], weights=paid, minlength=len(linear.cost))
    prices = {}
    for p, row in enumerate(seats.open):
        for d, needs in row:
            if d in away.get(p, ()):
                columns = [draft.seats[p, d, n].index for n in needs]
                middle = worth[columns].max() + relaxation.reduced[columns].min() / 2
                prices[p, d] = round(float(middle))
    return prices
