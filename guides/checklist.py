"""From a guide and a person's answers to the list of papers, fees, times and places.

Responsible for the result that people see and carry away. What is not known never shortens the list: a
paper is left out only when the answers say definitely that it is not needed. Pure: data in, data out.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from .logic import UNKNOWN, Truth, all_of
from .model import LANGUAGES, Guide, Item, Requirement, Row
from .situation import Situation, open_facts

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Choice:
    """Papers that together are enough to prove a requirement."""

    need: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to prove: `need` is "needed" or "maybe"; any one of `choices` is enough."""

    requirement: Requirement
    need: str
    choices: tuple[Choice, ...]
    depends_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """A fee, time limit or channel that applies ("yes") or may apply ("maybe")."""

    row: Row
    applies: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """The answer to "what do I bring, what does it cost, how long, where?" for one situation."""

    guide: Guide
    situation: Situation
    needs: tuple[Need, ...]
    fees: tuple[Applied, ...]
    time_limits: tuple[Applied, ...]
    channels: tuple[Applied, ...]
    ask: tuple[str, ...]
    questions: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data with texts in all languages; `canonical` gives its bytes."""
        situation, version = self.situation, self.situation.version
        day = situation.on.isoformat()
        return {
            **{key: getattr(self.guide, key) for key in ("slug", "code", "kind", "name", "official_name")},
            "on": day,
            "in_force": version.in_force(day),
            "valid_from": version.valid_from,
            "valid_until": version.valid_until,
            "province": situation.province,
            "channel": situation.channel,
            "answers": _answers(situation),
            "documents": [document for need in self.needs for document in _documents(need)],
            **{key: [_row(row) for row in getattr(self, key)] for key in ("fees", "time_limits", "channels")},
            "online": version.online,
            "can_file_online": _by_network(self.channels),
            "ask": list(self.ask),
            "questions": list(self.questions),
            **{key: list(getattr(version, key)) for key in ("steps", "warnings", "ask_officer")},
            "sources": [asdict(source) for source in version.sources],
        }


def _answers(situation: Situation) -> dict[str, Any]:
    """What was answered, without what does not fit this guide; "unknown" for "don't know"."""
    said = dict.fromkeys(situation.dont_know, UNKNOWN) | dict(situation.answers)
    return {fact: said[fact] for fact in situation.version.facts if fact in said}


def _documents(need: Need) -> list[dict[str, Any]]:
    """One entry for each paper; papers of different `choice` numbers stand in for each other."""
    requirement = need.requirement
    return [
        {
            **{field.name: getattr(item, field.name) for field in fields(item)},
            "need": choice.need,
            "requirement": requirement.id,
            "requirement_need": need.need,
            **{key: getattr(requirement, key) for key in ("title", "why", "source")},
            "choice": number,
            "choices": len(need.choices),
            "depends_on": list(need.depends_on),
        }
        for number, choice in enumerate(need.choices, start=1)
        for item in choice.items
    ]


def _row(applied: Applied) -> dict[str, Any]:
    row = applied.row
    kept = {key: getattr(row, key) for key in ("channel", "valid_until", "note", "source")}
    return {**row.content, **kept, "applies": applied.applies, "provinces": list(row.provinces)}


def _by_network(channels: tuple[Applied, ...]) -> str:
    """Whether any step can be taken over the network here: "yes", "maybe" or "no"; `online` says how far."""
    states = {entry.applies for entry in channels if entry.row.content["kind"] in ("online", "app")}
    return "yes" if "yes" in states else "maybe" if states else "no"


def _word(state: Truth, yes: str) -> str:
    return yes if state is True else "maybe"


def _need(situation: Situation, requirement: Requirement) -> Need | None:
    state = situation.truth(requirement.when)
    if state is False:
        return None
    possible = situation.possible_sets(requirement)
    choices = tuple(
        Choice(_word(all_of((state, set_state)), "needed"), evidence.items)
        for evidence, set_state in possible
    )
    waiting = situation.pending_for(requirement)
    depends_on = tuple(fact for fact in situation.version.facts if fact in waiting)
    return Need(requirement, _word(state, "needed"), choices, depends_on)


def _applied(situation: Situation, rows: tuple[Row, ...]) -> tuple[Applied, ...]:
    return tuple(Applied(row, _word(state, "yes")) for row, state in situation.rows(rows))


def _settled(applied: tuple[Applied, ...], value: str) -> bool:
    """True when at least one row certainly applies and none leaves its value open."""
    sure = [entry for entry in applied if entry.applies == "yes"]
    return bool(sure) and all(entry.row.content[value] is not None for entry in sure)


def checklist(
    guide: Guide,
    answers: Mapping[str, Any],
    *,
    on: date,
    province: str | None = None,
    channel: str | None = None,
) -> Checklist:
    """The checklist for these answers on this day, in this province (code) and channel where known.

    Never raises for any answers. `ask` names what the officer must say: fees, time_limits, channels, online,
    and documents where a requirement has no paper left that would prove it.
    """
    situation = Situation.of(guide, answers, on=on, province=province, channel=channel)
    version = situation.version
    needs = tuple(
        need for requirement in version.requirements if (need := _need(situation, requirement)) is not None
    )
    fees = _applied(situation, version.fees)
    time_limits = _applied(situation, version.time_limits)
    channels = _applied(situation, version.channels)
    doubts = {
        "documents": any(not need.choices for need in needs),
        "fees": not _settled(fees, "amount"),
        "time_limits": not _settled(time_limits, "value"),
        "channels": not _settled(channels, "kind"),
        "online": version.online == UNKNOWN,
    }
    return Checklist(
        guide=guide,
        situation=situation,
        needs=needs,
        fees=fees,
        time_limits=time_limits,
        channels=channels,
        ask=tuple(name for name, doubt in doubts.items() if doubt),
        questions=tuple(fact.id for fact in open_facts(situation)),
    )


def canonical(data: Any) -> str:
    """The one way to write a result as bytes, so that two evaluators can be compared.

    Half of a surrogate pair has no bytes of its own: it is written as JSON's escape.
    """
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return text


def localise(data: Any, language: str) -> Any:
    """The same data with each text in one language; where it is missing, the first language that has it."""
    if isinstance(data, Mapping):
        if data and all(key in LANGUAGES for key in data):
            return next(data[key] for key in (language, *LANGUAGES) if key in data)
        # What people answered is no text, even where a question is called "vi".
        return {key: value if key == "answers" else localise(value, language) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [localise(value, language) for value in data]
    return data
