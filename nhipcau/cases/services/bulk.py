"""Many cases at once, with their whole life: the demo and imports. Each is checked like one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.enums import EventKind, PublicMessage, Stars
from nhipcau.cases.models import Case, CaseEvent, Dossier, HelpSession, Rating
from nhipcau.cases.queries import dossier_index, frozen_version
from nhipcau.cases.rules import (
    UnableToRate,
    check_can_rate,
    check_transition,
    is_closed,
    keep_until,
    public_message,
    read_dossier_code,
)
from nhipcau.cases.services.opening import UnableToOpenCase, new_case_row
from nhipcau.citizens import services as citizens
from nhipcau.core.clock import local_date
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.places.models import Unit
from nhipcau.procedures.models import Procedure, ProcedureVersion


@dataclass(frozen=True, slots=True)
class Step:
    """A move of a case to a state at a moment."""

    to: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FiledDossier:
    """A dossier as written down: the code, the day, whether the citizen submitted it alone."""

    code: str
    submitted_on: date
    submitted_by_citizen: bool


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case with its life so far. `stars` is given at `rated_at`; 0 means not rated."""

    id: UUID
    commune: str
    name: str
    phone: str
    consent: citizens.GivenConsent
    opened_at: datetime
    opened_by: UUID
    procedure: str = ""
    topic: str = ""
    service_point: UUID | None = None
    session: UUID | None = None
    keep_months: int = 6
    steps: tuple[Step, ...] = ()
    dossiers: tuple[FiledDossier, ...] = ()
    stars: int = 0
    rated_at: datetime | None = None


@dataclass(slots=True)
class _Rows:
    cases: list[Case] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    dossiers: list[Dossier] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)


def open_cases_in_bulk(*, cases: Iterable[NewCase], by: Actor | None, now: datetime) -> int:
    """All or nothing; returns how many. End dates count from `now`, the day of the import.

    Only the system calls it, so places and people are trusted; values and moves are checked.
    """
    wanted = list(cases)
    procedures = Procedure.objects.in_bulk([new.procedure for new in wanted if new.procedure])
    rows = _Rows()
    with unit_of_work(by=by, now=now):
        versions = _Versions(procedures, _provinces({new.commune for new in wanted}))
        for new in wanted:
            _lay_out(new, versions, rows, now)
        people = citizens.register_citizens_in_bulk(
            citizens=[_person(new, row.keep_until) for new, row in zip(wanted, rows.cases, strict=True)],
            by=by,
            now=now,
        )
        for row, person in zip(rows.cases, people, strict=True):
            row.citizen = person
        Case.objects.bulk_create(rows.cases, batch_size=1000)
        CaseEvent.objects.bulk_create(rows.events, batch_size=1000)
        Dossier.objects.bulk_create(rows.dossiers, batch_size=1000)
        Rating.objects.bulk_create(rows.ratings, batch_size=1000)
        for new in wanted:
            if new.session is not None:
                HelpSession.objects.filter(pk=new.session, case__isnull=True).update(case_id=new.id)
    return len(wanted)


class _Versions(dict[tuple[str, date, str], ProcedureVersion | None]):
    """The guide in force by procedure, day and province, asked for once each."""

    def __init__(self, procedures: dict[str, Procedure], provinces: dict[str, str]) -> None:
        super().__init__()
        self.procedures = procedures
        self.provinces = provinces

    def __missing__(self, key: tuple[str, date, str]) -> ProcedureVersion | None:
        slug, day, province = key
        self[key] = frozen_version(self.procedures[slug], day, province)
        return self[key]


def _provinces(codes: set[str]) -> dict[str, str]:
    """The province of each commune; all of them must be known."""
    known = Unit.objects.filter(pk__in=codes, parent__isnull=False).values_list("pk", "parent_id")
    found = {commune: province for commune, province in known if province}
    if codes - found.keys():
        raise UnableToOpenCase(_("The commune is not known."))
    return found


def _person(new: NewCase, end: date) -> citizens.NewCitizen:
    return citizens.NewCitizen(
        commune=new.commune,
        name=new.name,
        phone=new.phone,
        keep_until=end,
        consent=new.consent,
        registered_at=new.opened_at,
    )


def _lay_out(new: NewCase, versions: _Versions, rows: _Rows, now: datetime) -> None:
    """The rows of one case, every move checked against the table."""
    if new.procedure and new.procedure not in versions.procedures:
        raise UnableToOpenCase(_("The procedure is not known."))
    day, province = local_date(new.opened_at), versions.provinces[new.commune]
    version = versions[new.procedure, day, province] if new.procedure else None
    case = new_case_row(
        id=new.id,
        commune=new.commune,
        procedure=new.procedure,
        version=version,
        topic=new.topic,
        service_point=new.service_point,
        opened_at=new.opened_at,
        opened_by=new.opened_by,
        keep_months=new.keep_months,
        due_on=None,
    )
    case.assigned_to_id = new.opened_by
    rows.cases.append(case)
    opened = {"kind": EventKind.OPENED, "to_state": case.state, "public_message": PublicMessage.OPENED}
    rows.events.append(CaseEvent(case=case, at=new.opened_at, by_id=new.opened_by, **opened))
    for step in new.steps:
        _walk(case, step, new, rows)
    case.keep_until = keep_until(case.state, case.keep_months, now)
    rows.dossiers.extend(_dossier(case, filed, new) for filed in new.dossiers)
    if new.stars:
        rows.ratings.append(_rating(case, new))


def _walk(case: Case, step: Step, new: NewCase, rows: _Rows) -> None:
    check_transition(case.state, step.to)
    rows.events.append(
        CaseEvent(
            case=case,
            kind=EventKind.MOVED,
            from_state=case.state,
            to_state=step.to,
            public_message=public_message(case.state, step.to),
            at=step.at,
            by_id=new.opened_by,
        )
    )
    case.state = step.to
    case.closed_at = step.at if is_closed(step.to) else None


def _dossier(case: Case, filed: FiledDossier, new: NewCase) -> Dossier:
    code, known_shape = read_dossier_code(filed.code)
    return Dossier(
        id=new_id(new.opened_at),
        case=case,
        code=code,
        code_index=dossier_index(code),
        known_shape=known_shape,
        submitted_on=filed.submitted_on,
        submitted_by_citizen=filed.submitted_by_citizen,
        recorded_at=new.opened_at,
        recorded_by_id=new.opened_by,
    )


def _rating(case: Case, new: NewCase) -> Rating:
    at = new.rated_at or (new.steps[-1].at if new.steps else new.opened_at)
    check_can_rate(case.state, None, at)
    if new.stars not in Stars.values:
        raise UnableToRate(_("Choose from 1 to 5."))
    return Rating(id=new_id(at), case=case, stars=new.stars, at=at)
