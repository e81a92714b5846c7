"""Building a condition step by step: joining, turning round and taking away parts of a rule tree. Pure.

A node's address inside a rule is written as `all.1.not`; empty is the rule itself. Results are tidy: no
group with one member or none, no group directly inside one of its kind, nothing turned round twice.
"""

from collections.abc import Mapping
from typing import Any, Final

Rule = Any  # a tree of {all}, {any}, {not} and {fact} nodes, or None: always

GROUPS: Final = ("all", "any")
ORDERED: Final = ("ge", "gt", "le", "lt")
DEEPEST = 8
MOST_NODES = 60


def child_steps(rule: Rule) -> list[str]:
    """The addresses, one step down, of what stands inside a node."""
    if not isinstance(rule, Mapping):
        return []
    if "not" in rule:
        return ["not"]
    return [f"{kind}.{i}" for kind in GROUPS for i in range(len(rule.get(kind) or []))]


def node_at(rule: Rule, address: str) -> Rule:
    """The node at an address; None when there is none."""
    steps = address.split(".") if address else []
    while steps:
        step = steps.pop(0)
        if not isinstance(rule, Mapping) or step not in rule or step not in (*GROUPS, "not"):
            return None
        rule = rule[step]
        if step in GROUPS:
            number = steps.pop(0) if steps else ""
            if not number.isdecimal() or not isinstance(rule, list) or int(number) >= len(rule):
                return None
            rule = rule[int(number)]
    return rule


def replace(rule: Rule, address: str, new: Rule) -> Rule:
    """The rule with another node at an address; `new` None takes the node away."""
    return tidy(_replaced(rule, address.split(".") if address else [], new))


def _replaced(rule: Rule, steps: list[str], new: Rule) -> Rule:
    if not steps:
        return new
    kind, *rest = steps
    if kind == "not":
        return {"not": _replaced(rule["not"], rest, new)}
    number, below = int(rest[0]), rest[1:]
    return {
        kind: [_replaced(child, below, new) if i == number else child for i, child in enumerate(rule[kind])]
    }


def join(rule: Rule, address: str, kind: str, new: Rule) -> Rule:
    """The rule with `new` beside the node: `all` – both must hold; `any` – one is enough."""
    node = node_at(rule, address)
    return tidy(new) if node is None else replace(rule, address, {kind: [node, new]})


def turn_round(rule: Rule, address: str) -> Rule:
    """The rule with a node holding exactly when it did not before."""
    return replace(rule, address, {"not": node_at(rule, address)})


def tidy(rule: Rule) -> Rule:
    """The same meaning in its shortest shape; None when nothing is left."""
    if not isinstance(rule, Mapping):
        return None
    if "not" in rule:
        inner = tidy(rule["not"])
        if inner is None:
            return None
        return inner.get("not", {"not": inner})
    for kind in GROUPS:
        if kind in rule:
            return _tidy_group(kind, rule[kind])
    return dict(rule)


def _tidy_group(kind: str, children: list[Rule]) -> Rule:
    tidied = [child for child in map(tidy, children) if child is not None]
    flat = [part for child in tidied for part in child.get(kind, [child])]
    unique = [part for i, part in enumerate(flat) if part not in flat[:i]]
    if len(unique) < 2:
        return unique[0] if unique else None
    return {kind: unique}


def size(rule: Rule) -> tuple[int, int]:
    """How many nodes, and how deep."""
    below = [size(node_at(rule, step)) for step in child_steps(rule)]
    return 1 + sum(nodes for nodes, _depth in below), 1 + max((depth for _nodes, depth in below), default=0)


def fits(rule: Rule) -> bool:
    """Whether a person can still read it."""
    nodes, depth = size(rule)
    return nodes <= MOST_NODES and depth <= DEEPEST
