"""Reading whether members may serve at all: account, teams, and the consent a minor needs."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from nhipcau.teams.models import Member, TeamMembership
from nhipcau.volunteers.enums import Refusal
from nhipcau.volunteers.models import GuardianConsent
from nhipcau.volunteers.rules import Span, Standing


def standings(members: Iterable[UUID], from_day: date, until_day: date) -> dict[UUID, Standing]:
    """The standing of each of the members over `[from_day, until_day)`: three queries.

    Members who do not exist are not in the answer.
    """
    wanted = list(members)
    teams: dict[UUID, list[tuple[UUID, Span]]] = {}
    consents: dict[UUID, list[Span]] = {}
    memberships = TeamMembership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=from_day), member_id__in=wanted, starts_on__lt=until_day
    ).order_by("starts_on", "id")
    columns = ("member_id", "team_id", "starts_on", "ends_on", "team__ends_on")
    for member, team, start, end, team_end in memberships.values_list(*columns):
        ends = [day for day in (end, team_end) if day]
        teams.setdefault(member, []).append((team, Span(start, min(ends, default=None))))
    given = GuardianConsent.objects.filter(member_id__in=wanted, given_on__lt=until_day).annotate(
        until=Coalesce("ended_on", "valid_until")
    )
    rows = given.filter(until__gt=from_day).order_by("given_on", "id")
    for member, start, end, ended in rows.values_list("member_id", "given_on", "valid_until", "ended_on"):
        consents.setdefault(member, []).append(Span(start, min(end, ended or end)))
    people = Member.objects.filter(pk__in=wanted).order_by("id")
    return {
        member: Standing(
            member, active, minor_until, tuple(consents.get(member, ())), tuple(teams.get(member, ()))
        )
        for member, active, minor_until in people.values_list(
            "pk", "is_active", "volunteer_profile__minor_until"
        )
    }


def standing(members: Iterable[UUID], day: date) -> dict[UUID, Refusal | None]:
    """Whether each of the members may serve on a day: None, or why not. Three queries."""
    after = date.fromordinal(day.toordinal() + 1)
    return {member: found.refusal_on(day) for member, found in standings(members, day, after).items()}
