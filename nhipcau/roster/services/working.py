"""Working proposals out, in a worker: begun once, watched while it runs, its answer written at the end."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from nhipcau.audit.services import unit_of_work
from nhipcau.core.ids import new_id
from nhipcau.roster import plan
from nhipcau.roster.enums import DutySource, ProposalState
from nhipcau.roster.models import Proposal, ProposedDuty
from nhipcau.roster.rules.proposals import Seat

# So many teams that share people are worked out as one problem; further ones take that as given.
JOINTLY: Final = 6
LOOKS, BEATS = 0.5, 5.0
_logger = logging.getLogger(__name__)


def work_out(*, proposals: Sequence[UUID], moment: Callable[[], datetime]) -> int:
    """Begins what waits among these proposals and writes the answers; returns how many are ready.

    Whatever is no longer waiting is left alone, so that a job that runs twice does one thing.
    """
    keys, ready = sorted(set(proposals)), 0
    for at in range(0, len(keys), JOINTLY):
        # What is worked out later begins later: nobody watches it before, so it would be taken for dead.
        some = _begin(keys[at : at + JOINTLY], moment())
        if not some:
            continue
        try:
            ready += _work_out(some, moment)
        except Exception:
            _logger.exception("A proposal could not be worked out")
            _fail(some, moment())
    return ready


def _begin(proposals: Sequence[UUID], now: datetime) -> list[Proposal]:
    with unit_of_work(by=None, now=now):
        waiting = Proposal.objects.select_for_update().filter(pk__in=proposals, state=ProposalState.QUEUED)
        rows = list(waiting.order_by("id"))
        for row in rows:
            row.state, row.started_at, row.heard_at = ProposalState.SOLVING, now, now
            row.stop_asked, row.tries, row.facts = False, row.tries + 1, {}
            row.save()
    return rows


def _fail(rows: Sequence[Proposal], now: datetime) -> None:
    with unit_of_work(by=None, now=now):
        still = Proposal.objects.filter(pk__in=[row.pk for row in rows], state=ProposalState.SOLVING)
        still.update(state=ProposalState.FAILED, message="failed", finished_at=now)


def _work_out(rows: Sequence[Proposal], moment: Callable[[], datetime]) -> int:
    first = rows[0]
    drawn = plan.problem_of(
        [row.team_id for row in rows],
        first.starts_on,
        first.ends_on,
        now=moment(),
        wishes=wishes_of(rows, fixed=_fixed(rows)),
    )
    with _watched(rows, moment) as watch:
        answer = plan.solve(
            drawn,
            seed=first.seed,
            seconds=max(row.seconds for row in rows),
            stopped=watch.stopped.is_set,
            told=watch.hear,
            fewest=bool(first.asked.get("fewest")),
        )
    return _write(rows, drawn, answer, moment())


def wishes_of(
    rows: Sequence[Proposal],
    fixed: Sequence[tuple[UUID, datetime, datetime]] = (),
    duties: Sequence[ProposedDuty] | None = None,
) -> plan.Wishes:
    """What leaders locked and asked for: one query, none where the duties are at hand with their needs."""
    if duties is None:
        duties = list(ProposedDuty.objects.filter(proposal__in=rows).select_related("need").order_by("id"))
    seats = [(seat_of(duty), duty.locked) for duty in duties]
    return plan.Wishes(
        locked=tuple(seat for seat, locked in seats if locked),
        draft=tuple(seat for seat, _locked in seats),
        kept_off=tuple(
            (UUID(member), UUID(shift)) for row in rows for member, shift in row.asked.get("kept_off", ())
        ),
        away=tuple(
            (UUID(member), date.fromisoformat(start), date.fromisoformat(back))
            for row in rows
            for member, start, back in row.asked.get("away", ())
        ),
        fixed=tuple(fixed),
    )


def seat_of(duty: ProposedDuty) -> Seat:
    """The seat of a duty that came with its need."""
    return Seat(duty.member_id, duty.need.shift_id, duty.need_id)


def _fixed(rows: Sequence[Proposal]) -> list[tuple[UUID, datetime, datetime]]:
    """What drafts of the same batch give to people elsewhere: they cannot be in two places."""
    if rows[0].batch is None:
        return []
    others = ProposedDuty.objects.filter(
        proposal__batch=rows[0].batch, proposal__state=ProposalState.READY
    ).exclude(proposal__in=rows)
    return list(others.values_list("member_id", "need__shift__starts_at", "need__shift__ends_at"))


@dataclass
class _Watch:
    """What the run says of itself, and whether a person wants it to end."""

    stopped: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    facts: dict[str, Any] = field(default_factory=dict)

    def hear(self, facts: dict[str, Any]) -> None:
        self.facts = facts


@contextmanager
def _watched(rows: Sequence[Proposal], moment: Callable[[], datetime]) -> Iterator[_Watch]:
    """A thread beside the run asks whether it should stop, and writes down how far it is."""
    watch = _Watch()
    keys = [row.pk for row in rows]

    def look() -> None:
        try:
            looks = 0
            while not watch.over.wait(LOOKS):
                looks += 1
                if looks % round(BEATS / LOOKS) == 2:
                    Proposal.objects.filter(pk__in=keys).update(heard_at=moment(), facts=watch.facts)
                if Proposal.objects.filter(pk__in=keys, stop_asked=True).exists():
                    watch.stopped.set()
        finally:
            connection.close()

    thread = threading.Thread(target=look, name="proposal-watch", daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.over.set()
        thread.join()


def _write(rows: Sequence[Proposal], drawn: plan.Drawn, answer: plan.Answer, now: datetime) -> int:
    """The answer becomes the duties of each proposal that is still wanted."""
    with unit_of_work(by=None, now=now):
        wanted = Proposal.objects.select_for_update().filter(
            pk__in=[row.pk for row in rows], state=ProposalState.SOLVING
        )
        ready = list(wanted.order_by("id"))
        for row in ready:
            own = {key for key, need in drawn.needs.items() if need.shift.team_id == row.team_id}
            published = [seat for seat in drawn.published if seat.need in own]
            _replace_duties(row, [seat for seat in answer.seats if seat.need in own], set(published), now)
            base = [[str(seat.member), str(seat.shift), str(seat.need)] for seat in published]
            row.facts = answer.facts | {"base": base, "teams": len(rows)}
            row.state, row.finished_at, row.heard_at = ProposalState.READY, now, now
            row.stop_asked, row.version = False, row.version + 1
            row.save()
    return len(ready)


def _replace_duties(row: Proposal, seats: Sequence[Seat], published: set[Seat], now: datetime) -> None:
    before = {seat_of(duty): duty for duty in row.duties.select_related("need")}
    row.duties.all().delete()
    duties = []
    for seat in seats:
        old = before.get(seat)
        source = DutySource.KEPT if seat in published else DutySource.SOLVER
        if old is not None and old.locked:
            source = DutySource(old.source)
        duty = ProposedDuty(
            id=new_id(now),
            proposal=row,
            need_id=seat.need,
            member_id=seat.member,
            locked=old is not None and old.locked,
            source=source,
        )
        duties.append(duty)
    ProposedDuty.objects.bulk_create(duties, batch_size=1000)
