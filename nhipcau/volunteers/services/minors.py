"""Members under 18: until when, and the consent of a guardian – given, replaced, withdrawn, forgotten."""

from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.teams.access import MemberActor
from nhipcau.teams.models import Member
from nhipcau.volunteers.enums import ConsentState
from nhipcau.volunteers.models import GuardianConsent, VolunteerProfile
from nhipcau.volunteers.queries import consent_of, places_of
from nhipcau.volunteers.rules import KEPT_CONSENT, LONGEST_CONSENT, check_review


class UnableToRecordConsent(UnableTo):
    """The days do not fit, or nobody is named."""

    code = "volunteers.unable_to_record_consent"


def _check(by: MemberActor, member: Member, now: datetime) -> None:
    places = places_of([member.pk], today=local_date(now))[member.pk]
    check_review(by, member=member.pk, places=places)


def set_minor(
    *, by: MemberActor, now: datetime, member: Member, minor_until: date | None
) -> VolunteerProfile:
    """The day of the eighteenth birthday; None: grown up. By who leads the place, never by oneself."""
    with unit_of_work(by=by, now=now):
        _check(by, member, now)
        values = {"minor_until": minor_until, "updated_at": now}
        return VolunteerProfile.objects.update_or_create(member=member, defaults=values)[0]


def record_consent(
    *,
    by: MemberActor,
    now: datetime,
    member: Member,
    guardian_name: str,
    guardian_phone: str,
    given_on: date,
    valid_until: date,
) -> GuardianConsent:
    """A guardian has agreed on a day, until, not including, another. It replaces the one before."""
    with unit_of_work(by=by, now=now):
        _check(by, member, now)
        today = local_date(now)
        if not guardian_name.strip():
            raise UnableToRecordConsent(_("Write the name of the parent or guardian."))
        if given_on > today:
            raise UnableToRecordConsent(_("This day has not come yet."))
        if not today < valid_until <= given_on + LONGEST_CONSENT:
            raise UnableToRecordConsent(_("A consent holds for a year at most, and ends after today."))
        Member.objects.select_for_update().get(pk=member.pk)
        _end(member, ConsentState.REPLACED, today)
        return GuardianConsent.objects.create(
            id=new_id(now),
            member=member,
            guardian_name=guardian_name.strip(),
            guardian_phone=guardian_phone.strip(),
            given_on=given_on,
            valid_until=valid_until,
            recorded_by=by.member,
        )


def _end(member: Member, state: ConsentState, today: date) -> bool:
    found = consent_of(member.pk)
    if found is None:
        return False
    found.state, found.ended_on = state, max(today, found.given_on)
    found.save(update_fields=["state", "ended_on"])
    return True


def withdraw_consent(*, by: MemberActor, now: datetime, member: Member) -> None:
    """The guardian no longer agrees: from today on the member may not serve."""
    with unit_of_work(by=by, now=now):
        _check(by, member, now)
        if not _end(member, ConsentState.WITHDRAWN, local_date(now)):
            raise UnableToRecordConsent(_("There is no consent to withdraw."))


def forget_old_consents(*, now: datetime) -> int:
    """Removes consents that ended a year ago, with the guardian's name and number; how many."""
    with unit_of_work(by=None, now=now):
        before = local_date(now) - KEPT_CONSENT
        over = Q(valid_until__lte=before) | Q(ended_on__lte=before)
        return GuardianConsent.objects.filter(over).delete()[0]
