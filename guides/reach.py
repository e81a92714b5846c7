"""Can every question and every paper of a guide matter?

Responsible for the rules of one version: facts and values that do not exist, rules that are always false,
papers nobody can reach, questions that change nothing, answers that lead to an empty list. Rules over few
facts are tried with every kind of answer; larger ones are left to three-valued logic alone.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

from . import logic
from .model import Fact, Version

MAX_COMBINATIONS = 5_000

Found = Iterator[tuple[str, str]]


def rules_of(version: Version) -> Iterator[tuple[str, Any]]:
    """Every rule of a version, with its path inside the version."""
    for i, requirement in enumerate(version.requirements):
        yield f"requirements[{i}].when", requirement.when
        for j, evidence in enumerate(requirement.evidence):
            yield f"requirements[{i}].evidence[{j}].when", evidence.when
    groups = (("fees", version.fees), ("time_limits", version.time_limits), ("channels", version.channels))
    for key, rows in groups:
        for i, row in enumerate(rows):
            yield f"{key}[{i}].when", row.when


def leaves(rule: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The comparisons inside a rule."""
    node = logic.children(rule)
    if node is None or depth > logic.MAX_DEPTH:
        return
    if node[0] == "fact":
        yield rule
    for child in node[1]:
        yield from leaves(child, depth + 1)


def shape_faults(rule: Any, version: Version, path: str, depth: int = 0) -> Found:
    """Nodes that are not rules, unknown facts, values a fact cannot have."""
    node = logic.children(rule)
    if node is None or depth > logic.MAX_DEPTH:
        yield path, "this is not a rule: use one of all, any, not, or fact with a comparison"
        return
    kind, inner = node
    if kind == "fact":
        yield from _leaf_faults(rule, version, path)
    elif kind in ("all", "any") and not inner:
        yield path, f'"{kind}" needs at least one rule'
    for i, child in enumerate(inner):
        place = f"{path}.not" if kind == "not" else f"{path}.{kind}[{i}]"
        yield from shape_faults(child, version, place, depth + 1)


def _leaf_faults(rule: Mapping[str, Any], version: Version, path: str) -> Found:
    name = rule["fact"]
    fact = version.facts.get(name) if isinstance(name, str) else None
    if fact is None:
        yield path, f'there is no fact "{name}"'
        return
    operators = [key for key in rule if key != "fact"]
    if not operators:
        yield path, "a comparison is missing (is, in, lt, le, gt, ge, age)"
    for operator in operators:
        if not _fits(fact, operator, rule[operator]):
            yield path, f'"{operator}: {rule[operator]}" does not fit the {fact.type} fact "{name}"'


def _fits(fact: Fact, operator: str, operand: Any) -> bool:
    if operator == "is":
        return logic.definite(fact, operand) is not None
    if operator == "in":
        return (
            isinstance(operand, list)
            and bool(operand)
            and all(logic.definite(fact, value) is not None for value in operand)
        )
    if operator == "age":
        bounds = isinstance(operand, Mapping) and bool(operand)
        return (
            fact.type == "date"
            and bounds
            and all(
                key in ("lt", "le", "gt", "ge") and logic.read_number(value) is not None
                for key, value in operand.items()
            )
        )
    if operator in ("lt", "le", "gt", "ge"):
        return fact.type in ("number", "date") and logic.definite(fact, operand) is not None
    return False


def _bounds(operand: Any) -> list[Any]:
    if isinstance(operand, Mapping):
        return list(operand.values())
    return list(operand) if isinstance(operand, list) else [operand]


def samples(fact: Fact, rules: list[Any], on: date) -> list[logic.Value]:
    """Answers that between them show everything these rules can do with a fact."""
    if fact.type in ("yes_no", "choice"):
        return list(fact.values)
    operands = [
        (key, bound)
        for rule in rules
        for leaf in leaves(rule)
        if leaf.get("fact") == fact.id
        for key in leaf
        if key != "fact"
        for bound in _bounds(leaf[key])
    ]
    if fact.type == "number":
        numbers = [logic.read_number(bound) for _, bound in operands]
        near = {number + step for number in numbers if number is not None for step in (-1, 0, 1)}
        return sorted(near | {0})
    return sorted({day for key, bound in operands for day in _sample_days(key, bound, on)} | {on.isoformat()})


def _sample_days(key: str, bound: Any, on: date) -> Iterator[str]:
    day = logic.read_date(bound)
    if day is not None and date.min < day < date.max:
        yield from ((day + timedelta(days=step)).isoformat() for step in (-1, 0, 1))
    years = logic.read_number(bound) if key == "age" else None
    if years is not None and 0 <= years < 150:
        yield from ((on - timedelta(days=365.25 * (years + step) + 5)).isoformat() for step in (-1, 0, 1))


def can_hold(rules: list[Any], version: Version, on: date) -> bool:
    """False only when no answers make all these rules true together."""
    rules = [rule for rule in rules if rule is not None]
    names = sorted({str(leaf["fact"]) for rule in rules for leaf in leaves(rule)} & set(version.facts))
    choices = [samples(version.facts[name], rules, on) for name in names]
    size = 1
    for values in choices:
        size *= len(values)
    if size > MAX_COMBINATIONS:
        return logic.all_of(logic.truth(rule, version.facts, {}, on) for rule in rules) is not False
    combinations = (dict(zip(names, values, strict=True)) for values in product(*choices))
    return any(
        logic.all_of(logic.truth(rule, version.facts, answers, on) for rule in rules) is True
        for answers in combinations
    )


def always_true(version: Version, path: str) -> Found:
    """Rules that every answer makes true: they ask a question for nothing."""
    on = logic.read_date(version.valid_from) or date(2026, 1, 1)
    for place, rule in rules_of(version):
        if rule is not None and not can_hold([{"not": rule}], version, on):
            yield f"{path}.{place}", "this rule is always true"


def faults(version: Version, path: str) -> Found:
    """Everything wrong with the rules of one version."""
    shapes = [
        fault
        for place, rule in rules_of(version)
        if rule is not None
        for fault in shape_faults(rule, version, f"{path}.{place}")
    ]
    if shapes:
        yield from shapes
        return
    on = logic.read_date(version.valid_from) or date(2026, 1, 1)
    for place, rule in rules_of(version):
        if rule is not None and not can_hold([rule], version, on):
            yield f"{path}.{place}", "this rule is never true"
    yield from _papers(version, path, on)
    yield from _questions(version, path, on)


def _papers(version: Version, path: str, on: date) -> Found:
    for i, requirement in enumerate(version.requirements):
        for j, evidence in enumerate(requirement.evidence):
            if evidence.when is not None and not can_hold([requirement.when, evidence.when], version, on):
                yield f"{path}.requirements[{i}].evidence[{j}]", "nobody can reach these papers"


def _questions(version: Version, path: str, on: date) -> Found:
    used = {leaf["fact"] for _, rule in rules_of(version) for leaf in leaves(rule)}
    for i, fact in enumerate(version.facts.values()):
        place = f"{path}.facts[{i}]"
        if fact.id not in used:
            yield place, f'no rule uses "{fact.id}": the question changes nothing'
        for value in fact.values:
            if version.requirements and not _anything_left(version, {fact.id: value}, on):
                yield place, f'the answer "{value}" leads to an empty list'


def _anything_left(version: Version, answers: Mapping[str, logic.Value], on: date) -> bool:
    return any(
        logic.truth(requirement.when, version.facts, answers, on) is not False
        for requirement in version.requirements
    )
