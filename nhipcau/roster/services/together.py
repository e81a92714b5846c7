"""Publishing proposals of a batch together: asked for at once, done one by one, each by itself."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.jobs import enqueue
from nhipcau.core.scope import Actor
from nhipcau.roster.enums import ProposalState
from nhipcau.roster.models import Proposal
from nhipcau.roster.services.publishing import UnableToPublish, publish
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member

TASK = "roster.publish"


def ask_to_publish(*, by: Actor, now: datetime, batch: UUID, seen: Mapping[UUID, int]) -> int:
    """Proposals of a batch as they were seen (id → version) are published by a worker; returns how many.

    What is not ready (any more), or not the actor's, is left alone. Asked twice it is done once.
    """
    with unit_of_work(by=by, now=now):
        rows = Proposal.objects.visible_to(by, Permission.ROSTER_EDIT).select_for_update(of=("self",))
        ready = rows.filter(batch=batch, pk__in=seen, state=ProposalState.READY).order_by("id")
        keys = list(ready.values_list("pk", flat=True))
        Proposal.objects.filter(pk__in=keys).update(publish_asked_at=now)
        for key in keys:
            once = f"{TASK}:{key}"
            enqueue(TASK, once=once, proposal=str(key), seen=seen[key], by=str(by.id))
    return len(keys)


def publish_asked(*, by: UUID, now: datetime, proposal: UUID, seen: int) -> bool:
    """Publishes one proposal as somebody asked; whether it is published now.

    It is one transaction: what no longer fits is left with its reasons. Said twice it is the same.
    """
    actor = actor_of(Member.objects.get(pk=by), now)
    try:
        publish(by=actor, now=now, proposal_id=proposal, seen=seen)
    except UnableTo as error:
        return _leave_out(proposal, error, now)
    return True


def _leave_out(proposal: UUID, error: UnableTo, now: datetime) -> bool:
    conflicts = error.conflicts if isinstance(error, UnableToPublish) else ()
    rules = Counter(one.rule for one in conflicts)
    with unit_of_work(by=None, now=now):
        row = Proposal.objects.select_for_update().get(pk=proposal)
        row.publish_asked_at = None
        if row.state == ProposalState.READY:
            row.facts["refused"] = {"version": row.version, "rules": rules}
        row.save(update_fields=["publish_asked_at", "facts"])
    return row.state == ProposalState.PUBLISHED
