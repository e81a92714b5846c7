"""One member in one view: what they can do, when, how much, and – for those who may know – the consent."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nhipcau.places.enums import Weekday
from nhipcau.volunteers.enums import DayPart, GrantState
from nhipcau.volunteers.models import GuardianConsent, QualificationGrant, VolunteerProfile
from nhipcau.volunteers.queries.availability import Stretch, exceptions_of, usual_week
from nhipcau.volunteers.queries.grants import grants_of
from nhipcau.volunteers.queries.people import consent_of, profile_of
from nhipcau.volunteers.rules import Availability, Span

FEW = 6


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the usual week: the parts that are free, and how gladly."""

    name: str
    likings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A member as a page shows them. Without `private` only what they can do is filled.

    `waits`: to be checked, or approved from a later day.
    """

    holds: tuple[QualificationGrant, ...]
    waits: tuple[QualificationGrant, ...]
    past: tuple[QualificationGrant, ...]
    private: bool = False
    week: tuple[Day, ...] = ()
    said: bool = False
    exceptions: tuple[Stretch, ...] = ()
    more: int = 0
    profile: VolunteerProfile | None = None
    is_minor: bool = False
    consent: GuardianConsent | None = None
    consent_holds: bool = False


def _week(usual: Availability) -> tuple[Day, ...]:
    days = [
        Day(
            str(day.label),
            tuple(
                (str(part.label), str(liking.label))
                for part in DayPart
                if (liking := usual.liking(day.value, part))
            ),
        )
        for day in Weekday
    ]
    return tuple(day for day in days if day.likings)


def summary_of(member_id: UUID, *, today: date, private: bool) -> Summary:
    """What is known of one member: one query, or five with `private`."""
    grants = grants_of(member_id)
    approved = [row for row in grants if row.state == GrantState.APPROVED]
    holds = tuple(row for row in approved if Span(row.valid_from, row.valid_until).holds(today))
    later = [row for row in approved if row.valid_from > today]
    waits = (*(row for row in grants if row.state == GrantState.CLAIMED), *later)
    past = tuple(row for row in grants if row not in holds and row not in waits)
    if not private:
        return Summary(holds, waits, past)
    usual, stretches = usual_week(member_id), exceptions_of(member_id, today=today)
    profile = profile_of(member_id)
    is_minor = profile.minor_until is not None and today < profile.minor_until
    consent = consent_of(member_id) if is_minor else None
    return Summary(
        holds,
        waits,
        past,
        private=True,
        week=_week(usual),
        said=usual.said,
        exceptions=tuple(stretches[:FEW]),
        more=max(0, len(stretches) - FEW),
        profile=profile,
        is_minor=is_minor,
        consent=consent,
        consent_holds=consent is not None and consent.given_on <= today < consent.valid_until,
    )
