"""Writing down a person with their consent, and forgetting them again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import record_read, unit_of_work
from nhipcau.citizens import signals
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.models import Citizen, Consent, ConsentWords
from nhipcau.citizens.queries import (
    Asked,
    HeldConsent,
    HeldData,
    ShownWords,
    consent_words,
    consents_of,
    due_for_erasure,
    phone_index,
    same_phone_in,
)
from nhipcau.citizens.rules import LONGEST_KEEPING_DAYS, read_name, read_phone
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor


class UnableToRegisterKnownPhone(UnableTo):
    """Somebody of this commune is already known under the number: the same person, or the family."""

    code = "citizens.known_phone"

    def __init__(self, known: Sequence[Citizen]) -> None:
        super().__init__(_("Somebody with this phone number is already known here."))
        self.known = tuple(known)


class UnableToKeep(UnableTo):
    """The end date is missing its point: in the past, or further away than we may keep."""

    code = "citizens.end_date"


class UnableToFindCitizen(UnableTo):
    """No such person, or erased."""

    code = "citizens.not_found"


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """How a person said yes: to what, in which language they were told, by which means.

    `heard_by`: the member who heard it, where somebody else has it written down.
    """

    purpose: Purpose
    method: ConsentMethod
    language: str = "vi"
    heard_by: UUID | None = None

    @property
    def words(self) -> ShownWords:
        return consent_words(self.purpose, self.language)


@dataclass(frozen=True, slots=True)
class NewCitizen:
    """A person to register. Name and phone as typed; the phone may be empty."""

    commune: str
    name: str
    phone: str
    keep_until: date
    consent: GivenConsent
    helping_language: str = ""
    id: UUID | None = None
    registered_at: datetime | None = None


def register_citizen(
    *, citizen: NewCitizen, another_person: bool = False, by: Actor | None, now: datetime
) -> Citizen:
    """One person with one consent.

    Raises `UnableToRegisterKnownPhone` when the number is known in the commune, unless the caller
    says that this is `another_person` (families share a phone); `UnableToReadName`,
    `UnableToReadPhone`, `UnableToWriteDown`, `UnableToKeep`.
    """
    row = _row(citizen, now)
    with unit_of_work(by=by, now=now):
        if row.phone_index:
            _one_at_a_time(f"{row.commune_id}:{row.phone_index}")
            known = same_phone_in(citizen.commune, row.phone)
            if known and not another_person:
                raise UnableToRegisterKnownPhone(known)
        row.save(force_insert=True)
        record_consent(citizen=row, consent=citizen.consent, by=by, now=row.registered_at)
    return row


def register_citizens_in_bulk(
    *, citizens: Iterable[NewCitizen], by: Actor | None, now: datetime
) -> list[Citizen]:
    """Many people at once, each checked as one would be; equal numbers are taken as other people."""
    wanted = list(citizens)
    rows = [_row(citizen, now) for citizen in wanted]
    words = {given.consent.words.sha256: given.consent.words for given in wanted}
    consents = [
        _consent_row(row, given.consent, by, row.registered_at)
        for row, given in zip(rows, wanted, strict=True)
    ]
    with unit_of_work(by=by, now=now):
        for shown in words.values():
            _keep_words(shown)
        Citizen.objects.bulk_create(rows, batch_size=1000)
        Consent.objects.bulk_create(consents, batch_size=1000)
    return rows


def record_consent(*, citizen: Citizen, consent: GivenConsent, by: Actor | None, now: datetime) -> Consent:
    """One more yes of a known person; a live one for the same purpose is returned as it stands."""
    with unit_of_work(by=by, now=now):
        live = citizen.consents.filter(purpose=consent.purpose, withdrawn_at__isnull=True).first()
        if live is not None:
            return live
        _keep_words(consent.words)
        row = _consent_row(citizen, consent, by, now)
        row.save(force_insert=True)
    return row


def withdraw_consent(*, citizen_id: UUID, purpose: Purpose, by: Actor | None, now: datetime) -> bool:
    """Takes a yes back. When none is left there is no ground to keep anything: erased at once (True)."""
    with unit_of_work(by=by, now=now):
        _locked(citizen_id)
        live = Consent.objects.filter(citizen_id=citizen_id, withdrawn_at__isnull=True)
        live.filter(purpose=purpose).update(withdrawn_at=now)
        if live.exists():
            return False
        _erase_as_asked(citizen_id, by, now)
    return True


def keep_until(*, citizen_id: UUID, day: date, by: Actor | None, now: datetime) -> None:
    """Moves the end date, as the last of a person's cases asks for."""
    _check_end(day, now)
    with unit_of_work(by=by, now=now):
        citizen = _locked(citizen_id)
        citizen.keep_until = day
        citizen.save(update_fields=["keep_until"])


