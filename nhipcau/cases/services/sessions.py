"""Recording help sessions, one or many, and taking one back on the same day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.models import HelpSession
from nhipcau.cases.rules import NewSession, UnableToRecordSession, check_session
from nhipcau.cases.services.recount import recount
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.places.models import ServicePoint, Unit
from nhipcau.procedures.models import Procedure
from nhipcau.teams.enums import Permission, languages
from nhipcau.teams.models import Member, Team

# What makes two records the same: everything the person who recorded it said.
_CONTENT = (
    "commune_id",
    "procedure_id",
    "topic",
    "service_point_id",
    "minutes",
    "outcome",
    "alone",
    "age_band",
    "language",
    "first_time",
    "came_back_for_papers",
    "papers",
    "volunteer_id",
    "team_id",
)


class UnableToRecordTwice(UnableTo):
    """A session with this id exists and says something else."""

    code = "cases.session_differs"


class UnableToUndo(UnableTo):
    """The session is somebody else's, older than today, or has a case."""

    code = "cases.session_settled"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The session as it stands, and whether it had been recorded before."""

    session: HelpSession
    already: bool


def record_session(*, session: NewSession, by: Actor, now: datetime, at: datetime | None = None) -> Recorded:
    """One help session. The same id with the same content is accepted again and changes nothing.

    `at`: when it was written down, where we hear of it only now.

    Raises `UnableToRecordSession` (impossible value or unknown reference), `UnableToRecordTwice`
    (same id, other content).
    """
    check_session(session, at or now)
    if session.volunteer != by.id:
        raise UnableToRecordSession(_("You can record only your own sessions."))
    row = _row(session, now)
    with unit_of_work(by=by, now=now):
        existing = HelpSession.objects.filter(pk=session.id).first()
        if existing is None:
            _check_place(session, _check_references([session]), by)
            # Two equal requests may race: the second insert waits for the first and then does nothing.
            HelpSession.objects.bulk_create([row], ignore_conflicts=True)
            existing, already = HelpSession.objects.get(pk=session.id), False
            recount(existing.day)
        else:
            already = True
        _check_same(existing, row, session)
    return Recorded(existing, already)


def record_sessions_in_bulk(
    *,
    sessions: Iterable[NewSession],
    by: Actor | None,
    now: datetime,
    oldest: timedelta | None = None,
    batch: int = 2000,
) -> int:
    """Many sessions, checked like one; ids already present are left alone. `oldest` None: of any past moment.

    All or nothing; returns how many are new. `by` None is the system itself (demo, import).
    """
    wanted = list(sessions)
    for session in wanted:
        check_session(session, now, oldest=oldest)
    with unit_of_work(by=by, now=now):
        provinces = _check_references(wanted)
        if by is not None:
            for session in wanted:
                _check_place(session, provinces, by)
        before = HelpSession.objects.filter(pk__in=[session.id for session in wanted]).count()
        rows = [_row(session, now) for session in wanted]
        HelpSession.objects.bulk_create(rows, batch_size=batch, ignore_conflicts=True)
        if by is not None:
            for day in sorted({row.day for row in rows}):
                recount(day)
    return len({session.id for session in wanted}) - before


def undo_session(*, session_id: UUID, by: Actor, now: datetime, at: datetime | None = None) -> None:
    """Takes back one's own session on the day it was recorded; the audit trail keeps that it was.

    `at`: when it was taken back, where we hear of it only now. Raises `UnableToUndo`, 404.
    """
    with unit_of_work(by=by, now=now):
        row = HelpSession.objects.select_for_update().filter(pk=session_id, volunteer_id=by.id).first()
        if row is None:
            raise Http404
        if local_date(at or now) > local_date(row.recorded_at):
            raise UnableToUndo(_("A session can be taken back only on the day it was recorded."))
        if row.case_id is not None:
            raise UnableToUndo(_("A case was opened from this session, so it stays."))
        recount(row.day)
        row.delete()


def withdraw_session(*, session_id: UUID, by: Actor, now: datetime) -> bool:
    """Takes back help that was part of something written down anew, whoever gave it, whenever; who may say so
    is for that room to check. False: a case was opened from it, so it stays."""
    with unit_of_work(by=by, now=now):
        row = HelpSession.objects.select_for_update().get(pk=session_id)
        if row.case_id is not None:
            return False
        recount(row.day)
        row.delete()
    return True


def _row(session: NewSession, now: datetime) -> HelpSession:
    at = session.at or now
    return HelpSession(
        id=session.id,
        commune_id=session.commune,
        procedure_id=session.procedure or None,
        topic=session.topic,
        service_point_id=session.service_point,
        day=local_date(at),
        at=at,
        minutes=session.minutes,
        outcome=session.outcome,
        alone=session.alone,
        age_band=session.age_band,
        language=session.language,
        first_time=session.first_time,
        came_back_for_papers=session.came_back_for_papers,
        papers=session.papers,
        volunteer_id=session.volunteer,
        team_id=session.team,
        recorded_at=now,
    )


def _check_same(existing: HelpSession, row: HelpSession, session: NewSession) -> None:
    same = all(getattr(existing, name) == getattr(row, name) for name in _CONTENT)
    if not same or (session.at is not None and existing.at != session.at):
        raise UnableToRecordTwice(_("This session was recorded before with other content."))


def _check_references(sessions: Sequence[NewSession]) -> dict[str, str]:
    """One look-up per table, however many sessions. Returns the province of each commune."""
    communes = {s.commune for s in sessions}
    provinces = _found(Unit, communes, "pk", "parent_id")
    _all_known(
        communes, [code for code, parent in provinces.items() if parent], _("The commune is not known.")
    )
    points = _found(ServicePoint, {s.service_point for s in sessions}, "pk", "commune_id")
    if any(s.service_point and points.get(s.service_point) != s.commune for s in sessions):
        raise UnableToRecordSession(_("The service point is not in this commune."))
    for model, wanted, message in (
        (Procedure, {s.procedure for s in sessions} - {""}, _("The procedure is not known.")),
        (Team, {s.team for s in sessions} - {None}, _("The team is not known.")),
        (Member, {s.volunteer for s in sessions}, _("The volunteer is not known.")),
    ):
        _all_known(wanted, _found(model, wanted, "pk", "pk"), message)
    _all_known({s.language for s in sessions} - {""}, languages(), _("The language is not in the list."))
    return provinces


def _found(model: Any, keys: set[Any], *columns: str) -> dict[Any, Any]:
    wanted = {key for key in keys if key}
    return dict(model.objects.filter(pk__in=wanted).values_list(*columns)) if wanted else {}


def _all_known(wanted: set[Any], known: Iterable[Any], message: Any) -> None:
    if wanted - set(known):
        raise UnableToRecordSession(message)


def _check_place(session: NewSession, provinces: dict[str, str], by: Actor) -> None:
    scope = by.scope(Permission.CASES_RECORD_SESSION)
    if not scope.covers(commune=session.commune, province=provinces[session.commune]):
        raise UnableToRecordSession(_("You do not work in this commune."))
