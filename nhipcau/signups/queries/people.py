"""Reading who is on shifts, and who is counted on."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from nhipcau.signups.enums import EXPECTED, HOLDING
from nhipcau.signups.models import SignUp


def people_on(shifts: Iterable[UUID]) -> QuerySet[SignUp]:
    """Who holds a seat on these shifts, by shift, role and name."""
    return (
        SignUp.objects.filter(shift_id__in=list(shifts), state__in=HOLDING)
        .select_related("member", "need")
        .order_by("shift__starts_at", "need__position", "member__name", "id")
    )


def expected_on(shifts: Iterable[UUID]) -> QuerySet[SignUp]:
    """Who is counted on for these shifts: those to be told when something changes."""
    return (
        SignUp.objects.filter(shift_id__in=list(shifts), state__in=EXPECTED)
        .select_related("member", "need", "shift__post")
        .order_by("starts_at", "member__name", "id")
    )
