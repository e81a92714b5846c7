"""What a guide consists of, as officials see it: its parts, the entries in them, and the fields of an entry.

The one table behind the forms, the list of changes and the way from a fault to its field.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.procedures.enums import (
    ChannelKind,
    Confidence,
    FactType,
    Kind,
    LifeEvent,
    OnlineLevel,
    PaperForm,
    PaperUse,
    SourceKind,
    TimeUnit,
)

LANGUAGES: Final = ("vi", "en", "th")

Words = str | Promise
Choices = Iterable[tuple[str, Words]]


class Shape(StrEnum):
    """What kind of value a field takes."""

    TEXT = "text"  # one text for each language
    LINE = "line"
    WORDS = "words"  # a list of short texts
    WORDS_BY_LANGUAGE = "words_by_language"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"
    YES_NO = "yes_no"
    PROVINCES = "provinces"
    SOURCE = "source"
    LINK = "link"
    LANGUAGES = "languages"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entry; `name` is its key in the guide."""

    name: str
    label: Words
    shape: Shape
    required: bool = False
    help: Words = ""
    choices: tuple[tuple[str, Words], ...] = ()
    begins_as: Any = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a guide: one form (`single`), or a list of entries.

    `bare`: an entry is itself a text. `children`: lists inside an entry. `rule`: an entry has a condition.
    """

    name: str
    title: Words
    one: Words
    fields: tuple[Field, ...]
    hint: Words = ""
    single: bool = False
    bare: bool = False
    children: tuple[str, ...] = ()
    rule: bool = False
    named_by: str = ""


def _choices(values: Any) -> tuple[tuple[str, Words], ...]:
    return tuple((value.value, value.label) for value in values)


_SOURCE = Field("source", _("Source of this fact"), Shape.SOURCE)
_WHERE_WHEN = (
    Field("provinces", _("Only in these provinces"), Shape.PROVINCES),
    Field("valid_from", _("From this day"), Shape.DAY),
    Field("valid_until", _("Until before this day"), Shape.DAY),
    Field("note", _("Note for people"), Shape.TEXT),
    _SOURCE,
)
_BY_CHANNEL = Field(
    "channel", _("Only when filed in this way"), Shape.CHOICE,
    choices=(("", _("Any way")), *_choices((ChannelKind.DIRECT, ChannelKind.ONLINE, ChannelKind.POST))),
)  # fmt: skip


def _sentences(name: str, title: Words, one: Words, hint: Words) -> Part:
    return Part(
        name, title, one, (Field("text", _("Sentence"), Shape.TEXT, required=True),),
        hint=hint, bare=True, named_by="text",
    )  # fmt: skip


ABOUT = Part(
    "about",
    _("About the guide"),
    _("About the guide"),
    single=True,
    named_by="name",
    fields=(
        Field("name", _("Everyday name"), Shape.TEXT, required=True),
        Field(
            "official_name",
            _("Official name"),
            Shape.LINE,
            help=_("Exactly as in the decision, in Vietnamese."),
        ),
        Field("code", _("National code"), Shape.LINE, help=_("Such as 1.001193; empty for steps in an app.")),
        Field("kind", _("What it leads through"), Shape.CHOICE, True, choices=_choices(Kind)),
        Field(
            "life_event",
            _("What is happening in the person’s life"),
            Shape.CHOICE,
            True,
            choices=_choices(LifeEvent),
        ),
        Field("summary", _("What it gives people"), Shape.TEXT, True, help=_("One or two plain sentences.")),
        Field("online", _("How much can be done online"), Shape.CHOICE, True, choices=_choices(OnlineLevel)),
        Field(
            "see_also",
            _("Guides that people mix up with this one"),
            Shape.WORDS,
            help=_("A national code or short name on each line."),
        ),
        Field(
            "replaces",
            _("Old codes it has taken over"),
            Shape.WORDS,
            help=_("One on each line; only when a decision says so."),
        ),
        Field(
            "fallbacks",
            _("Where a translation is missing, show the Vietnamese text instead"),
            Shape.LANGUAGES,
        ),
    ),
)

PARTS: Final[dict[str, Part]] = {
    part.name: part
    for part in (
        ABOUT,
        Part(
            "sources",
            _("Sources"),
            pgettext_lazy("one entry", "Source"),
            named_by="title",
            hint=_("Where the facts come from. The first one is the main source."),
            fields=(
                Field("title", _("Title"), Shape.LINE, required=True),
                Field("url", _("Link"), Shape.LINK, help=_("Begins with https://")),
                Field("kind", _("Kind of source"), Shape.CHOICE, True, choices=_choices(SourceKind)),
                Field("checked_on", _("Read on"), Shape.DAY, True),
                Field("confidence", _("How sure are we"), Shape.CHOICE, True, choices=_choices(Confidence)),
            ),
        ),
        Part(
            "facts",
            _("Questions"),
            pgettext_lazy("one entry", "Question"),
            named_by="question",
            children=("options",),
            hint=_("What people are asked. “I don’t know” is always offered by itself."),
            fields=(
                Field("question", _("Question"), Shape.TEXT, required=True),
                Field("type", _("Kind of answer"), Shape.CHOICE, True, choices=_choices(FactType)),
                Field("help", _("Help beside the question"), Shape.TEXT),
            ),
        ),
        Part(
            "options",
            _("Answers to choose from"),
            pgettext_lazy("one entry", "Answer"),
            named_by="text",
            fields=(Field("text", _("Answer"), Shape.TEXT, required=True),),
        ),
        Part(
            "requirements",
            _("Papers"),
            _("Thing to prove"),
            named_by="title",
            children=("evidence",),
            rule=True,
            hint=_("What has to be proven, and the papers that prove it."),
            fields=(
                Field(
                    "title",
                    _("What is proven"),
                    Shape.TEXT,
                    required=True,
                    help=_("Such as: proof that the child was born"),
                ),
                Field("why", _("Why the office needs it"), Shape.TEXT, required=True),
                _SOURCE,
            ),
        ),
        Part(
            "evidence",
            _("Ways to prove it"),
            pgettext_lazy("one entry", "Way"),
            children=("items",),
            rule=True,
            fields=(),
            hint=_("Any one way is enough. Inside a way all papers are needed."),
        ),
        Part(
            "items",
            _("Papers of this way"),
            pgettext_lazy("one entry", "Paper"),
            named_by="name",
            fields=(
                Field("name", _("Name of the paper"), Shape.TEXT, required=True),
                Field("form", _("In which form"), Shape.CHOICE, True, choices=_choices(PaperForm)),
                Field("use", _("What happens with it"), Shape.CHOICE, True, choices=_choices(PaperUse)),
                Field("count", _("How many"), Shape.NUMBER, required=True, begins_as=1),
                Field("in_database", _("The officer may already see it in a database"), Shape.YES_NO),
                Field("how_to_get", _("Where to get it"), Shape.TEXT),
                Field(
                    "validity",
                    _("How long it counts"),
                    Shape.TEXT,
                    help=_("Such as: issued in the last 6 months"),
                ),
            ),
        ),
        Part(
            "fees",
            _("Fees"),
            pgettext_lazy("one entry", "Fee"),
            named_by="amount",
            rule=True,
            hint=_("No fee written down means: ask the officer. 0 only when a source says that it is free."),
            fields=(
                Field(
                    "amount", _("Amount in đồng"), Shape.NUMBER, help=_("Empty: not known, ask the officer.")
                ),
                Field("per", _("For each"), Shape.TEXT, help=_("Such as: card, copy")),
                _BY_CHANNEL,
                *_WHERE_WHEN,
                Field(
                    "id",
                    _("Short name, where several fees add up"),
                    Shape.LINE,
                    help=_("A province’s fee replaces the nation’s fee of the same short name."),
                ),
            ),
        ),
        Part(
            "time_limits",
            _("Times"),
            pgettext_lazy("one entry", "Time"),
            named_by="value",
            rule=True,
            hint=_("How long the office may take. Nothing written down means: ask the officer."),
            fields=(
                Field("value", _("How long"), Shape.NUMBER, help=_("Empty: not known, ask the officer.")),
                Field("unit", _("Counted in"), Shape.CHOICE, True, choices=_choices(TimeUnit)),
                _BY_CHANNEL,
                *_WHERE_WHEN,
            ),
        ),
        Part(
            "channels",
            _("Places"),
            pgettext_lazy("one entry", "Place"),
            named_by="kind",
            rule=True,
            hint=_("Where people go, or which page they open."),
            fields=(
                Field("kind", _("In which way"), Shape.CHOICE, True, choices=_choices(ChannelKind)),
                Field("where", _("Where"), Shape.TEXT),
                Field("url", _("Official link"), Shape.LINK, help=_("Begins with https://")),
                *_WHERE_WHEN,
            ),
        ),
        _sentences(
            "steps",
            _("Steps"),
            pgettext_lazy("one entry", "Step"),
            _("What the person does, in order, each one sentence."),
        ),
        _sentences(
            "warnings",
            _("Warnings"),
            pgettext_lazy("one entry", "Warning"),
            _("Traps and fraud that people meet here."),
        ),
        _sentences(
            "ask_officer",
            _("Ask the officer"),
            pgettext_lazy("one entry", "Open point"),
            _("What we are not sure of, said plainly."),
        ),
        Part(
            "keywords",
            _("Words for searching"),
            _("Words for searching"),
            single=True,
            hint=_("What people really say, one on each line. They may be empty."),
            fields=(Field("keywords", _("Words"), Shape.WORDS_BY_LANGUAGE),),
        ),
    )
}

# The parts of the overview, in the order in which a guide is written.
SHOWN: Final = tuple(name for name in PARTS if name not in ("options", "evidence", "items"))
# Header fields of a guide; the rest of `about` and all lists stand in its one version.
HEADER: Final = (
    "name",
    "official_name",
    "code",
    "kind",
    "life_event",
    "summary",
    "see_also",
    "replaces",
    "fallbacks",
)
# What belongs to the nation: the version of a province cannot change it.
OF_THE_NATION: Final = (
    "name",
    "official_name",
    "code",
    "kind",
    "life_event",
    "summary",
    "see_also",
    "replaces",
)
