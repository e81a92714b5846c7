"""Cases as phones send them: opened, noted, changed field by field, dossiers, papers in hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from nhipcau.cases import services
from nhipcau.cases.enums import CaseState
from nhipcau.cases.models import Case, PapersCheck
from nhipcau.cases.queries import EDIT, get_case, keep_until
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.models import Citizen
from nhipcau.citizens.queries import UnableToReadPhone, asked_to_be_forgotten, phone_index, read_phone
from nhipcau.citizens.services import GivenConsent, UnableToRegisterKnownPhone
from nhipcau.core.clock import local_date
from nhipcau.core.scope import Actor
from nhipcau.core.text import fold
from nhipcau.sync.enums import ConflictReason, Entity, Result
from nhipcau.sync.operations import former
from nhipcau.sync.operations.sessions import Commune, Need, Word
from nhipcau.sync.rules.commands import CLOCK_SKEW, Command, Done, FieldConflict, Held, Operation, Shape
from nhipcau.teams.enums import Permission


class Consent(Shape):
    """How the person said yes."""

    purpose: Purpose
    method: ConsentMethod
    language: Annotated[str, Field(max_length=5)]


class Open(Shape):
    """A new case. `known_citizen`, `another_person`: the answer to "somebody has this number already"."""

    id: UUID
    commune: Commune
    need: Need
    service_point: UUID | None = None
    session: UUID | None = None
    name: Annotated[str, Field(max_length=200)]
    phone: Annotated[str, Field(max_length=40)]
    helping_language: Annotated[str, Field(max_length=3)] = ""
    keep_months: Annotated[int, Field(ge=1, le=12)]
    due_on: date | None = None
    consent: Consent
    known_citizen: UUID | None = None
    another_person: bool = False


class Note(Shape):
    """A line for the team."""

    case: UUID
    note: str


class Wanted(Shape):
    """Fields that are set; one that is not sent stays as it is."""

    due_on: date | None = None
    state: Word = ""


class Change(Shape):
    """Some fields of a case; `base` of the command says what they were on the phone."""

    case: UUID
    set: Wanted


class DossierShape(Shape):
    """The code of what was submitted on the portal."""

    case: UUID
    code: Annotated[str, Field(max_length=400)]
    submitted_on: date
    submitted_by_citizen: bool


class PapersShape(Shape):
    """What was said and ticked, against a version of the guide."""

    id: UUID
    case: UUID
    version: UUID
    answers: Annotated[dict[str, Any], Field(max_length=100)]
    in_hand: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=200)]


def _open(command: Command, by: Actor, now: datetime) -> Done:
    data: Open = command.data
    already = Case.objects.filter(pk=data.id).exists()
    kind, _colon, name = data.need.partition(":")
    case = services.OpenCase(
        id=data.id,
        commune=data.commune,
        name=data.name,
        phone=data.phone,
        consent=GivenConsent(data.consent.purpose, data.consent.method, data.consent.language),
        procedure=name if kind == "procedure" else "",
        topic=name if kind == "topic" else "",
        service_point=data.service_point,
        session=data.session,
        helping_language=data.helping_language,
        keep_months=data.keep_months,
        due_on=data.due_on,
        known_citizen=data.known_citizen,
        by_name=command.author is None,
        another_person=data.another_person,
    )
    try:
        services.open_case(case=case, by=by, now=now, at=command.at, author=command.author)
    except UnableToRegisterKnownPhone as error:
        if command.author is not None:
            raise
        # Only who has the person before them knows: the phone asks, and sends the answer anew.
        return Done(Result.NEEDS_PERSON, _same_person(data, error.known), error.code, str(error))
    return Done(Result.ALREADY_APPLIED if already else Result.APPLIED, about=data.id)


def _same_person(data: Open, known: Sequence[Citizen]) -> UUID | None:
    """Of whom the phone may say that it is the same person: it shows no names. Families share a number."""
    if len(known) > 1:
        known = [one for one in known if fold(one.name) == fold(data.name)]
    return known[0].pk if len(known) == 1 else None


def _open_lost(command: Command, by: Actor, now: datetime) -> Held | None:
    """Kept as long as the case would be, had it been opened that day; not of who was forgotten since."""
    data: Open = command.data
    if data.known_citizen and asked_to_be_forgotten(data.known_citizen, since=command.at):
        raise former.forgotten()
    held = former.by_role(
        Entity.CASE, data.id, data.commune, Permission.CASES_OPEN_CASE, by=by, at=command.at
    )
    until = keep_until(CaseState.OPENED, data.keep_months, command.at)
    return replace(held, agreed_until=until, phone_index=_index(data.phone)) if held else None


def _index(phone: str) -> str:
    """What finds the person when they are erased; empty for what is no number."""
    try:
        return phone_index(read_phone(phone))
    except UnableToReadPhone:
        return ""


def _note(command: Command, by: Actor, now: datetime) -> Done:
    data: Note = command.data
    services.add_note(case_id=data.case, note=data.note, by=by, now=now)
    return Done(about=data.case)


# How a value of the phone stands in the case: both as JSON knows them.
_STANDING: Final[Mapping[str, Callable[[Case], Any]]] = {
    "due_on": lambda case: case.due_on.isoformat() if case.due_on else None,
    "state": lambda case: case.state,
}


def _wanted(data: Change) -> dict[str, Any]:
    values = data.set.model_dump(mode="json")
    return {name: values[name] for name in sorted(data.set.model_fields_set)}


def _change(command: Command, by: Actor, now: datetime) -> Done:
    """Field by field: what the phone had seen still stands – written; somebody else wrote it – held."""
    data: Change = command.data
    case = get_case(data.case, for_=by, reach=EDIT, lock=True)
    if case.erased_at is not None:
        raise Http404
    wanted = _wanted(data)
    standing = {name: read(case) for name, read in _STANDING.items()}
    differing = {name: mine for name, mine in wanted.items() if standing[name] != mine}
    free = {
        name: mine
        for name, mine in differing.items()
        if name in command.base and command.base[name] == standing[name]
    }
    _set(case, free, by, now, command.at)
    disputed = tuple(
        FieldConflict(name, command.base.get(name), standing[name], mine)
        for name, mine in differing.items()
        if name not in free
    )
    if disputed:
        held = Held(ConflictReason.SAME_FIELD, Entity.CASE, case.pk, case.commune_id, disputed)
        words = _("Somebody else changed the same thing meanwhile. Look at both and choose.")
        return Done(Result.NEEDS_PERSON, case.pk, "sync.same_field", words, held)
    others = any(
        name in standing and seen != standing[name]
        for name, seen in command.base.items()
        if name not in wanted
    )
    if not free:
        return Done(Result.ALREADY_APPLIED, about=case.pk)
    return Done(Result.MERGED if others else Result.APPLIED, about=case.pk)


def _set(case: Case, values: Mapping[str, Any], by: Actor, now: datetime, at: datetime) -> None:
    if "state" in values:
        services.move_case(case_id=case.pk, to=values["state"], by=by, now=now, seen=case.state)
    if "due_on" in values:
        due = date.fromisoformat(values["due_on"]) if values["due_on"] else None
        services.set_due_date(case_id=case.pk, due_on=due, by=by, now=now, at=at)


def _take_change(command: Command, by: Actor, now: datetime) -> Done:
    """Only what was decided about: the other fields of the command were written when it came."""
    data: Change = command.data
    case = get_case(data.case, for_=by, reach=EDIT, lock=True)
    wanted = _wanted(data)
    names = {each.name for each in command.held} or set(wanted)
    differing = {
        name: mine for name, mine in wanted.items() if name in names and _STANDING[name](case) != mine
    }
    _set(case, differing, by, now, command.at)
    return Done(about=case.pk)


def _dossier(command: Command, by: Actor, now: datetime) -> Done:
    data: DossierShape = command.data
    case = get_case(data.case, for_=by, reach=EDIT, lock=True)
    bare = "".join(data.code.split()).upper()
    day = _submitted_on(command, now)
    same = (day, data.submitted_by_citizen)
    if any(
        row.code == bare and (row.submitted_on, row.submitted_by_citizen) == same
        for row in case.dossiers.order_by("id")
    ):
        return Done(Result.ALREADY_APPLIED, about=case.pk)
    services.add_dossier(
        case_id=data.case,
        code=data.code,
        submitted_on=day,
        submitted_by_citizen=data.submitted_by_citizen,
        by=by,
        now=now,
    )
    return Done(about=case.pk)


def _submitted_on(command: Command, now: datetime) -> date:
    """The day that a phone put in by itself was that of its clock, and is put right with it. What a person
    chose stands; minutes before midnight a clock a little ahead has tomorrow to choose from."""
    claimed: date = command.data.submitted_on
    if claimed == local_date(command.at - command.skew):
        return local_date(command.at)
    today = local_date(now)
    return today if today < claimed <= local_date(now + CLOCK_SKEW) else claimed


def _papers(command: Command, by: Actor, now: datetime) -> Done:
    data: PapersShape = command.data
    already = PapersCheck.objects.filter(pk=data.id).exists()
    check = services.NewPapersCheck(data.id, data.case, data.version, data.answers, data.in_hand)
    services.check_papers(check=check, by=by, now=now, at=command.at)
    return Done(Result.ALREADY_APPLIED if already else Result.APPLIED, about=data.case)


def _lost(command: Command, by: Actor, now: datetime) -> Held | None:
    return former.of_case(command.data.case, by)


OPERATIONS = (
    Operation("cases.open", 1, Open, _open, take=_open, lost=_open_lost),
    Operation("cases.note", 1, Note, _note, take=_note, lost=_lost),
    Operation("cases.change", 1, Change, _change, take=_take_change, lost=_lost),
    Operation("cases.dossier", 1, DossierShape, _dossier, take=_dossier, lost=_lost),
    Operation("cases.papers", 1, PapersShape, _papers, take=_papers, lost=_lost),
)
