"""Answers that come from outside: which fit a guide, and what is wrong with the others."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .logic import UNKNOWN, definite, is_dont_know, read_number
from .model import Fact, Version

SHOWN = 60
# Only the letters A to Z: what is a small letter elsewhere depends on the program that asks.
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


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
    """The answers this version understands ("unknown" kept as such), and the problems with the rest.

    Problems are sorted by the name of the question, so that the order of the answers does not matter.
    """
    answers: dict[str, Any] = {}
    problems: list[AnswerProblem] = []
    for name in sorted(raw, key=str):
        fact = version.facts.get(name)
        value = _tidied(fact, raw[name])
        if fact is None:
            problems.append(AnswerProblem(str(name)[:SHOWN], "", ""))
        elif is_dont_know(value):
            answers[name] = UNKNOWN
        elif (known := definite(fact, value)) is None:
            problems.append(AnswerProblem(name, _shown(value), expected(version, name)))
        else:
            answers[name] = known
    return answers, problems


def _tidied(fact: Fact | None, value: Any) -> Any:
    """Spaces around, capital letters and "true" for "yes" are no reason to refuse an answer."""
    if fact is None or not isinstance(value, str):
        return value
    text = value.strip()
    if text in fact.values:
        return text
    words = {word.translate(_SMALL): word for word in (*fact.values, UNKNOWN)}
    if fact.type == "yes_no":
        words |= {"true": "yes", "false": "no"}
    return words.get(text.translate(_SMALL), text)


def _shown(value: Any) -> str:
    """The answer as the person who sent it will know it again, at no great length."""
    if isinstance(value, str):
        return value[:SHOWN]
    if isinstance(value, bool):
        return "true" if value else "false"
    number = read_number(value)
    if number is not None:
        return str(number)
    if isinstance(value, int | float):
        return "a very large number"
    return "names with values" if isinstance(value, Mapping) else "a list"


def expected(version: Version, name: str) -> str:
    """What may be answered, in words for a programmer."""
    fact = version.facts[name]
    if fact.type == "number":
        return f"a number or {UNKNOWN}"
    if fact.type == "date":
        return f"a day written as YYYY-MM-DD or {UNKNOWN}"
    return f"one of {', '.join((*fact.values, UNKNOWN))}"
