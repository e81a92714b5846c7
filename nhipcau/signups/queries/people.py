"""Reading who is on shifts, and who is counted on."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from nhipcau.core.clock import VIETNAM
from nhipcau.shifts.enums import OpenTo
from nhipcau.signups.enums import EXPECTED, HOLDING
from nhipcau.signups.models import SignUp
from nhipcau.teams.models import TeamMembership


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


def held_by_departed(now: datetime) -> QuerySet[SignUp]:
    """Places in shifts to come whose holder has left the programme, or by then the shift's team.

    Who was put on after leaving was put on knowingly; who is in another team stays where others may come.
    """
    anywhere = TeamMembership.objects.filter(member_id=OuterRef("member_id"))
    there = anywhere.filter(team_id=OuterRef("shift__team_id"))
    staying = Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("shift__day"))
    left = Exists(there.filter(ends_on__lte=OuterRef("shift__day"), ends_on__gte=OuterRef("made_on_")))
    here = anywhere.filter(staying, team__commune_id=OuterRef("shift__commune_id"))
    elsewhere = Q(Exists(here), shift__open_to=OpenTo.COMMUNE) | Q(
        Exists(anywhere.filter(staying)), shift__open_to=OpenTo.REACH
    )
    return (
        SignUp.objects.filter(state__in=EXPECTED, starts_at__gt=now)
        .annotate(made_on_=TruncDate("made_at", tzinfo=VIETNAM))
        .filter(Q(member__is_active=False) | (Q(left) & ~Exists(there.filter(staying)) & ~elsewhere))
        .select_related("shift__post")
        .order_by("starts_at", "id")
    )
