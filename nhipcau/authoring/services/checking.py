"""The second pair of eyes: facts found right, sent back with a note, or read again without any change."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.authoring.enums import Act, DraftState
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries.changes import changes_of
from nhipcau.authoring.queries.drafts import reach_of
from nhipcau.authoring.rules.states import (
    UnableToCheck,
    check_open,
    check_revision,
    check_second_reader,
    check_transition,
    read_note,
)
from nhipcau.authoring.services.steps import locked, note_step
from nhipcau.core.clock import local_date
from nhipcau.core.scope import Actor
from nhipcau.procedures import services as procedures
from nhipcau.procedures.models import ProcedureVersion
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member


def approve_draft(
    *, draft_id: UUID, revision: int, ticked: Collection[str], by: Actor, now: datetime
) -> Draft:
    """The facts are right, says somebody who wrote none of them. `ticked`: the keys of all changes."""
    with unit_of_work(by=by, now=now):
        draft = locked(draft_id, by=by, permission=Permission.AUTHORING_CHECK)
        check_second_reader(draft, by)
        check_transition(draft.state, DraftState.FACT_CHECKED)
        check_revision(draft, revision)
        if procedures.check_guide(draft.content):
            raise UnableToCheck(_("The guide still has faults. Send it back, or wait until they are mended."))
        changes = changes_of(draft)
        if not changes:
            raise UnableToCheck(_("Nothing was changed."))
        if {change.key for change in changes} - set(ticked):
            raise UnableToCheck(_("Compare every change with its source and tick it."))
        draft.state = DraftState.FACT_CHECKED
        draft.checked_by_id = by.id
        draft.save(update_fields=["state", "checked_by"])
        note_step(draft, Act.CHECKED, by=by, now=now)
    return draft


def send_back(*, draft_id: UUID, note: str, by: Actor, now: datetime) -> Draft:
    """The draft goes back to its writers with a note."""
    with unit_of_work(by=by, now=now):
        draft = locked(draft_id, by=by, permission=Permission.AUTHORING_CHECK)
        check_open(draft)
        words = read_note(note)
        draft.state = DraftState.DRAFT
        draft.checked_by = None
        draft.save(update_fields=["state", "checked_by"])
        note_step(draft, Act.SENT_BACK, by=by, now=now, note=words)
    return draft


def confirm_guide(*, version: ProcedureVersion, by: Actor, now: datetime) -> None:
    """Somebody compared a published version with its sources today and nothing has changed."""
    if not reach_of(by, Permission.AUTHORING_CHECK).covers(version.area):
        raise UnableToCheck(_("You cannot check the guide of this place."))
    for draft in Draft.objects.filter(published_as=version):
        check_second_reader(draft, by)
    procedures.confirm_version(
        version=version.pk,
        checked_on=local_date(now),
        checked_by=signature(by.id, version.written_by),
        by=by,
        now=now,
    )


def signature(member: UUID, other: str) -> str:
    """The name under a version; two people of one name are told apart by their user names."""
    found = Member.objects.get(pk=member)
    return f"{found.name} ({found.username})" if found.name == other else found.name
