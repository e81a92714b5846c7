"""Problems and results as JSON: a versioned format, read with distrust and written without defaults.

Responsible for turning dataclasses into plain data and back. Reading checks every type, refuses names it does
not know, and says where a fault is ("people[3].limits.rest: ..."). What fits together is checked by `sound`.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from .errors import UnableToReadProblem, UnableToReadResult
from .problem import Problem
from .result import Result
from .sound import check_sound

PROBLEM_FORMAT = "nhipcau.roster.problem/1"
RESULT_FORMAT = "nhipcau.roster.result/1"
LARGEST = 10**6
LONGEST_TEXT = 200


class _Fault(Exception):
    """Where and what; turned into the public error at the door."""


def to_json(problem: Problem) -> str:
    """The problem as one JSON document; what equals its default is left out."""
    return json.dumps({"format": PROBLEM_FORMAT} | plain(problem), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str | bytes) -> Problem:
    """The problem in a JSON document. Raises UnableToReadProblem with the place and the fault."""
    try:
        problem: Problem = _value(Problem, _content(text, PROBLEM_FORMAT), "")
    except _Fault as fault:
        raise UnableToReadProblem(str(fault)) from None
    check_sound(problem)
    return problem


def result_to_json(result: Result) -> str:
    """The result as one JSON document."""
    return json.dumps({"format": RESULT_FORMAT} | plain(result), ensure_ascii=False, separators=(",", ":"))


def result_from_json(text: str | bytes) -> Result:
    """The result in a JSON document. Raises UnableToReadResult with the place and the fault."""
    try:
        result: Result = _value(Result, _content(text, RESULT_FORMAT), "")
    except _Fault as fault:
        raise UnableToReadResult(str(fault)) from None
    return result


def plain(thing: Any) -> Any:
    """Dataclasses, tuples, dates and mappings as JSON knows them."""
    if is_dataclass(thing):
        return {
            f.name: plain(value) for f in fields(thing) if (value := getattr(thing, f.name)) != _default(f)
        }
    if isinstance(thing, tuple):
        return [plain(one) for one in thing]
    if isinstance(thing, Mapping):
        return {key: plain(thing[key]) for key in sorted(thing)}
    return thing.isoformat() if isinstance(thing, date) else thing


def _default(f: "Field[Any]") -> Any:
    return f.default_factory() if f.default_factory is not MISSING else f.default


def _content(text: str | bytes, expected: str) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _Fault(f"not a JSON document: {error}"[:LONGEST_TEXT]) from None
    if not isinstance(data, dict):
        raise _Fault("not a JSON object")
    if (found := data.pop("format", None)) != expected:
        raise _Fault(f"format: expected {expected!r}, got {_shown(found)}")
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's names and values; a name that comes twice is refused, for one value would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _shown(value: Any) -> str:
    return repr(value)[:60]


@cache
def _shape(cls: type) -> tuple[dict[str, Any], frozenset[str]]:
    """The types of a dataclass's fields, and the names that have no default."""
    required = {
        f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING
    }  # fmt: skip
    hints = get_type_hints(cls)
    return {f.name: hints[f.name] for f in fields(cls)}, frozenset(required)


def _value(kind: Any, data: Any, where: str) -> Any:
    """Data read as a type: a dataclass, tuple, mapping, union with None, enum or plain value."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        inner = next(one for one in get_args(kind) if one is not types.NoneType)
        return None if data is None else _value(inner, data, where)
    if origin is tuple:
        return _sequence(get_args(kind)[0], data, where)
    if origin is Mapping:
        return _mapping(get_args(kind)[1], data, where)
    if is_dataclass(kind):
        return _instance(kind, data, where)
    return _plain_value(kind, data, where)


def _sequence(kind: Any, data: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise _Fault(f"{where}: expected a list, got {_shown(data)}")
    return tuple(_value(kind, one, f"{where}[{at}]") for at, one in enumerate(data))


def _mapping(kind: Any, data: Any, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _Fault(f"{where}: expected an object, got {_shown(data)}")
    return {
        _plain_value(str, key, where): _value(kind, one, f"{where}.{key[:60]}") for key, one in data.items()
    }


def _instance(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise _Fault(f"{where or 'document'}: expected an object, got {_shown(data)}")
    shape, required = _shape(kind)
    if unknown := sorted(data.keys() - shape.keys()):
        raise _Fault(f"{_at(where, unknown[0][:60])}: unknown name")
    if missing := sorted(required - data.keys()):
        raise _Fault(f"{_at(where, missing[0])}: missing")
    return kind(**{name: _value(shape[name], one, _at(where, name)) for name, one in data.items()})


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _plain_value(kind: type, data: Any, where: str) -> Any:
    read = _READERS.get(kind) or (_enum if issubclass(kind, StrEnum) else None)
    assert read is not None, kind
    return read(data, where) if read is not _enum else _enum(data, where, kind)


def _integer(data: Any, where: str) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or abs(data) > LARGEST:
        raise _Fault(f"{where}: expected a whole number up to {LARGEST}, got {_shown(data)}")
    return data


def _number(data: Any, where: str) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise _Fault(f"{where}: expected a number, got {_shown(data)}")
    return float(data)


def _text(data: Any, where: str) -> str:
    if not isinstance(data, str) or len(data) > LONGEST_TEXT:
        raise _Fault(f"{where}: expected a text of up to {LONGEST_TEXT} characters, got {_shown(data)}")
    return data


def _truth(data: Any, where: str) -> bool:
    if not isinstance(data, bool):
        raise _Fault(f"{where}: expected true or false, got {_shown(data)}")
    return data


def _date(data: Any, where: str) -> date:
    try:
        return date.fromisoformat(data)
    except (TypeError, ValueError):
        raise _Fault(f"{where}: expected a date such as 2026-11-22, got {_shown(data)}") from None


def _enum(data: Any, where: str, kind: Any = StrEnum) -> Any:
    known = [one.value for one in kind]
    if data not in known:
        raise _Fault(f"{where}: expected one of {', '.join(known)}, got {_shown(data)}")
    return kind(data)


_READERS: dict[type, Any] = {int: _integer, float: _number, str: _text, bool: _truth, date: _date}