def erase_citizen(*, citizen_id: UUID, by: Actor | None, now: datetime) -> None:
    """Name, phone and language are gone; the empty row stays, and upper rooms forget what they hold."""
    with unit_of_work(by=by, now=now):
        _locked(citizen_id)
        _erase_as_asked(citizen_id, by, now)


def erase_due(*, now: datetime, limit: int = 500) -> int:
    """Erases up to `limit` people whose end date has passed; how many. Safe to repeat."""
    with unit_of_work(by=None, now=now):
        due = due_for_erasure(local_date(now), limit)
        if due:
            _erase(due, None, now)
    return len(due)


def export_for_citizen(*, citizen: Citizen, by: Actor, now: datetime) -> HeldData:
    """What we hold about a person, to be shown or handed to them; the look is recorded."""
    record_read(
        by=by, entity="citizens_citizen", entity_id=str(citizen.pk), commune=citizen.commune_id, now=now
    )
    return HeldData(
        name=citizen.name,
        phone=citizen.phone,
        helping_language=citizen.helping_language,
        registered_at=citizen.registered_at,
        keep_until=citizen.keep_until,
        consents=tuple(
            HeldConsent(
                purpose=consent.get_purpose_display(),
                method=consent.get_method_display(),
                words=consent.words.words,
                given_at=consent.given_at,
                withdrawn_at=consent.withdrawn_at,
            )
            for consent in consents_of([citizen.pk])
        ),
    )


def _row(citizen: NewCitizen, now: datetime) -> Citizen:
    _check_end(citizen.keep_until, now)
    phone = read_phone(citizen.phone)
    return Citizen(
        id=citizen.id or new_id(),
        commune_id=citizen.commune,
        name=read_name(citizen.name),
        phone=phone,
        phone_index=phone_index(phone),
        helping_language=citizen.helping_language,
        keep_until=citizen.keep_until,
        registered_at=citizen.registered_at or now,
    )


def _consent_row(citizen: Citizen, consent: GivenConsent, by: Actor | None, now: datetime) -> Consent:
    return Consent(
        citizen=citizen,
        purpose=consent.purpose,
        words_id=consent.words.sha256,
        method=consent.method,
        given_at=now,
        recorded_by=consent.heard_by or (by.id if by else None),
    )


def _keep_words(shown: ShownWords) -> None:
    ConsentWords.objects.get_or_create(
        sha256=shown.sha256,
        defaults={
            "purpose": shown.purpose,
            "version": shown.version,
            "language": shown.language,
            "words": shown.text,
        },
    )


def _check_end(day: date, now: datetime) -> None:
    today = local_date(now)
    if day < today:
        raise UnableToKeep(_("The end date has already passed."))
    if day > today + timedelta(days=LONGEST_KEEPING_DAYS):
        raise UnableToKeep(_("Names and phone numbers may be kept for two years at most."))


def _locked(citizen_id: UUID) -> Citizen:
    found = Citizen.objects.select_for_update().filter(pk=citizen_id, erased_at__isnull=True).first()
    if found is None:
        raise UnableToFindCitizen(_("This person is not known here, or was erased."))
    return found


def _erase_as_asked(citizen_id: UUID, by: Actor | None, now: datetime) -> None:
    row = Citizen.objects.get(pk=citizen_id)
    _erase([citizen_id], by, now, (Asked(row.pk, row.commune_id, row.phone_index, row.name),))


def _erase(citizen_ids: list[UUID], by: Actor | None, now: datetime, asked: tuple[Asked, ...] = ()) -> None:
    Consent.objects.filter(citizen_id__in=citizen_ids, withdrawn_at__isnull=True).update(withdrawn_at=now)
    rows = Citizen.objects.filter(pk__in=citizen_ids)
    rows.update(name="", phone="", phone_index="", helping_language="", erased_at=now)
    signals.erased.send(sender=Citizen, citizen_ids=citizen_ids, asked=asked, by=by, now=now)


def _one_at_a_time(what: str) -> None:
    """Two people at two desks typing the same number at once see each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
