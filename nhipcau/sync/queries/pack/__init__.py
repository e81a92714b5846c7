"""What a volunteer needs here and now, and nothing else: never the country, never somebody else's work."""

from collections.abc import Iterator
from datetime import datetime

from nhipcau.core.clock import local_date
from nhipcau.core.scope import Actor
from nhipcau.sync.queries.pack import library, place, work
from nhipcau.sync.queries.pack.things import Thing as Thing
from nhipcau.sync.queries.pack.things import Wanted
from nhipcau.teams.enums import Permission


def things_for(actor: Actor, *, language: str, now: datetime) -> Iterator[Thing]:
    """Everything of the day pack of a member, in the order in which it is most useful to have it.

    Names and labels are in the language that is active. Nothing for somebody without field work.
    """
    if not actor.may(Permission.CASES_RECORD_SESSION):
        return
    wanted = Wanted(actor=actor, today=local_date(now), now=now, language=language)
    yield from place.things(wanted)
    yield from work.things(wanted)
    yield from library.things(wanted)
