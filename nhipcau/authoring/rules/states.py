"""Which state of a draft may follow which, and who may take which step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from nhipcau.authoring.enums import DraftState
from nhipcau.authoring.models import Draft
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor

_S = DraftState

# The one table. Any change of a word brings a checked draft back to `draft`.
TRANSITIONS: Final[Mapping[DraftState, tuple[DraftState, ...]]] = {
    _S.DRAFT: (_S.FACT_CHECKED, _S.WITHDRAWN),
    _S.FACT_CHECKED: (_S.DRAFT, _S.PUBLISHED, _S.WITHDRAWN),
    _S.PUBLISHED: (_S.WITHDRAWN,),
    _S.WITHDRAWN: (),
}

LONGEST_NOTE = 1_500
# A guide that ships has at most 60,000 signs; this leaves room, and refuses nonsense.
LARGEST_CONTENT = 300_000
MOST_ENTRIES = 150


class UnableToEdit(UnableTo):
    """The draft takes no changes any more, or not this one."""

    code = "authoring.unable_to_edit"


class UnableToCheck(UnableTo):
    """The draft cannot be approved, or not by this person."""

    code = "authoring.unable_to_check"


class UnableToFinish(UnableTo):
    """The draft cannot be published, or taken back, as it is now."""

    code = "authoring.unable_to_finish"


@dataclass(frozen=True, slots=True)
class Reach:
    """For which guides somebody may do something: those of the country, or of some provinces."""

    nation: bool
    provinces: frozenset[str]

    def covers(self, area: str) -> bool:
        """`area`: a province's code, or empty for the whole country."""
        return self.nation or (bool(area) and area in self.provinces)


def check_transition(state: str, to: DraftState) -> None:
    """Raises `UnableToFinish` when `to` may not follow `state`."""
    if to not in TRANSITIONS[DraftState(state)]:
        raise UnableToFinish(_("This step is not possible any more. Look at the draft again."))


def check_open(draft: Draft) -> None:
    """Raises `UnableToEdit` once a draft is published or withdrawn."""
    if not draft.is_open:
        raise UnableToEdit(_("This draft is closed. Start a new one to change the guide."))


def check_second_reader(draft: Draft, by: Actor) -> None:
    """Raises `UnableToCheck` for whoever wrote any word of it."""
    if by.id == draft.written_by_id or by.id in draft.editors:
        raise UnableToCheck(_("You wrote a part of this draft. A second person must check the facts."))


def check_revision(draft: Draft, seen: int) -> None:
    """Raises `UnableToCheck` when the words are not those that were read."""
    if draft.revision != seen:
        raise UnableToCheck(_("Somebody changed the draft while you were reading. Please look at it again."))


def read_note(text: str) -> str:
    """A note for the writer; raises `UnableToCheck` when it says nothing."""
    note = text.strip()
    if not note or len(note) > LONGEST_NOTE:
        raise UnableToCheck(_("Write in a few words what has to be put right, at most 1,500 characters."))
    return note


def states_page() -> str:
    """`docs/reference/draft-states.md`: the diagram and the table, written from `TRANSITIONS`."""
    lines = [
        "# States of a draft",
        "",
        "Written from the table in `nhipcau/authoring/rules/states.py`; do not edit by hand.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> draft",
        *(f"    {state} --> {to}" for state, targets in TRANSITIONS.items() for to in targets),
        "    withdrawn --> [*]",
        "```",
        "",
        "| State | Stored as | May be followed by |",
        "|---|---|---|",
    ]
    for state, targets in TRANSITIONS.items():
        named = ", ".join(_english(to) for to in targets)
        lines.append(f"| {_english(state)} | `{state}` | {named} |")
    return "\n".join(lines) + "\n"


def _english(state: DraftState) -> str:
    return state.name.replace("_", " ").capitalize()
