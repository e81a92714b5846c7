"""The shape of an indicator."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Aggregate, QuerySet
from django.utils.functional import Promise

from nhipcau.reports.indicators.columns import Columns


@dataclass(frozen=True, slots=True)
class Counted:
    """A number counted from rows. `rows(start, end)` are exactly the rows of the days `[start, end)`.

    `commune` and `day` are the lookups from a row to its commune's code and its day; `measure` is
    the aggregate over the rows, a plain count unless said otherwise. `columns` is what an opened figure
    shows of each row.
    """

    name: str
    label: Promise
    definition: Promise
    unit: Promise
    rows: Callable[[date, date], QuerySet[Any]]
    commune: str
    day: Any
    measure: Aggregate
    columns: Columns


@dataclass(frozen=True, slots=True)
class Derived:
    """`numerator / denominator` times `scale`, rounded to `digits`; nothing when the denominator is 0.

    Without a denominator it is the numerator in another unit, such as hours made of minutes.
    """

    name: str
    label: Promise
    definition: Promise
    unit: Promise
    numerator: str
    denominator: str
    scale: float = 1
    digits: int = 1

    def of(self, values: dict[str, int]) -> float | None:
        """The quotient of counted values (indicator name -> number)."""
        below = values.get(self.denominator, 0) if self.denominator else 1
        if not below:
            return None
        return round(self.scale * values.get(self.numerator, 0) / below, self.digits)

    @property
    def opens_to(self) -> str:
        """The counted indicator whose rows this one opens to."""
        return self.denominator or self.numerator
