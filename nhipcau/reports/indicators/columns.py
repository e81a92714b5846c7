"""What a row shows when a figure is opened: enough to understand the number, nothing about a person.

No code either: whoever leads a province opens figures but no case, and the code of a card or of a dossier
opens one, here or on the official portal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.models import Case, Dossier, HelpSession, Rating
from nhipcau.cases.queries import need_label
from nhipcau.learning.models import Attendee


@dataclass(frozen=True, slots=True)
class Columns:
    """Headings, the tables to read along, and the cells of one row."""

    headings: tuple[Promise, ...]
    related: tuple[str, ...]
    read: Callable[[Any], list[str]] | None = None

    def cells(self, row: Any) -> list[str]:
        """The row in words, one cell for each heading."""
        return (self.read or _CELLS[type(row)])(row)


def _session(row: HelpSession) -> list[str]:
    return [need_label(row), row.get_outcome_display(), row.get_alone_display(), str(row.minutes)]


def _papers(row: HelpSession) -> list[str]:
    came_back = {True: _("Yes"), False: _("No"), None: _("Not asked")}[row.came_back_for_papers]
    return [need_label(row), row.get_outcome_display(), row.get_papers_display(), str(came_back)]


def _case(row: Case) -> list[str]:
    return [need_label(row), row.get_state_display()]


def _dossier(row: Dossier) -> list[str]:
    return [need_label(row.case)]


def _rating(row: Rating) -> list[str]:
    return [str(row.stars), need_label(row.case)]


def _attendee(row: Attendee) -> list[str]:
    return [need_label(row.public_class), row.get_age_band_display(), row.get_alone_display()]


_CELLS: dict[type, Callable[[Any], list[str]]] = {
    HelpSession: _session,
    Case: _case,
    Dossier: _dossier,
    Rating: _rating,
    Attendee: _attendee,
}

OF_SESSIONS = Columns((_("Need"), _("How it went"), _("Done alone"), _("Minutes")), ("procedure",))
OF_CLASSES = Columns((_("Class"), _("Age"), _("Alone at the end")), ("public_class__procedure",))
OF_PAPERS = Columns(
    (_("Need"), _("How it went"), _("Papers"), _("Came back because of papers")), ("procedure",), _papers
)
OF_CASES = Columns((_("Need"), _("State")), ("procedure",))
OF_DOSSIERS = Columns((_("Need"),), ("case__procedure",))
OF_RATINGS = Columns((_("Stars"), _("Need")), ("case__procedure",))
