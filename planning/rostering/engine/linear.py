"""A model read as linear rows, and written down for the solver of linear programs.

Responsible for arrays only: what `build` writes has an exact linear form over whole numbers here (all but the
rare products), so that the same rows serve as a relaxation and, with whole numbers asked for, as the problem.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2

from .draft import Draft

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
# The solver of the model writes "no limit" as a number beyond this.
UNLIMITED = 2**60


@dataclass(frozen=True, slots=True)
class Linear:
    """Minimise cost · x with low <= A x <= high and lower <= x <= upper.

    A is given by its entries, in the order of rows and columns: `row`, `column` and `factor` of each. Not
    `exact`: the model has products, of which only the tangents are here; a relaxation, but not the problem.
    From the row `covers_from` on, all rows speak of duties; those before it of people.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    low: Floats
    high: Floats
    row: Whole
    column: Whole
    factor: Floats
    exact: bool
    covers_from: int = 0


@dataclass(slots=True)
class _Rows:
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def add(self, columns: Sequence[int], factors: Sequence[float], low: float, high: float) -> None:
        self.columns.extend(columns)
        self.factors.extend(factors)
        self.lengths.append(len(columns))
        self.low.append(low)
        self.high.append(high)

    def add_literals(self, literals: Iterable[int], low: float, high: float) -> None:
        """The sum of literals; a literal below 0 is the negation of variable -literal-1."""
        signed = [(at, 1.0) if at >= 0 else (-at - 1, -1.0) for at in literals]
        negated = sum(sign < 0 for _, sign in signed)
        self.add([at for at, _ in signed], [sign for _, sign in signed], low - negated, high - negated)


def read(draft: Draft) -> Linear:
    """The model's rows, in its own order. Raises ValueError for a kind of constraint `build` never writes."""
    rows = _Rows()
    proto = draft.cp.proto
    exact = True
    covers_from = None
    for at, one in enumerate(proto.constraints):
        if at == draft.covers_from:
            covers_from = len(rows.lengths)
        if one.has_linear() and not one.enforcement_literal:
            domain = list(one.linear.domain)
            low = domain[0] if domain[0] > -UNLIMITED else -np.inf
            high = domain[-1] if domain[-1] < UNLIMITED else np.inf
            rows.add(list(one.linear.vars), list(one.linear.coeffs), low, high)
        elif one.has_int_prod():
            exact = False
        else:
            _add_logical(rows, one)
    bounds = _bounds(draft)
    cost = np.zeros(len(bounds[0]))
    np.add.at(cost, list(proto.objective.vars), np.array(list(proto.objective.coeffs), float))
    # Where nothing is written of any duty, all rows speak of people.
    covers = len(rows.lengths) if covers_from is None else covers_from
    return replace(_linear(rows, cost, bounds, exact=exact), covers_from=covers)


def _bounds(draft: Draft) -> tuple[Floats, Floats]:
    """What the draft remembers; where the library has added constants, what the model says."""
    variables = draft.cp.proto.variables
    if len(variables) == len(draft.upper):
        return np.array(draft.lower, float), np.array(draft.upper, float)
    domains = [list(variable.domain) for variable in variables]
    return np.array([one[0] for one in domains], float), np.array([one[-1] for one in domains], float)


def _add_logical(rows: _Rows, one: Any) -> None:
    """What is said about true and false: every such sentence is a row or some."""
    negated = [-at - 1 for at in one.enforcement_literal]
    if one.has_at_most_one():
        rows.add_literals(one.at_most_one.literals, -np.inf, 1)
    elif one.has_bool_or():
        rows.add_literals([*one.bool_or.literals, *negated], 1, np.inf)
    elif one.has_bool_and():
        for literal in one.bool_and.literals:
            rows.add_literals([literal, *negated], 1, np.inf)
    elif one.has_lin_max():
        _add_any(rows, one.lin_max.target.vars[0], [some.vars[0] for some in one.lin_max.exprs])
    else:
        raise ValueError(f"no linear form is known for: {one}")


def _add_any(rows: _Rows, target: int, parts: Sequence[int]) -> None:
    """The target is 1 when any of the parts is, else 0."""
    for part in parts:
        rows.add([target, part], [1, -1], 0, np.inf)
    rows.add([*parts, target], [*([1] * len(parts)), -1], 0, np.inf)


def _linear(rows: _Rows, cost: Floats, bounds: tuple[Floats, Floats], *, exact: bool) -> Linear:
    width = len(cost)
    row = np.repeat(np.arange(len(rows.lengths)), rows.lengths)
    places, entry = np.unique(row * width + np.array(rows.columns, np.int64), return_inverse=True)
    factors = np.bincount(entry, weights=np.array(rows.factors, float), minlength=len(places))
    return Linear(
        cost,
        *bounds,
        np.array(rows.low, float),
        np.array(rows.high, float),
        places // width,
        places % width,
        factors.astype(float),  # already so; numpy types say whole numbers
        exact,
    )


def write(linear: Linear, lower: Floats, upper: Floats, *, whole: bool) -> model_pb2.ModelProto:
    """The problem within these bounds of the variables, all of them whole numbers or none."""
    message = model_pb2.ModelProto()
    message.variables.ids.extend(range(len(lower)))
    message.variables.lower_bounds.extend(lower.tolist())
    message.variables.upper_bounds.extend(upper.tolist())
    message.variables.integers.extend([whole] * len(lower))
    priced = np.nonzero(linear.cost)[0]
    message.objective.linear_coefficients.ids.extend(priced.tolist())
    message.objective.linear_coefficients.values.extend(linear.cost[priced].tolist())
    message.linear_constraints.ids.extend(range(len(linear.low)))
    message.linear_constraints.lower_bounds.extend(linear.low.tolist())
    message.linear_constraints.upper_bounds.extend(linear.high.tolist())
    message.linear_constraint_matrix.row_ids.extend(linear.row.tolist())
    message.linear_constraint_matrix.column_ids.extend(linear.column.tolist())
    message.linear_constraint_matrix.coefficients.extend(linear.factor.tolist())
    return message


def costing_at_most(linear: Linear, limit: int) -> Linear:
    """The same rows and one more: the cost is at most this."""
    priced = np.nonzero(linear.cost)[0]
    return replace(
        linear,
        low=np.append(linear.low, -np.inf),
        high=np.append(linear.high, limit),
        row=np.append(linear.row, np.full(len(priced), len(linear.low))),
        column=np.append(linear.column, priced),
        factor=np.append(linear.factor, linear.cost[priced]),
    )
