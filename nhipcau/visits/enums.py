"""Closed lists of the room: how far a visit is, and what follows it. Stored values never change."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VisitState(TextChoices):
    """How far a home visit is; the table of moves is in `rules`."""

    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    DONE = "done", pgettext_lazy("visit", "Done")
    NOT_HOME = "not_home", _("Nobody was at home")
    POSTPONED = "postponed", _("Put off to another day")
    REFUSED = "refused", _("The household does not want it")
    CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")


# States that somebody brings back from the door: they carry a result.
RESULTS: Final = (VisitState.DONE, VisitState.NOT_HOME, VisitState.POSTPONED, VisitState.REFUSED)


class NextStep(TextChoices):
    """What follows a visit."""

    NOTHING = "nothing", _("Nothing more to do")
    VISIT_AGAIN = "visit_again", _("Visit again")
    CALL_FIRST = "call_first", _("Call before the next visit")
    COME_TO_CENTRE = "come_to_centre", _("The person comes to the service centre")
    GATHER_PAPERS = "gather_papers", _("The household gathers papers")
    ASK_OFFICER = "ask_officer", _("Ask an officer")
