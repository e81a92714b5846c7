"""Answers that come from outside: which fit a guide, and what is wrong with the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .logic import UNKNOWN, definite, is_dont_know
from .model import Fact, Version

SHOWN = 60


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """An answer that cannot be used. `expected` is empty when the fact itself is unknown."""

    fact: str
    value: str
    expected: str

    def __str__(self) -> str:
        if not self.expected:
            return f'there is no question "{self.fact}" in this guide'
        return f'"{self.value}" is no answer to "{self.fact}": expected {self.expected}'


def read_answers(version: Version, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[AnswerProblem]]:
    """The answers this version understands ("unknown" kept as such), and the problems with the rest."""
    answers: dict[str, Any] = {}
    problems: list[AnswerProblem] = []
    for name, said in raw.items():
        fact = version.facts.get(name)
        value = _tidied(fact, said)
        if fact is None:
            problems.append(AnswerProblem(str(name)[:SHOWN], "", ""))
        elif is_dont_know(value):
            answers[name] = UNKNOWN
        elif (known := definite(fact, value)) is None:
            problems.append(AnswerProblem(name, str(value)[:SHOWN], expected(version, name)))
        else:
            answers[name] = known
    return answers, problems


def _tidied(fact: Fact | None, value: Any) -> Any:
    """Spaces around, capital letters and "true" for "yes" are no reason to refuse an answer."""
    if fact is None or not isinstance(value, str):
        return value
    text = value.strip()
    words = {word.casefold(): word for word in (*fact.values, UNKNOWN)}
    if fact.type == "yes_no":
        words |= {"true": "yes", "false": "no"}
    return words.get(text.casefold(), text)


def expected(version: Version, name: str) -> str:
    """What may be answered, in words for a programmer."""
    fact = version.facts[name]
    if fact.type == "number":
        return f"a number or {UNKNOWN}"
    if fact.type == "date":
        return f"a day written as YYYY-MM-DD or {UNKNOWN}"
    return f"one of {', '.join((*fact.values, UNKNOWN))}"
