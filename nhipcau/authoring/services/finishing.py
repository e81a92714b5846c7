"""The end of a draft: before the public with its dates, or taken back."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.authoring.enums import Act, DraftState
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries.drafts import reach_of
from nhipcau.authoring.rules.contents import version_of
from nhipcau.authoring.rules.states import UnableToFinish, check_revision, check_transition
from nhipcau.authoring.services.checking import signature
from nhipcau.authoring.services.steps import locked, note_step
from nhipcau.core.scope import Actor
from nhipcau.procedures import services as procedures
from nhipcau.procedures.models import ProcedureVersion
from nhipcau.teams.enums import Permission


def publish_draft(
    *, draft_id: UUID, revision: int, begins: date, ends: date | None, by: Actor, now: datetime
) -> Draft:
    """What two people wrote and checked becomes what everybody reads, from a day on (`ends`: half-open)."""
    with unit_of_work(by=by, now=now):
        draft = locked(draft_id, by=by, permission=Permission.AUTHORING_PUBLISH)
        check_transition(draft.state, DraftState.PUBLISHED)
        check_revision(draft, revision)
        assert draft.checked_by_id is not None, "the database keeps it so"
        content = dict(draft.content)
        period = {"valid_from": begins.isoformat(), "valid_until": ends.isoformat() if ends else None}
        content["versions"] = [version_of(content) | period]
        writer = draft.written_by.name
        version = procedures.publish_version(
            content=content,
            area=draft.area,
            written_by=writer,
            checked_by=signature(draft.checked_by_id, writer),
            by=by,
            now=now,
        )
        draft.content = content
        draft.state = DraftState.PUBLISHED
        draft.published_as = version
        draft.updated_at = now
        draft.save()
        note_step(draft, Act.PUBLISHED, by=by, now=now)
    return draft


def discard_draft(*, draft_id: UUID, by: Actor, now: datetime) -> Draft:
    """An open draft is put aside; what is published stays as it is."""
    with unit_of_work(by=by, now=now):
        draft = locked(draft_id, by=by, permission=Permission.AUTHORING_WRITE)
        if not draft.is_open:
            raise UnableToFinish(_("This draft is closed."))
        _withdraw(draft, by=by, now=now)
    return draft


def withdraw_guide(*, version: ProcedureVersion, by: Actor, now: datetime) -> None:
    """A published version is shown no more; its draft says so too."""
    if not reach_of(by, Permission.AUTHORING_PUBLISH).covers(version.area):
        raise UnableToFinish(_("You cannot withdraw the guide of this place."))
    with unit_of_work(by=by, now=now):
        procedures.withdraw_version(version=version.pk, by=by, now=now)
        drafts = Draft.objects.select_for_update(of=("self",)).filter(
            published_as=version, state=DraftState.PUBLISHED
        )
        for draft in drafts.order_by("id"):
            _withdraw(draft, by=by, now=now)


def _withdraw(draft: Draft, *, by: Actor, now: datetime) -> None:
    check_transition(draft.state, DraftState.WITHDRAWN)
    draft.state = DraftState.WITHDRAWN
    draft.updated_at = now
    draft.save(update_fields=["state", "updated_at"])
    note_step(draft, Act.WITHDRAWN, by=by, now=now)
