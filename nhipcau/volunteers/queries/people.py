"""Reading one member as this room knows them, through the eyes of whoever asks."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from nhipcau.core.scope import NATION, Actor
from nhipcau.teams.access import ROLES
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Grant, Member, TeamMembership
from nhipcau.volunteers.enums import ConsentState
from nhipcau.volunteers.models import GuardianConsent, VolunteerProfile
from nhipcau.volunteers.rules import Places


def people_visible_to(actor: Actor, *, today: date) -> QuerySet[Member]:
    """Members for whom the actor answers: at home, or at work in a team today, in the actor's places."""
    scope = actor.scope(Permission.VOLUNTEERS_REVIEW)
    if scope.nation:
        return Member.objects.filter(is_active=True)
    at_work = TeamMembership.objects.active(today).filter(scope.q("team__commune"), member_id=OuterRef("pk"))
    return Member.objects.filter(scope.q("commune") | Exists(at_work), is_active=True)


def get_person(member_id: UUID, *, for_: Actor, today: date) -> Member:
    """A member for whom the actor answers, or 404. Their commune and province come along."""
    visible = people_visible_to(for_, today=today).select_related("commune__parent")
    found = visible.filter(pk=member_id).first()
    if found is None:
        raise Http404
    return found


def places_of(members: Iterable[UUID], *, today: date) -> dict[UUID, Places]:
    """The communes in which each of the members lives or works today: two queries."""
    wanted = list(members)
    found: dict[UUID, set[tuple[str, str]]] = {member: set() for member in wanted}
    homes = Member.objects.filter(pk__in=wanted, commune__isnull=False)
    for member, commune, province in homes.values_list("pk", "commune_id", "commune__parent_id"):
        found[member].add((str(commune), province or ""))
    work = TeamMembership.objects.active(today).filter(member_id__in=wanted)
    for member, commune, province in work.values_list(
        "member_id", "team__commune_id", "team__commune__parent_id"
    ):
        found[member].add((str(commune), province or ""))
    return {member: frozenset(places) for member, places in found.items()}


def profile_of(member_id: UUID) -> VolunteerProfile:
    """What a member has set, or the defaults, not saved."""
    found = VolunteerProfile.objects.filter(member_id=member_id).first()
    return found or VolunteerProfile(member_id=member_id)


def consent_of(member_id: UUID) -> GuardianConsent | None:
    """The consent that was given last and neither withdrawn nor replaced."""
    return GuardianConsent.objects.filter(member_id=member_id, state=ConsentState.GIVEN).first()


def minors_without_consent(actor: Actor, *, today: date) -> QuerySet[Member]:
    """Members under 18 of the actor's places for whom nobody has agreed that they serve today."""
    agreed = GuardianConsent.objects.filter(
        member_id=OuterRef("pk"), state=ConsentState.GIVEN, given_on__lte=today, valid_until__gt=today
    )
    found = people_visible_to(actor, today=today).filter(volunteer_profile__minor_until__gt=today)
    return found.filter(~Exists(agreed)).select_related("commune").order_by("name", "id")


def reviewers_of(places: Places, *, now: datetime, without: UUID | None = None) -> list[Member]:
    """Who may decide about people of these communes: there, or else in the province, or the country."""
    roles = [role for role, held in ROLES.items() if Permission.VOLUNTEERS_REVIEW in held]
    may = Grant.objects.active(now).filter(role__in=roles)
    communes, provinces = {one for one, _other in places}, {other for _one, other in places}
    others = Member.objects.filter(is_active=True).exclude(pk__in=[without] if without else [])
    for codes in (communes, provinces, {NATION}):
        here = may.filter(unit_code__in=codes).values("member_id")
        if people := list(others.filter(pk__in=here).order_by("id")):
            return people
    return []
