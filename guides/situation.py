"""What is asked of a guide: the version in force on a day, the definite answers, the place, the channel.

Responsible for deciding which fees, time limits and channels apply, and which questions can still change
the list. Pure, like the rest of this package.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from . import logic
from .logic import Truth
from .model import EvidenceSet, Fact, Guide, Requirement, Row, Text, Version

ANSWERS: dict[str, Text] = {
    "yes": {"vi": "Có", "en": "Yes", "th": "ใช่"},
    "no": {"vi": "Không", "en": "No", "th": "ไม่ใช่"},
}
DONT_KNOW: dict[str, Text] = {
    logic.UNKNOWN: {"vi": "Tôi không biết", "en": "I don't know", "th": "ไม่ทราบ"},
}


@dataclass(frozen=True, slots=True)
class Situation:
    """One person's circumstances, as far as they are known."""

    version: Version
    answers: Mapping[str, logic.Value]
    dont_know: frozenset[str]
    on: date
    province: str | None
    channel: str | None
    # Each rule is needed several times: for its paper, for the questions, for what depends on what.
    _judged: dict[int, tuple[Any, tuple[Truth, frozenset[str]]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def of(
        cls,
        guide: Guide,
        answers: Mapping[str, Any],
        *,
        on: date,
        province: str | None = None,
        channel: str | None = None,
    ) -> "Situation":
        version = guide.version_on(on.isoformat())
        said = frozenset(
            fact for fact in version.facts if fact in answers and logic.is_dont_know(answers[fact])
        )
        return cls(version, logic.known(version.facts, answers), said, on, province or None, channel or None)

    def _judge(self, rule: Any) -> tuple[Truth, frozenset[str]]:
        found = self._judged.get(id(rule))
        if found is None:
            judged = logic.judge(rule, self.version.facts, self.answers, self.on)
            # With the rule itself: as long as it is kept, nothing else can have its id.
            found = self._judged[id(rule)] = (rule, judged)
        return found[1]

    def truth(self, rule: Any) -> Truth:
        """Truth of a rule for this person."""
        return self._judge(rule)[0]

    def pending(self, rule: Any) -> frozenset[str]:
        """Facts not known yet that can still decide a rule."""
        return self._judge(rule)[1]

    def possible_sets(self, requirement: Requirement) -> list[tuple[EvidenceSet, Truth]]:
        """The ways to prove a requirement that are not ruled out."""
        states = [(evidence, self.truth(evidence.when)) for evidence in requirement.evidence]
        return [(evidence, state) for evidence, state in states if state is not False]

    def pending_for(self, requirement: Requirement) -> frozenset[str]:
        """Facts that can still change whether, or how, this requirement must be proven."""
        if self.truth(requirement.when) is False:
            return frozenset()
        rules = [requirement.when, *(evidence.when for evidence in requirement.evidence)]
        return frozenset().union(*(self.pending(rule) for rule in rules))

    def _in_place(self, row: Row) -> Truth:
        if not row.provinces:
            return True
        return None if self.province is None else self.province in row.provinces

    def _row_state(self, row: Row) -> Truth:
        day = self.on.isoformat()
        begun = row.valid_from is None or row.valid_from <= day
        ended = row.valid_until is not None and row.valid_until <= day
        by_channel = row.channel is None or self.channel is None or row.channel == self.channel
        return logic.all_of((begun and not ended, by_channel, self._in_place(row), self.truth(row.when)))

    def rows(self, rows: Iterable[Row]) -> list[tuple[Row, Truth]]:
        """Rows that apply (True) or may apply (None) here and now.

        A row for named provinces takes the place of the nation-wide rows with the same id (and, for channels,
        the same kind), in its channel or in the one that is known; while it is uncertain, so are they.
        """
        states = [(row, self._row_state(row)) for row in rows]
        local = [(row, state) for row, state in states if row.provinces and state is not False]
        result: list[tuple[Row, Truth]] = []
        for row, state in states:
            replaced = [
                local_state
                for local_row, local_state in local
                if not row.provinces
                and (local_row.id, local_row.content.get("kind")) == (row.id, row.content.get("kind"))
                and local_row.channel in (None, row.channel, self.channel)
            ]
            left = logic.all_of((state, *(logic.negate(local_state) for local_state in replaced)))
            if left is not False:
                result.append((row, left))
        return result


def _counts(groups: Iterable[frozenset[str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for group in groups:
        for fact in group:
            counts[fact] = counts.get(fact, 0) + 1
    return counts


def open_facts(situation: Situation) -> list[Fact]:
    """Facts that can still change the result and have not been put to the person, most useful first.

    Those that decide papers come before those that only decide fees, times or channels; among them the one
    that decides most; then the guide's own order. A row of another time, place or channel asks nothing.
    """
    version = situation.version
    papers = _counts(situation.pending_for(requirement) for requirement in version.requirements)
    others = _counts(
        situation.pending(row.when)
        for rows in (version.fees, version.time_limits, version.channels)
        for row, _ in situation.rows(rows)
    )
    order = {fact: position for position, fact in enumerate(version.facts)}
    asked = [fact for fact in order if (fact in papers or fact in others) and fact not in situation.dont_know]
    asked.sort(key=lambda fact: (-papers.get(fact, 0), -others.get(fact, 0), order[fact]))
    return [version.facts[fact] for fact in asked]


def questions(
    guide: Guide,
    answers: Mapping[str, Any],
    *,
    on: date,
    province: str | None = None,
    channel: str | None = None,
) -> list[Fact]:
    """Questions still worth asking, in the order in which to ask them."""
    return open_facts(Situation.of(guide, answers, on=on, province=province, channel=channel))


def next_question(
    guide: Guide,
    answers: Mapping[str, Any],
    *,
    on: date,
    province: str | None = None,
    channel: str | None = None,
) -> Fact | None:
    """The question to ask now, or None when nothing more can change the list."""
    return next(iter(questions(guide, answers, on=on, province=province, channel=channel)), None)


def as_question(fact: Fact) -> dict[str, Any]:
    """A question as plain data, texts in all languages. "Don't know" is an answer of every question."""
    words = {option.value: option.text for option in fact.options} or ANSWERS if fact.values else {}
    options = [{"value": value, "text": text} for value, text in (words | DONT_KNOW).items()]
    return {"id": fact.id, "type": fact.type, "text": fact.question, "help": fact.help, "options": options}
