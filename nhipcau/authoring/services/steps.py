"""What every change of a draft has in common: the row locked, the history written."""

from datetime import datetime
from uuid import UUID

from nhipcau.authoring.enums import Act
from nhipcau.authoring.models import Draft, Step
from nhipcau.authoring.queries.drafts import UnableToFindDraft, reach_of
from nhipcau.core.scope import Actor


def locked(draft_id: UUID, *, by: Actor, permission: str) -> Draft:
    """The draft, held until the end of the transaction; 404 for whoever may not reach it."""
    draft = Draft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None or not reach_of(by, permission).covers(draft.area):
        raise UnableToFindDraft
    return draft


def note_step(draft: Draft, act: Act, *, by: Actor, now: datetime, note: str = "", part: str = "") -> None:
    """One line of the history. Changes of one person in a row are one line."""
    last = draft.steps.order_by("-at", "-id").first()
    if (
        act is Act.EDITED
        and last is not None
        and last.act == act
        and last.by_id == by.id
        and last.part == part
    ):
        Step.objects.filter(pk=last.pk).update(at=now, revision=draft.revision)
        return
    Step.objects.create(
        draft=draft, act=act, by_id=by.id, at=now, revision=draft.revision, note=note, part=part
    )
