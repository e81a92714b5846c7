"""Help sessions as phones send them: one, many, and one taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from nhipcau.cases import services
from nhipcau.cases.queries import own_session, team_at_work
from nhipcau.cases.services import NewSession
from nhipcau.core.clock import day_bounds, local_date
from nhipcau.core.scope import Actor
from nhipcau.sync.enums import Entity, Result
from nhipcau.sync.operations import former
from nhipcau.sync.queries.receipts import has_sent
from nhipcau.sync.rules.commands import (
    CLOCK_SKEW,
    OLDEST,
    Command,
    Data,
    Done,
    Held,
    Operation,
    Shape,
    UnableToApply,
)
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member

Word = Annotated[str, Field(max_length=40)]
Commune = Annotated[str, Field(pattern="^[0-9]{5}$")]
Need = Annotated[str, Field(pattern="^(procedure|topic):[a-z0-9_-]{1,80}$")]


class Session(Shape):
    """A help session. No name, ever; `need` is "procedure:<slug>" or "topic:<name>"."""

    id: UUID
    commune: Commune
    need: Need
    service_point: UUID | None = None
    minutes: Annotated[int, Field(ge=1, le=480)]
    outcome: Word
    alone: Word
    age_band: Word
    language: Annotated[str, Field(max_length=3)] = ""
    first_time: bool
    came_back_for_papers: bool | None = None
    papers: Word


class Undo(Shape):
    """Takes back one's own session on the day it was recorded."""

    session: UUID


def new_session(data: Session, *, at: datetime, by: Actor, team: UUID | None) -> NewSession:
    """As the room of cases knows it."""
    kind, _colon, name = data.need.partition(":")
    return NewSession(
        id=data.id,
        commune=data.commune,
        minutes=data.minutes,
        outcome=data.outcome,
        alone=data.alone,
        volunteer=by.id,
        procedure=name if kind == "procedure" else "",
        topic=name if kind == "topic" else "",
        service_point=data.service_point,
        at=at,
        age_band=data.age_band,
        language=data.language,
        first_time=data.first_time,
        came_back_for_papers=data.came_back_for_papers,
        team=team,
        papers=data.papers,
    )


def _record(command: Command, by: Actor, now: datetime) -> Done:
    """The same session under another command is still the same one: when it was stands as first said."""
    data: Session = command.data
    own = own_session(data.id, for_=by)
    at = own.at if own else command.at
    team = team_at_work(by, commune=data.commune, today=local_date(at))
    session = new_session(data, at=at, by=by, team=team)
    recorded = services.record_session(session=session, by=by, now=now)
    return Done(Result.ALREADY_APPLIED if recorded.already else Result.APPLIED, about=data.id)


def _record_many(commands: Sequence[Command], by: Actor, now: datetime) -> Sequence[Done] | None:
    """None when one of them is there already: what differs is then told one by one."""
    teams: dict[tuple[str, object], UUID | None] = {}
    sessions = []
    for command in commands:
        data: Session = command.data
        key = (data.commune, local_date(command.at))
        if key not in teams:
            teams[key] = team_at_work(by, commune=data.commune, today=key[1])
        sessions.append(new_session(data, at=command.at, by=by, team=teams[key]))
    if len({session.id for session in sessions}) < len(sessions):
        return None
    new = services.record_sessions_in_bulk(sessions=sessions, by=by, now=now, oldest=OLDEST)
    return [Done(about=command.data.id) for command in commands] if new == len(commands) else None


def _lost(command: Command, by: Actor, now: datetime) -> Held | None:
    data: Session = command.data
    return former.by_role(
        Entity.SESSION, data.id, data.commune, Permission.CASES_RECORD_SESSION, by=by, at=command.at
    )


def _take(command: Command, by: Actor, now: datetime) -> Done:
    """In the name of who gave the help, by somebody who works there now."""
    data: Session = command.data
    author = actor_of(Member.objects.get(pk=command.author or by.id), now)
    team = team_at_work(author, commune=data.commune, today=local_date(command.at))
    session = new_session(data, at=command.at, by=author, team=team)
    if not services.record_sessions_in_bulk(sessions=[session], by=by, now=now):
        # Another one came under the same number meanwhile: nobody is told that this one was taken.
        words = _("This session was recorded before with other content.")
        raise UnableToApply("cases.session_differs", words)
    return Done(about=data.id)


def _undo(command: Command, by: Actor, now: datetime) -> Done:
    """When it was taken back is the phone's claim. Where the phone has sent other things on a day between,
    it would have sent this, too: then what counts is when we hear of it."""
    data: Undo = command.data
    today, _tomorrow = day_bounds(local_date(now))
    late = has_sent(command.device, after=command.at + CLOCK_SKEW, until=today)
    services.undo_session(session_id=data.session, by=by, now=now, at=None if late else command.at)
    return Done(about=data.session)


def _with_papers(data: Data) -> Data:
    """Before version 2 nobody asked whether the papers were complete."""
    return {**data, "papers": "not_checked"}


OPERATIONS = (
    Operation(
        "sessions.record",
        2,
        Session,
        _record,
        upgrades={1: _with_papers},
        apply_many=_record_many,
        take=_take,
        lost=_lost,
    ),
    Operation("sessions.undo", 1, Undo, _undo),
)
