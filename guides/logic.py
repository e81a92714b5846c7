"""Three-valued logic over rule trees: true, false, or None for "not known yet".

Responsible for turning raw answers into definite values and for the truth of a rule. The meaning is kept
small on purpose, because a second evaluator in TypeScript must give the same result byte for byte:

* a rule is absent (always true) or one of {all: […]}, {any: […]}, {not: r}, {fact: f, <comparisons>};
* several comparisons in one node must all hold, so {fact: n, ge: 14, lt: 16} is a range;
* an unanswered fact, "unknown", a value that does not fit its fact, and a malformed node are all None;
* None is Kleene's unknown: a rule is only true (false) when every way to fill the gaps makes it so.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from .model import LARGEST_NUMBER, Fact

UNKNOWN = "unknown"
MAX_DEPTH = 24
COMPARISONS = ("is", "in", "lt", "le", "gt", "ge", "age")
NODES = ("all", "any", "not", "fact")
NOTHING: frozenset[str] = frozenset()

Truth = bool | None
Value = str | int | float
Rule = Any
Known = Mapping[str, Value]
Facts = Mapping[str, Fact]

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def read_date(value: Any) -> date | None:
    """The calendar day written as YYYY-MM-DD, or None when it is no such day."""
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def read_number(value: Any) -> int | float | None:
    """A finite number from a number or its plain decimal text; whole numbers come back as int."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:  # nor is it a number when it is "not a number"
        return None
    return int(value) if value == int(value) else value


def plain(value: Any) -> Any:
    """JSON true and false are the same answers as the words yes and no."""
    if value is True:
        return "yes"
    if value is False:
        return "no"
    return value


def definite(fact: Fact, value: Any) -> Value | None:
    """The value as this fact understands it, or None: not answered, "don't know", or not possible."""
    value = plain(value)
    if fact.type == "number":
        return read_number(value)
    if fact.type == "date":
        return value if read_date(value) else None
    if not isinstance(value, str) or value == UNKNOWN:
        return None
    return value if value in fact.values else None


def is_dont_know(value: Any) -> bool:
    """True when the person was asked and said "don't know"."""
    return value is None or (isinstance(value, str) and value == UNKNOWN)


def known(facts: Facts, answers: Mapping[str, Any]) -> dict[str, Value]:
    """Only the answers that say something definite about a fact of this guide, in the guide's order."""
    result: dict[str, Value] = {}
    for fact in facts.values():
        value = definite(fact, answers.get(fact.id))
        if value is not None:
            result[fact.id] = value
    return result


def negate(value: Truth) -> Truth:
    return None if value is None else not value


def all_of(values: Iterable[Truth]) -> Truth:
    """False if any is false, else unknown if any is unknown, else true."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """True if any is true, else unknown if any is unknown, else false."""
    return negate(all_of(negate(value) for value in values))


def age_on(born: date, on: date) -> int:
    """Completed years on a day (someone born on 29 February completes a year on 1 March)."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _ordered(operator: str, left: Any, right: Any) -> bool:
    if operator == "lt":
        return bool(left < right)
    if operator == "le":
        return bool(left <= right)
    if operator == "gt":
        return bool(left > right)
    return bool(left >= right)


def _compare_order(fact: Fact, operator: str, value: Value, bound: Any) -> Truth:
    if fact.type == "number":
        limit = read_number(bound)
        return None if limit is None else _ordered(operator, value, limit)
    if fact.type == "date":
        # ISO dates of equal length compare as text exactly as they compare as days.
        return _ordered(operator, value, bound) if read_date(bound) else None
    return None


def _compare_age(fact: Fact, value: Value, bounds: Any, on: date) -> Truth:
    born = read_date(value)
    if fact.type != "date" or born is None or not isinstance(bounds, Mapping) or not bounds:
        return None
    years = age_on(born, on)
    results: list[Truth] = []
    for operator, bound in bounds.items():
        limit = read_number(bound)
        fits = operator in ("lt", "le", "gt", "ge") and limit is not None
        results.append(_ordered(operator, years, limit) if fits else None)
    return all_of(results)


def _compare(fact: Fact, operator: str, value: Value, operand: Any, on: date) -> Truth:
    if operator == "age":
        return _compare_age(fact, value, operand, on)
    if operator in ("lt", "le", "gt", "ge"):
        return _compare_order(fact, operator, value, operand)
    choices = operand if operator == "in" else [operand]
    if not isinstance(choices, list | tuple):
        return None
    wanted = [definite(fact, choice) for choice in choices]
    if value in [choice for choice in wanted if choice is not None]:
        return True
    # A value the fact cannot take is a fault of the guide: not known, rather than silently "no".
    return None if None in wanted else False


def _leaf(rule: Mapping[str, Any], facts: Facts, answers: Known, on: date) -> Truth:
    name = rule.get("fact")
    fact = facts.get(name) if isinstance(name, str) else None
    operators = [key for key in COMPARISONS if key in rule]
    if fact is None or not operators or len(rule) != len(operators) + 1:
        return None
    value = answers.get(fact.id)
    if value is None:
        return None
    return all_of(_compare(fact, key, value, rule[key], on) for key in operators)


def children(rule: Rule) -> tuple[str, list[Rule]] | None:
    """The kind of node and its child rules; None when the node is malformed."""
    if not isinstance(rule, Mapping):
        return None
    kinds = [kind for kind in NODES if kind in rule]
    if len(kinds) != 1:
        return None
    kind = kinds[0]
    if kind == "fact":
        return kind, []
    if len(rule) != 1:
        return None
    if kind == "not":
        return kind, [rule["not"]]
    inner = rule[kind]
    return (kind, list(inner)) if isinstance(inner, list | tuple) else None


def judge(rule: Rule, facts: Facts, answers: Known, on: date, depth: int = 0) -> tuple[Truth, frozenset[str]]:
    """Truth of a rule, and the facts without an answer that can still decide it. See `truth`, `pending`."""
    if rule is None and depth == 0:
        return True, NOTHING
    node = children(rule)
    if node is None or depth > MAX_DEPTH:
        return None, NOTHING
    kind, inner = node
    if kind == "fact":
        state = _leaf(rule, facts, answers, on)
        name = rule["fact"]
        asked = state is None and isinstance(name, str) and name in facts and name not in answers
        return state, frozenset({name}) if asked else NOTHING
    judged = [judge(child, facts, answers, on, depth + 1) for child in inner]
    states = [state for state, _ in judged]
    state = any_of(states) if kind == "any" else all_of(states)
    if kind == "not":
        state = negate(state)
    return state, NOTHING if state is not None else NOTHING.union(*(waiting for _, waiting in judged))


def truth(rule: Rule, facts: Facts, answers: Known, on: date) -> Truth:
    """Truth of a rule on a day, given definite answers (see `known`). Never raises."""
    return judge(rule, facts, answers, on)[0]


def pending(rule: Rule, facts: Facts, answers: Known, on: date) -> frozenset[str]:
    """Facts without a definite answer that can still decide this rule (none once it is decided)."""
    return judge(rule, facts, answers, on)[1]
