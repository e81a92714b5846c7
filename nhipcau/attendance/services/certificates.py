"""Issuing and withdrawing certificates of hours."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.models import Certificate
from nhipcau.attendance.queries.certificates import digest_of, facts_for, get_certificate
from nhipcau.attendance.queries.hours import get_holder
from nhipcau.audit.services import unit_of_work
from nhipcau.citizens.queries import check_no_long_number
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import make_code, new_id, new_token
from nhipcau.core.scope import Actor
from nhipcau.teams.models import Member

LONGEST_PERIOD: Final = timedelta(days=5 * 366)
MOST_FORGOTTEN: Final = 500


class UnableToIssue(UnableTo):
    """There is nothing to certify in the period, or it is no period."""

    code = "attendance.nothing_to_certify"


class UnableToWithdraw(UnableTo):
    """A certificate is withdrawn with a reason, and not by its holder."""

    code = "attendance.unable_to_withdraw"


def issue(*, member_id: UUID, first: date, until: date, by: Actor, now: datetime) -> Certificate:
    """A certificate of the approved hours on days of `[first, until)`: one's own, or as who approves hours.

    The same facts again give the certificate that stands. Raises `UnableToIssue`, 404.
    """
    if not timedelta(0) < until - first <= LONGEST_PERIOD or until > local_date(now) + timedelta(days=1):
        raise UnableToIssue(_("Choose a period that has begun: the last day is not before the first."))
    with unit_of_work(by=by, now=now):
        member = (
            Member.objects.select_related("commune").get(pk=by.id)
            if member_id == by.id
            else get_holder(member_id, for_=by)
        )
        # Two taps at once give one certificate.
        Member.objects.select_for_update(no_key=True).filter(pk=member.pk).first()
        facts = facts_for(member, first, until)
        if facts.minutes == 0:
            raise UnableToIssue(_("No hours are approved in this period yet."))
        text = facts.as_text()
        standing = Certificate.objects.filter(
            member=member, digest=digest_of(text), revoked_at__isnull=True
        ).first()
        return standing or Certificate.objects.create(
            id=new_id(now),
            code=make_code(),
            token=new_token(),
            member=member,
            starts_on=first,
            ends_on=until,
            minutes=facts.minutes,
            shifts=facts.shifts,
            content=text,
            digest=digest_of(text),
            language=get_language() or "vi",
            issued_at=now,
            issued_by_id=by.id,
        )


def withdraw(*, certificate_id: UUID, reason: str, by: Actor, now: datetime) -> Certificate:
    """The certificate no longer stands: its public page says so. Raises `UnableToWithdraw`, 404."""
    check_no_long_number(reason)
    with unit_of_work(by=by, now=now):
        row = get_certificate(certificate_id, for_=by)
        if row.member_id == by.id or not reason.strip():
            raise UnableToWithdraw(_("Somebody who approves hours withdraws it, and says why."))
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by_id, row.reason = now, by.id, reason.strip()[:200]
            row.save(update_fields=["revoked_at", "revoked_by", "reason"])
    return row


def forget_former_holders(*, now: datetime) -> int:
    """The names of members who were forgotten leave their certificates too; the hours stay. How many."""
    with unit_of_work(by=None, now=now):
        gone = Certificate.objects.filter(erased_at__isnull=True, member__name="").order_by("id")
        chosen = list(gone.values_list("pk", flat=True)[:MOST_FORGOTTEN])
        return Certificate.objects.filter(pk__in=chosen).update(content="", erased_at=now)
