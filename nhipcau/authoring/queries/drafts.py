"""Whose drafts and versions somebody may open: what is not theirs does not exist."""

from uuid import UUID

from django.http import Http404

from nhipcau.authoring.models import Draft
from nhipcau.authoring.rules.states import Reach
from nhipcau.core.scope import Actor
from nhipcau.places.queries import provinces
from nhipcau.procedures.models import ProcedureVersion
from nhipcau.teams.access import MemberActor
from nhipcau.teams.enums import Permission


class UnableToFindDraft(Http404):
    """No such draft, or not one of this person's places."""


def reach_of(actor: Actor, permission: str) -> Reach:
    """The guides for which a permission counts; an official of a commune works on those of the province."""
    scope = actor.scope(permission)
    held = actor.holdings if isinstance(actor, MemberActor) else ()
    around = {holding.province for holding in held if holding.unit_code in scope.communes}
    return Reach(scope.nation, scope.provinces | around)


def areas_for(actor: Actor, permission: str) -> list[tuple[str, str]]:
    """Code and name of the places for which somebody may write; the country first."""
    reach = reach_of(actor, permission)
    named = [(unit.code, unit.full_name) for unit in provinces() if reach.covers(unit.code)]
    return [("", ""), *named] if reach.nation else named


def get_draft(draft_id: UUID, *, for_: Actor, permission: str = Permission.AUTHORING_WRITE) -> Draft:
    """A draft of one's own places. Raises a 404."""
    draft = (
        Draft.objects.select_related("written_by", "checked_by", "based_on__procedure", "published_as")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None or not reach_of(for_, permission).covers(draft.area):
        raise UnableToFindDraft
    return draft


def get_version(version_id: UUID, *, for_: Actor, permission: str) -> ProcedureVersion:
    """A published version of one's own places. Raises a 404."""
    version = (
        ProcedureVersion.objects.select_related("procedure").filter(pk=version_id, state="published").first()
    )
    if version is None or not reach_of(for_, permission).covers(version.area):
        raise UnableToFindDraft
    return version
