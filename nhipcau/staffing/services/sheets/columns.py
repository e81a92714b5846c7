"""The columns of a table of shifts: those that are read, those only shown, and the code of a row.

The code is the role's own id: by it a row is known again, whatever else was changed in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.core.sheets import Column
from nhipcau.core.text import fold
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.shifts.services import cover_of

SHIFT_COLUMNS: Final = (
    Column("date", _("Date")),
    Column("from", pgettext_lazy("time of day", "From")),
    Column("until", pgettext_lazy("time of day", "Until")),
    Column("post", _("Post")),
    Column("role", _("Role")),
    Column("at_least", _("At least")),
    Column("best", _("Best")),
    Column("at_most", _("At most")),
    Column("qualifications", _("Skills"), required=False),
    Column("languages", _("Languages"), required=False),
)
# They stand in what goes out; coming in they are passed over.
PASSED_COLUMNS: Final = (
    Column("state", _("State"), required=False),
    Column("taken", _("Places taken"), required=False),
    Column("cover", _("Cover"), required=False),
    Column("names", _("Names"), required=False),
)
CODE_COLUMN: Final = Column("code", _("Row code"), required=False)
ALL_COLUMNS: Final = (*SHIFT_COLUMNS, *PASSED_COLUMNS, CODE_COLUMN)

People = Mapping[UUID, Sequence[str]]


def titles() -> list[str]:
    """The names of all columns in the language of the screen."""
    return [str(column.title) for column in ALL_COLUMNS]


def exported(shifts: Iterable[Shift], people: People) -> Iterator[list[object]]:
    """A row for each role; `people`: the names on each role."""
    for shift in shifts:
        for need in shift.needs.all():
            yield [*read_cells(shift, need).values(), *_passed(shift, need, people).values(), need.pk]


def read_cells(shift: Shift, need: ShiftNeed) -> dict[str, object]:
    """A role as its row says it, by the key of the column."""
    begins, ends = localtime(shift.starts_at), localtime(shift.ends_at)
    return {
        "date": shift.day,
        "from": begins.time(),
        "until": ends.time(),
        "post": shift.post.name,
        "role": need.title,
        "at_least": need.minimum,
        "best": need.ideal,
        "at_most": need.maximum,
        "qualifications": "; ".join(need.qualifications),
        "languages": "; ".join(f"{code} ({level})" for code, level in need.languages.items()),
    }


def _passed(shift: Shift, need: ShiftNeed, people: People) -> dict[str, object]:
    off = shift.state == ShiftState.CANCELLED
    return {
        "state": shift.get_state_display(),
        "taken": need.taken,
        "cover": shift.get_reason_display() if off else cover_of(need).label,
        "names": "; ".join(people.get(need.pk, ())),
    }


def passed_words(shift: Shift, need: ShiftNeed, people: People) -> dict[str, set[str]]:
    """What the columns passed over say of a role now, in every language, folded."""
    found: dict[str, set[str]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for key, value in _passed(shift, need, people).items():
                found.setdefault(key, set()).add(fold(str(value)))
    return found
