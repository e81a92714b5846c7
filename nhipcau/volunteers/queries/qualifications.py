"""Reading qualifications: what there is, what includes what, who holds what on which day."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from nhipcau.volunteers.enums import GrantState
from nhipcau.volunteers.models import Qualification, QualificationGrant
from nhipcau.volunteers.rules import Edges, Qualified, Span


def edges() -> Edges:
    """What each qualification includes directly, in one query."""
    found: dict[str, set[str]] = {}
    pairs = Qualification.includes.through.objects.values_list("from_qualification_id", "to_qualification_id")
    for holder, included in pairs:
        found.setdefault(holder, set()).add(included)
    return {holder: frozenset(included) for holder, included in found.items()}


def qualified(members: Iterable[UUID], from_day: date, until_day: date) -> dict[UUID, Qualified]:
    """What each of the members holds in `[from_day, until_day)`: two queries, however many members.

    Every member asked for is in the answer; ask it `.on(day)` with the date of the shift.
    """
    wanted = list(members)
    grants: dict[UUID, list[tuple[str, Span]]] = {member: [] for member in wanted}
    rows = (
        QualificationGrant.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=from_day),
            member_id__in=wanted,
            state=GrantState.APPROVED,
            valid_from__lt=until_day,
        )
        .order_by("member_id", "qualification_id", "valid_from", "id")
        .values_list("member_id", "qualification_id", "valid_from", "valid_until")
    )
    for member, code, start, end in rows:
        grants[member].append((code, Span(start, end)))
    included = edges()
    return {member: Qualified(member, tuple(held), included) for member, held in grants.items()}
