"""Messages that did not get through, sent once more: what messaging does, with who asked on record.

The record of acts stands beside messaging, which therefore cannot write into it; this room is above both.
"""

from datetime import datetime
from uuid import UUID

from nhipcau.audit.services import record_act, unit_of_work
from nhipcau.messaging import services as messaging
from nhipcau.messaging.enums import Channel
from nhipcau.teams.access import MemberActor

_ACT = "try_again"


def try_again(*, by: MemberActor, now: datetime, delivery_id: UUID) -> bool:
    """One delivery; False when there was nothing to do. Safe to repeat."""
    with unit_of_work(by=by, now=now):
        done = messaging.try_again(delivery_id=delivery_id, now=now)
        if done:
            _note(by, "messaging_delivery", str(delivery_id), now)
        return done


def try_all_again(*, by: MemberActor, now: datetime, channel: Channel) -> int:
    """All of a channel that is worth it; how many. Safe to repeat."""
    with unit_of_work(by=by, now=now):
        count = messaging.try_all_again(channel=channel, now=now)
        if count:
            _note(by, "messaging_channel", channel.value, now)
        return count


def _note(by: MemberActor, entity: str, entity_id: str, now: datetime) -> None:
    record_act(by=by, action=_ACT, entity=entity, entity_id=entity_id, commune="", now=now)
