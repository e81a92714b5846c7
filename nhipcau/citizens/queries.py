"""Finding the same person again without reading names, and the words of a consent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from nhipcau.citizens.enums import Purpose
from nhipcau.citizens.models import Citizen, Consent
from nhipcau.citizens.rules import (
    UnableToReadName,
    UnableToReadPhone,
    UnableToWriteDown,
    check_no_long_number,
    read_name,
    read_phone,
)
from nhipcau.core.clock import local_date
from nhipcau.core.crypto import blind_index

# Offered to the rooms above, which do not reach into `rules`.
__all__ = [
    "Asked",
    "HeldConsent",
    "HeldData",
    "ShownWords",
    "UnableToReadName",
    "UnableToReadPhone",
    "UnableToWriteDown",
    "asked_to_be_forgotten",
    "check_no_long_number",
    "consent_words",
    "phone_index",
    "read_name",
    "read_phone",
    "same_phone_in",
    "with_phone",
]

# Changed whenever any sentence below changes its meaning.
WORDS_VERSION = "2025-07"

_DATA = _("We write down your name and, if you wish, one phone number. Nothing else about you.")
_PURPOSE = {
    Purpose.FOLLOW_UP: _("We use them only to follow this case with you until it is finished."),
    Purpose.HOME_VISIT: _("We use them only to arrange the visit to your home."),
    Purpose.LEARNING: _("We use them only to invite you to free classes."),
}
_END = _("After that they are erased. How long that takes is printed on your card.")
_RIGHTS = _(
    "You may say no; we help you all the same. You may take your yes back at any time, at this place,"
    " and your name and number are erased at once. You may see what we hold."
)
_NEVER = _("We never ask for a password or a one-time code, and we never photograph your identity card.")


@dataclass(frozen=True, slots=True)
class ShownWords:
    """The words of a consent as one person was shown them."""

    purpose: Purpose
    version: str
    language: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def sha256(self) -> str:
        return sha256(f"{self.purpose}\n{self.version}\n{self.language}\n{self.text}".encode()).hexdigest()


@lru_cache(maxsize=32)
def consent_words(purpose: Purpose, language: str) -> ShownWords:
    """The words for a purpose in a language of the screens (`vi`, `th`, `en`)."""
    with translation.override(language):
        parts = tuple(str(part) for part in (_DATA, _PURPOSE[purpose], _END, _RIGHTS, _NEVER))
    return ShownWords(purpose=purpose, version=WORDS_VERSION, language=language, paragraphs=parts)


def phone_index(phone: str) -> str:
    """The blind index of a canonical phone number; empty for none."""
    return blind_index(phone, purpose="citizens.phone")


def with_phone(phone: str) -> QuerySet[Citizen]:
    """Everybody, in any place, with exactly this canonical number; the caller narrows by place."""
    return Citizen.objects.exclude(phone_index="").filter(phone_index=phone_index(phone)).order_by("id")


def same_phone_in(commune: str, phone: str) -> list[Citizen]:
    """People already known in a commune under this number, oldest first: perhaps the same person."""
    return list(with_phone(phone).filter(commune_id=commune, erased_at__isnull=True)) if phone else []


def due_for_erasure(day: date, limit: int) -> list[UUID]:
    """Citizens whose end date has passed, longest overdue first."""
    found = Citizen.objects.filter(erased_at__isnull=True, keep_until__lt=day)
    return list(found.order_by("keep_until", "id").values_list("id", flat=True)[:limit])


@dataclass(frozen=True, slots=True)
class Asked:
    """Who somebody was that asks to be forgotten: by this the rooms above find what they hold. Never kept."""

    citizen: UUID
    commune: str
    phone_index: str
    name: str = field(repr=False)


def asked_to_be_forgotten(citizen: UUID, *, since: datetime) -> bool:
    """Whether this person was erased at that moment or later as they had asked, and not because their end
    date had passed: that one forbids nobody to write them down again with a new yes."""
    row = Citizen.objects.filter(pk=citizen, erased_at__gte=since).first()
    return row is not None and row.erased_at is not None and local_date(row.erased_at) <= row.keep_until


def consents_of(citizens: Iterable[UUID]) -> QuerySet[Consent]:
    """All consents of these people with their words, oldest first."""
    return (
        Consent.objects.filter(citizen_id__in=list(citizens))
        .select_related("words")
        .order_by("given_at", "id")
    )


@dataclass(frozen=True, slots=True)
class HeldConsent:
    """One consent as the person may read it."""

    purpose: str
    method: str
    words: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldData:
    """Everything this room holds about one person."""

    name: str
    phone: str
    helping_language: str
    registered_at: datetime
    keep_until: date
    consents: tuple[HeldConsent, ...]

    @property
    def phone_shown(self) -> str:
        """As people in Vietnam dial it."""
        return f"0{self.phone[3:]}" if self.phone.startswith("+84") else self.phone
