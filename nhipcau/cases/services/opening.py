"""Opening a case: person with consent, case, frozen guide and first event, in one transaction."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.enums import CaseState, EventKind, PublicMessage, Topic
from nhipcau.cases.models import Case, CaseEvent, HelpSession
from nhipcau.cases.queries import frozen_version, token_hash
from nhipcau.cases.rules import KEEP_MONTHS, keep_until
from nhipcau.cases.services.recount import recount
from nhipcau.citizens import services as citizens
from nhipcau.citizens.models import Citizen
from nhipcau.citizens.queries import asked_to_be_forgotten, read_phone, same_phone_in
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import make_code, new_token
from nhipcau.core.scope import Actor
from nhipcau.core.text import fold
from nhipcau.places.models import ServicePoint, Unit
from nhipcau.procedures.models import Procedure, ProcedureVersion
from nhipcau.teams.enums import Permission, languages


class UnableToOpenCase(UnableTo):
    """The case cannot be opened as asked."""

    code = "cases.unable_to_open"


@dataclass(frozen=True, slots=True)
class OpenCase:
    """What opening a case needs. `known_citizen`: the same person as found by the phone number; `by_name`: of
    several under one number only whoever has that name, as nobody could choose between them.

    `id` is made by whoever records it; `session` is the help session the case grew out of.
    """

    id: UUID
    commune: str
    name: str
    phone: str
    consent: citizens.GivenConsent
    procedure: str = ""
    topic: str = ""
    service_point: UUID | None = None
    session: UUID | None = None
    helping_language: str = ""
    keep_months: int = 6
    due_on: date | None = None
    known_citizen: UUID | None = None
    by_name: bool = False
    another_person: bool = False


def open_case(
    *, case: OpenCase, by: Actor, now: datetime, at: datetime | None = None, author: UUID | None = None
) -> Case:
    """`at`: when it was said, where we hear of it only now: its days, guide and consent go by then.
    `author`: who wrote it down, where somebody else decides that it is opened; the help session is theirs.

    Raises `UnableToOpenCase`, and what `citizens.register_citizen` raises: above all
    `UnableToRegisterKnownPhone`, until the caller says whether it is the same person. The same id sent again
    by the same member returns the case as it stands.
    """
    with unit_of_work(by=by, now=now):
        existing = Case.objects.filter(pk=case.id).first()
        if existing is not None:
            return _same(existing, case, by)
        said_at = at or now
        procedure = _check(case, by, said_at)
        row = new_case_row(
            id=case.id,
            commune=case.commune,
            procedure=case.procedure,
            version=_guide(procedure, case.commune, said_at),
            topic=case.topic,
            service_point=case.service_point,
            opened_at=now,
            opened_by=by.id,
            keep_months=case.keep_months,
            due_on=case.due_on,
        )
        row.assigned_to_id = by.id
        row.keep_until = keep_until(row.state, row.keep_months, said_at)
        row.citizen = _person(_as_decided(case, said_at, author), row.keep_until, by, now, said_at)
        row.save(force_insert=True)
        CaseEvent.objects.create(
            case=row, kind=EventKind.OPENED, to_state=row.state, public_message=PublicMessage.OPENED,
            at=now, by_id=by.id,
        )  # fmt: skip
        if case.session is not None:
            _attach(case.session, row, author or by.id)
        recount(local_date(now))
    return row


def _guide(procedure: Procedure | None, commune: str, at: datetime) -> ProcedureVersion | None:
    """The guide in force in the province of the case: frozen with it."""
    if procedure is None:
        return None
    province = Unit.objects.filter(pk=commune).values_list("parent_id", flat=True).first()
    return frozen_version(procedure, local_date(at), province or "")


def new_case_row(
    *,
    id: UUID,
    commune: str,
    procedure: str,
    version: ProcedureVersion | None,
    topic: str,
    service_point: UUID | None,
    opened_at: datetime,
    opened_by: UUID,
    keep_months: int,
    due_on: date | None,
) -> Case:
    """An unsaved case with a fresh code and token; `version` is the guide in force on its day."""
    token = new_token()
    return Case(
        id=id,
        commune_id=commune,
        procedure_id=procedure or None,
        procedure_version=version,
        topic=topic,
        service_point_id=service_point,
        code=make_code(),
        token=token,
        token_hash=token_hash(token),
        state=CaseState.OPENED,
        opened_at=opened_at,
        opened_by_id=opened_by,
        due_on=due_on,
        keep_months=keep_months,
        keep_until=keep_until(CaseState.OPENED, keep_months, opened_at),
    )


def _same(existing: Case, case: OpenCase, by: Actor) -> Case:
    same = (existing.opened_by_id, existing.commune_id, existing.procedure_id or "", existing.topic)
    if same != (by.id, case.commune, case.procedure, case.topic):
        raise UnableToOpenCase(_("This case was opened before with other content."))
    return existing


def _check(case: OpenCase, by: Actor, at: datetime) -> Procedure | None:
    unit = Unit.objects.filter(pk=case.commune, parent__isnull=False).first()
    scope = by.scope(Permission.CASES_OPEN_CASE)
    if unit is None or not scope.covers(commune=unit.pk, province=unit.parent_id or ""):
        raise UnableToOpenCase(_("You do not work in this commune."))
    if case.service_point is not None:
        point = ServicePoint.objects.filter(pk=case.service_point, commune=unit)
        if not point.exists():
            raise UnableToOpenCase(_("The service point is not in this commune."))
    if case.keep_months not in KEEP_MONTHS:
        raise UnableToOpenCase(_("Choose how long the name and number may be kept."))
    if case.due_on is not None and case.due_on < local_date(at):
        raise UnableToOpenCase(_("The due date has already passed."))
    if case.helping_language and case.helping_language not in languages():
        raise UnableToOpenCase(_("The language is not in the list."))
    return _need(case)


def _need(case: OpenCase) -> Procedure | None:
    if bool(case.procedure) == bool(case.topic) or (case.topic and case.topic not in Topic.values):
        raise UnableToOpenCase(_("Choose what the person needs: one procedure or one topic."))
    procedure = Procedure.objects.filter(pk=case.procedure).first() if case.procedure else None
    if case.procedure and procedure is None:
        raise UnableToOpenCase(_("The procedure is not known."))
    return procedure


def _as_decided(case: OpenCase, said_at: datetime, author: UUID | None) -> OpenCase:
    """Who heard the yes stays who heard it. Whom the phone had named, and nobody is any more under that
    number, is written down anew: not when they have asked since to be forgotten."""
    known = case.known_citizen
    if known is not None and asked_to_be_forgotten(known, since=said_at):
        raise UnableToOpenCase(_("This person is not known here, or was erased."))
    if author is None:
        return case
    named = known if known and same_phone_in(case.commune, read_phone(case.phone)) else None
    return replace(case, known_citizen=named, consent=replace(case.consent, heard_by=author))


def _person(case: OpenCase, end: date, by: Actor, now: datetime, said_at: datetime) -> Citizen:
    """The person found by the same number in the same commune, or a new one."""
    if case.known_citizen is None:
        new = citizens.NewCitizen(
            commune=case.commune,
            name=case.name,
            phone=case.phone,
            keep_until=end,
            consent=case.consent,
            helping_language=case.helping_language,
            registered_at=said_at,
        )
        return citizens.register_citizen(citizen=new, another_person=case.another_person, by=by, now=now)
    known = {citizen.pk: citizen for citizen in same_phone_in(case.commune, read_phone(case.phone))}
    found = known.get(case.known_citizen)
    if found is None:
        raise UnableToOpenCase(_("This person is not known here under this number."))
    if case.by_name and len(known) > 1 and fold(found.name) != fold(case.name):
        raise citizens.UnableToRegisterKnownPhone(list(known.values()))
    citizens.record_consent(citizen=found, consent=case.consent, by=by, now=said_at)
    if found.keep_until < end:
        citizens.keep_until(citizen_id=found.pk, day=end, by=by, now=now)
    return found


def _attach(session: UUID, case: Case, author: UUID) -> None:
    """Ties the author's own session to the case; anybody else's is left alone."""
    HelpSession.objects.filter(
        pk=session, volunteer_id=author, commune_id=case.commune_id, case__isnull=True
    ).update(case=case)
