"""What a volunteer needs here and now, and nothing else: never the country, never somebody else's work."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from nhipcau.core.clock import local_date
from nhipcau.core.scope import Actor
from nhipcau.sync.queries.pack import library, place, work
from nhipcau.sync.queries.pack.things import Thing as Thing
from nhipcau.sync.queries.pack.things import Wanted, weight
from nhipcau.teams.enums import Permission

# On the line, compressed; it leaves room up to 300 KB for what stands around the pages.
MOST_BYTES: Final = 280_000
# A note more or less must not send guides to and fro.
_STEP: Final = 20_000


def things_for(actor: Actor, *, language: str, now: datetime) -> Iterator[Thing]:
    """Everything of the day pack of a member, in the order in which it is most useful to have it.

    Names and labels are in the language that is active. Nothing for somebody without field work.
    """
    if not actor.may(Permission.CASES_RECORD_SESSION):
        return
    wanted = Wanted(actor=actor, today=local_date(now), now=now, language=language)
    communes, all_communes = place.communes(wanted)
    day = [*place.things(wanted, communes), *work.things(wanted)]
    room = (MOST_BYTES - weight(day)) // _STEP * _STEP
    guides, all_guides = library.things(wanted, communes, first=_needs(day), room=room)
    here = sum(one.kind == "case" for one in day)
    cut = {
        "cases": (here, work.count_cases(wanted) if here >= work.MOST_CASES else here),
        "communes": (len(communes), all_communes),
        "guides": (len(guides), all_guides),
    }
    # The member first: without it the phone shows nothing.
    yield place.me(wanted, communes, {name: pair for name, pair in cut.items() if pair[0] < pair[1]})
    yield from day
    yield from guides


def _needs(day: list[Thing]) -> set[str]:
    """What the member's own cases and visits are about."""
    return {str(one.body["need"]) for one in day if one.kind in ("case", "visit")}
