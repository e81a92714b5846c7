"""A crew's week proposed, worked out by the real solver, and published."""

from datetime import datetime
from typing import Any

from nhipcau.roster import services
from nhipcau.roster.models import Proposal
from nhipcau.teams.access import MemberActor, actor_of

from .cast import NOW, Cast
from .crews import UNTIL, Crew
from .rosters import SHIFT_DAY


def moment() -> datetime:
    return NOW


def leader(cast: Cast) -> MemberActor:
    return actor_of(cast.leader, NOW)


def asked(cast: Cast, crew: Crew, **options: Any) -> Proposal:
    """A proposal for the crew's week, waiting."""
    return services.propose(
        by=leader(cast), now=NOW, team=crew.team, start=SHIFT_DAY, end=UNTIL, seconds=10, **options
    )


def worked_out(row: Proposal) -> Proposal:
    assert services.work_out(proposals=[row.pk], moment=moment) == 1
    row.refresh_from_db()
    return row


def proposed(cast: Cast, crew: Crew, **options: Any) -> Proposal:
    """A proposal for the crew's week, worked out."""
    return worked_out(asked(cast, crew, **options))


def published(cast: Cast, row: Proposal) -> Any:
    return services.publish(by=leader(cast), now=NOW, proposal_id=row.pk, seen=row.version)


def seats(row: Proposal) -> set[Any]:
    return {services.seat_of(duty) for duty in row.duties.select_related("need")}
