"""What every change of a visit has in common: its next version, its step, refusals in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from nhipcau.citizens.queries import check_no_long_number
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.visits.models import Visit, VisitStep
from nhipcau.visits.rules import LONGEST_TEXT, clean_text


class UnableToSendVisitor(UnableTo):
    """Somebody does not work in the commune, or is on another visit at that time."""

    code = "visits.visitor_not_free"


NOT_FREE = _("One of these people is on another visit at that time. Choose another time or somebody else.")


@contextmanager
def in_words() -> Iterator[None]:
    """The overlap that the database refuses becomes `UnableToSendVisitor`."""
    try:
        with transaction.atomic():  # a savepoint: the caller may still read afterwards
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) != "visits_visitor_no_overlap":
            raise
        raise UnableToSendVisitor(NOT_FREE) from error


def read_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """Free text as it is kept. Raises `UnableToPlanVisit` (too long), `UnableToWriteDown` (long number)."""
    kept = clean_text(text, longest)
    check_no_long_number(kept)
    return kept


def write(visit: Visit, fields: list[str], was: str, *, by: Actor | None, now: datetime) -> None:
    """Saves these columns of a locked visit as its next version, with the step. Within a unit of work."""
    visit.version += 1
    visit.save(update_fields=[*fields, "state", "version"])
    add_step(visit, was, by=by, now=now)


def add_step(visit: Visit, was: str, *, by: Actor | None, now: datetime) -> None:
    """The step that led to the visit as it stands, with its result."""
    VisitStep.objects.create(
        visit=visit,
        version=visit.version,
        from_state=was,
        to_state=visit.state,
        at=now,
        by_id=by.id if by else None,
        minutes=visit.minutes,
        next_step=visit.next_step,
        note=visit.result_note,
        result_by_id=visit.result_by_id,
        result_at=visit.result_at,
    )
