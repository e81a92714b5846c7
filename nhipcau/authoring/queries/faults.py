"""What keeps a draft from being published, in plain words, each with the way to its field."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.authoring.rules.contents import Content, Place, place_of_fault, read_place
from nhipcau.authoring.rules.parts import PARTS, Shape
from nhipcau.procedures import services as procedures

# The engine speaks to programmers; each of its sentences and what an official reads instead.
_SENTENCES: Final[tuple[tuple[str, Promise], ...]] = (
    (
        r"the text in (?P<language>\w+) is missing",
        _(
            "The text in the language “%(language)s” is missing. "
            "Write it, or let the guide show the Vietnamese text (under “About the guide”)."
        ),
    ),
    (r"longer than (?P<most>\d+) characters", _("This text is too long: at most %(most)s characters.")),
    (r"contains an invisible.*", _("There is an invisible character in the text. Type the sentence again.")),
    (r"letters and their marks.*", _("Letters and their marks are stored apart. Type the word again.")),
    (
        r"contains HTML.*|contains template code.*|contains a link that runs code",
        _("Write plain text: signs such as < > {{ are not allowed here."),
    ),
    (r"a national code looks like.*", _("A national code looks like 1.001193.")),
    (r"a procedure needs its national code.*", _("A procedure needs its national code.")),
    (r"say in a sentence or two.*", _("Say in a sentence or two what this gives people.")),
    (r"\"(?P<day>.*)\" is not a day.*", _("“%(day)s” is not a day.")),
    (r"ends before it begins", _("It ends before it begins.")),
    (r"the id .* is used twice", _("Two entries have the same short name. Remove one and add it again.")),
    (r"neither papers nor steps.*", _("There are neither papers nor steps: the guide tells people nothing.")),
    (r"at least one source is needed", _("Give at least one source.")),
    (r"a source needs a title", _("Give the source a title.")),
    (r"a link must begin with https.*", _("A link begins with https://")),
    (r"a choice needs at least two options", _("Give at least two answers to choose from.")),
    (
        r"there is no source \"(?P<name>.*)\"",
        _("The source of this fact is no longer in the list. Choose another."),
    ),
    (r"say why the office needs it", _("Say why the office needs it.")),
    (r"name at least one paper.*", _("Name at least one paper that proves it.")),
    (r"a set of papers may not be empty", _("There is no paper in this way yet.")),
    (r"the number must be at least 1", _("The number must be at least 1.")),
    (r"\".*\" is already a paper of .*", _("This paper already stands under another thing to prove.")),
    (r"may not be less than 0", _("It may not be less than 0.")),
    (
        r"\"(?P<code>.*)\" is also used by (?P<guide>.*)",
        _("The code %(code)s already belongs to the guide “%(guide)s”."),
    ),
    (r"a guide cannot replace itself", _("A guide cannot take over from itself.")),
    (r"there is no guide \"(?P<name>.*)\"", _("There is no guide “%(name)s”.")),
    (
        r"there is no fact \"(?P<name>.*)\"",
        _("The condition asks a question that is no longer there. Change the condition."),
    ),
    (
        r"\"(?P<shown>.*)\" does not fit .*",
        _("The condition compares with an answer that the question does not have. Change the condition."),
    ),
    (
        r"this is not a rule.*|a comparison is missing.*|\"\w+\" needs at least one rule",
        _("This condition cannot be understood. Build it again."),
    ),
    (r"this rule is never true", _("This condition can never be true: nobody will ever see this.")),
    (r"this rule is always true", _("This condition is always true: take it away, or ask another question.")),
    (
        r"nobody can reach these papers",
        _("Nobody can ever see this way: its condition contradicts the one around it."),
    ),
    (
        r"no rule uses \"(?P<name>.*)\".*",
        _("This question changes nothing: use it in a condition or remove it."),
    ),
    (
        r"the answer \"(?P<answer>.*)\" leads to an empty list",
        _("Whoever gives the answer “%(answer)s” gets no paper at all. Say what they need."),
    ),
    (
        r"two facts have the same id",
        _("Two questions have the same short name. Remove one and add it again."),
    ),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the part, the address of the entry (its condition when `in_rule`), and the sentence.

    `anchor` names the field on the page of the entry; empty where the entry as a whole is meant.
    """

    part: str
    place: str
    message: str
    in_rule: bool = False
    anchor: str = ""

    def is_inside(self, place: str) -> bool:
        """Whether it stands at an address or somewhere under it."""
        return self.place == place or self.place.startswith(f"{place}.")


def faults_of(content: Content) -> list[Fault]:
    """Everything that keeps a draft from being published."""
    return _told(procedures.check_guide(content))


def remarks_of(content: Content) -> list[Fault]:
    """What is worth a second look."""
    return _told(procedures.remarks_on(content))


def _told(problems: Iterable[Any]) -> list[Fault]:
    found = []
    for problem in problems:
        place, name = place_of_fault(problem.path)
        parsed = read_place(place) if place else None
        has_rule = parsed is not None and parsed.part.rule and parsed.index is not None
        # The dates are given when it is published.
        part = place.split(".")[0] if place else "about"
        in_rule = name == "when" and has_rule
        anchor = "" if in_rule else _anchor(parsed, name, problem.message)
        found.append(Fault(part, place or "about", in_words(problem.message), in_rule, anchor))
    order = list(PARTS)
    return sorted(dict.fromkeys(found), key=lambda fault: order.index(fault.part))


def _anchor(place: Place | None, name: str, message: str) -> str:
    """The id of the field that a fault means: of the missing language, else of the first one."""
    if place is None or place.is_list:
        return ""
    field = next((field for field in place.part.fields if field.name == (name or "text")), None)
    if field is None or field.shape is not Shape.TEXT:
        return f"f_{field.name}" if field else ""
    missing = re.match(r"the text in (\w\w) is missing", message)
    return f"f_{field.name}__{missing[1] if missing else 'vi'}"


def in_words(message: str) -> str:
    """The sentence of the engine as an official reads it; itself where there is no plainer one."""
    for pattern, words in _SENTENCES:
        match = re.fullmatch(pattern, message)
        if match:
            return str(words) % match.groupdict()
    return message
