"""A query whose SQL is worked out once, for the few that run while others wait for a place.

Django builds the SQL of a query anew each time; for a wide one that is ten times the database's own work.
Here the queryset is built once with marks in place of its values, and each run puts the values in.
"""

from collections.abc import Callable, Hashable
from copy import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=Model)

_FIRST: Final = datetime(1901, 1, 1, tzinfo=UTC)


def _mark(kind: type, number: int) -> Hashable:
    """A value of that type that nobody would write into a query."""
    marks: dict[type, Hashable] = {
        UUID: UUID(int=(0xFEED << 112) + number),
        datetime: _FIRST + timedelta(minutes=number),
        date: date(1901, 1, 1) + timedelta(days=number),
    }
    return marks[kind]


class Prepared(Generic[Row]):
    """`build` makes the queryset from keyword arguments of the types given in `kinds`.

    It must pass them on as they are: a moment reckoned from another would be the same in every run, and is
    refused when the query is first worked out.
    """

    def __init__(self, build: Callable[..., QuerySet[Row, Row]], **kinds: type) -> None:
        self._build = build
        self._kinds = kinds
        self._ready: tuple[QuerySet[Row, Row], Any, str, list[tuple[bool, Any]]] | None = None

    def rows(self, **values: Any) -> list[Row]:
        """Runs the query."""
        queryset, compiler, sql, slots = self._ready or self._work_out()
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[slot] if is_name else slot for is_name, slot in slots])
            found = cursor.fetchall()
        # Django's own way from rows to objects, with the rows at hand.
        compiler = copy(compiler)
        compiler.execute_sql = lambda **options: [found]
        again = copy(queryset)
        again.query = copy(queryset.query)
        again.query.get_compiler = lambda *where, **options: compiler  # type: ignore[method-assign]  # this copy only
        return list(ModelIterable(again))

    def _work_out(self) -> tuple[QuerySet[Row, Row], Any, str, list[tuple[bool, Any]]]:
        marks = {name: _mark(kind, number) for number, (name, kind) in enumerate(self._kinds.items(), 1)}
        names = {(type(mark), mark): name for name, mark in marks.items()}
        queryset = self._build(**marks)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        slots: list[tuple[bool, Any]] = []
        for parameter in parameters:
            name = names.get((type(parameter), parameter)) if isinstance(parameter, Hashable) else None
            if name is None and isinstance(parameter, (UUID, date)):
                raise ValueError(f"a value of the prepared query is reckoned from another: {parameter}")
            slots.append((name is not None, name if name is not None else parameter))
        if missing := set(self._kinds) - {slot for is_name, slot in slots if is_name}:
            raise ValueError(f"not used in the prepared query: {missing}")
        self._ready = queryset, compiler, sql, slots
        return self._ready
