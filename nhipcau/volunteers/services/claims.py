"""What members can do: said by themselves, shown, checked by others, given, taken back, warned of."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.messaging.enums import Kind
from nhipcau.teams.access import MemberActor
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import tell
from nhipcau.volunteers.enums import EXPERIENCED, GrantState
from nhipcau.volunteers.models import Qualification, QualificationGrant
from nhipcau.volunteers.queries import places_of
from nhipcau.volunteers.rules import WARN_BEFORE, Places, UnableToClaim, add_months, check_claim, check_review
from nhipcau.volunteers.services.telling import tell_reviewers

_BATCH = 1000


class UnableToDecide(UnableTo):
    """The claim has been answered already, or the days do not fit."""

    code = "volunteers.unable_to_decide"


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A qualification to note of a member; not approved, it waits to be checked."""

    member: UUID
    code: str
    evidence: str = ""
    approved: bool = False


def _ends(found: Qualification, start: date) -> date | None:
    return add_months(start, found.lasts_months) if found.lasts_months else None


def _provinces(places: Places) -> frozenset[str]:
    return frozenset(province for _commune, province in places)


def _start_after_present(member: UUID, code: str, wanted: date) -> date:
    """A renewal begins where the present one ends; one without an end needs no renewal."""
    present = QualificationGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=wanted),
        member_id=member,
        qualification_id=code,
        state=GrantState.APPROVED,
    ).order_by("-valid_from")
    found = present.first()
    if found is None:
        return wanted
    if found.valid_until is None:
        raise UnableToClaim(_("This person holds this qualification already."))
    return max(wanted, found.valid_until)


def claim_qualification(*, by: MemberActor, now: datetime, code: str, evidence: str) -> QualificationGrant:
    """A member says to be able to do something. What needs no evidence counts at once."""
    with unit_of_work(by=by, now=now):
        today = local_date(now)
        found = Qualification.objects.filter(pk=code).first()
        if found is None:
            raise UnableToClaim(_("This qualification is not offered here."))
        places = places_of([by.id], today=today)[by.id]
        check_claim(found, provinces=_provinces(places), evidence=evidence, own=True)
        start = _start_after_present(by.id, code, today)
        if start > today + WARN_BEFORE:
            raise UnableToClaim(_("You hold this for a long time yet. Ask again a month before it ends."))
        at_once = not found.needs_evidence
        grant = _create(
            QualificationGrant(
                id=new_id(now),
                member=by.member,
                qualification=found,
                state=GrantState.APPROVED if at_once else GrantState.CLAIMED,
                evidence=evidence.strip(),
                valid_from=start if at_once else today,
                valid_until=_ends(found, start) if at_once else None,
                claimed_at=now,
                decided_at=now if at_once else None,
            )
        )
        if not at_once:
            tell_reviewers(places, now=now, without=by.id)
        return grant


def _create(grant: QualificationGrant) -> QualificationGrant:
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as error:
        if "volunteers_grant_one_claim" in str(error):
            raise UnableToClaim(_("You have said this already. Somebody will check it soon.")) from error
        raise UnableToClaim(_("This person holds this qualification already.")) from error
    return grant


def _open_claim(by: MemberActor, now: datetime, grant_id: UUID) -> QualificationGrant:
    rows = QualificationGrant.objects.select_for_update(of=("self",))
    grant = rows.select_related("member", "qualification").get(pk=grant_id)
    places = places_of([grant.member_id], today=local_date(now))[grant.member_id]
    check_review(by, member=grant.member_id, places=places)
    if grant.state != GrantState.CLAIMED:
        raise UnableToDecide(_("This has been answered already."))
    return grant


def approve_claim(
    *, by: MemberActor, now: datetime, grant_id: UUID, valid_from: date, valid_until: date | None
) -> QualificationGrant:
    """Somebody has looked at the evidence: it counts from one day until, not including, another."""
    with unit_of_work(by=by, now=now):
        grant = _open_claim(by, now, grant_id)
        start = _start_after_present(grant.member_id, grant.qualification_id, valid_from)
        until = valid_until or _ends(grant.qualification, start)
        if until is not None and until <= start:
            raise UnableToDecide(_("It would end before it begins."))
        grant.state, grant.valid_from, grant.valid_until = GrantState.APPROVED, start, until
        _decide(grant, by, now)
        _tell(
            grant, _("Approved: %(name)s"), lambda: gettext("You can now take shifts that ask for it."), now
        )
        return grant


def decline_claim(*, by: MemberActor, now: datetime, grant_id: UUID, reason: str) -> QualificationGrant:
    """The evidence was not enough; the member is told why and may ask again."""
    with unit_of_work(by=by, now=now):
        grant = _open_claim(by, now, grant_id)
        if not reason.strip():
            raise UnableToDecide(_("Write why, in a sentence that helps the person."))
        grant.state, grant.reason = GrantState.DECLINED, reason.strip()
        _decide(grant, by, now)
        _tell(grant, _("Not approved yet: %(name)s"), lambda: grant.reason, now)
        return grant


def _decide(grant: QualificationGrant, by: MemberActor, now: datetime) -> None:
    grant.decided_by, grant.decided_at = by.member, now
    fields = ["state", "valid_from", "valid_until", "decided_by", "decided_at", "reason"]
    try:
        with transaction.atomic():
            grant.save(update_fields=fields)
    except IntegrityError as error:
        raise UnableToDecide(_("This person holds this qualification already.")) from error


def _tell(grant: QualificationGrant, subject: Promise, body: Callable[[], str], now: datetime) -> None:
    link = reverse("volunteers:me")

    def words() -> tuple[str, str]:
        return str(subject) % {"name": grant.qualification.name}, body()

    tell([grant.member], kind=Kind.QUALIFICATION, words=words, link=link, about=grant.pk, now=now)


def give_qualification(
    *,
    by: MemberActor,
    now: datetime,
    member: Member,
    code: str,
    evidence: str,
    valid_from: date,
    valid_until: date | None = None,
) -> QualificationGrant:
    """Somebody who leads the place knows of it themselves, and says how."""
    with unit_of_work(by=by, now=now):
        places = places_of([member.pk], today=local_date(now))[member.pk]
        check_review(by, member=member.pk, places=places)
        found = Qualification.objects.filter(pk=code).first()
        if found is None:
            raise UnableToClaim(_("This qualification is not offered here."))
        check_claim(found, provinces=_provinces(places), evidence=evidence, own=False)
        start = _start_after_present(member.pk, code, valid_from)
        until = valid_until or _ends(found, start)
        if until is not None and until <= start:
            raise UnableToDecide(_("It would end before it begins."))
        QualificationGrant.objects.filter(
            member=member, qualification=found, state=GrantState.CLAIMED
        ).update(state=GrantState.WITHDRAWN, decided_at=now)
        return _create(
            QualificationGrant(
                id=new_id(now), member=member, qualification=found, state=GrantState.APPROVED,
                evidence=evidence.strip(), valid_from=start, valid_until=until, claimed_at=now,
                decided_at=now, decided_by=by.member,
            )
        )  # fmt: skip


def end_qualification(
    *, by: MemberActor, now: datetime, grant_id: UUID, reason: str = ""
) -> QualificationGrant:
    """A claim is taken back, or what was approved ends today. By the member, or who leads the place."""
    with unit_of_work(by=by, now=now):
        today = local_date(now)
        grant = QualificationGrant.objects.select_for_update().get(pk=grant_id)
        if by.id != grant.member_id:
            places = places_of([grant.member_id], today=today)[grant.member_id]
            check_review(by, member=grant.member_id, places=places)
        if grant.state not in (GrantState.CLAIMED, GrantState.APPROVED):
            raise UnableToDecide(_("This has been answered already."))
        if grant.state == GrantState.APPROVED and grant.valid_from < today:
            grant.valid_until = min(today, grant.valid_until or today)
        else:
            grant.state = GrantState.WITHDRAWN
        grant.decided_by, grant.decided_at, grant.reason = by.member, now, reason.strip()
        if by.id == grant.member_id and grant.state == GrantState.APPROVED:
            grant.decided_by = None  # the database lets nobody decide about themselves
        grant.save(update_fields=["state", "valid_until", "decided_by", "decided_at", "reason"])
        return grant


def give_experience(*, now: datetime, members: Collection[UUID], from_day: date) -> int:
    """Whoever has attended the first shifts is experienced from a day on; how many became so. Safe twice."""
    with unit_of_work(by=None, now=now):
        known = QualificationGrant.objects.filter(
            member_id__in=members, qualification_id=EXPERIENCED, state=GrantState.APPROVED
        )
        new = set(members) - set(known.values_list("member_id", flat=True))
        rows = [
            QualificationGrant(
                id=new_id(now), member_id=member, qualification_id=EXPERIENCED, state=GrantState.APPROVED,
                valid_from=from_day, claimed_at=now, decided_at=now,
            )
            for member in sorted(new)
        ]  # fmt: skip
        QualificationGrant.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
        return len(rows)


def note_in_bulk(*, by: MemberActor | None, now: datetime, grants: Sequence[NewGrant]) -> int:
    """Qualifications of many new members at once, for imports, requests to join and the demo.

    Without an approval only what needs no evidence counts; the rest waits to be checked.
    """
    with unit_of_work(by=by, now=now):
        known = Qualification.objects.in_bulk({grant.code for grant in grants})
        if by is not None:
            for member, places in places_of(
                {grant.member for grant in grants}, today=local_date(now)
            ).items():
                check_review(by, member=member, places=places)
        rows = [_noted(by, now, grant, known[grant.code]) for grant in grants if grant.code in known]
        return len(QualificationGrant.objects.bulk_create(rows, batch_size=_BATCH))


def _noted(
    by: MemberActor | None, now: datetime, grant: NewGrant, found: Qualification
) -> QualificationGrant:
    counts = grant.approved or not found.needs_evidence
    today = local_date(now)
    return QualificationGrant(
        id=new_id(now),
        member_id=grant.member,
        qualification=found,
        state=GrantState.APPROVED if counts else GrantState.CLAIMED,
        evidence=grant.evidence,
        valid_from=today,
        valid_until=_ends(found, today) if counts else None,
        claimed_at=now,
        decided_at=now if counts else None,
        decided_by=by.member if by and grant.approved else None,
    )


def warn_of_endings(*, now: datetime) -> int:
    """Tells members once what of theirs ends within thirty days and has not been renewed; how many rows."""
    with unit_of_work(by=None, now=now):
        today = local_date(now)
        ending = (
            QualificationGrant.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("member", "qualification")
            .filter(
                state=GrantState.APPROVED, warned_at__isnull=True, member__is_active=True,
                valid_until__gt=today, valid_until__lte=today + WARN_BEFORE,
            )
            .order_by("valid_until", "id")[:_BATCH]
        )  # fmt: skip
        rows = list(ending)
        renewed = set(
            QualificationGrant.objects.filter(
                member__in={row.member_id for row in rows}, state=GrantState.APPROVED, valid_from__gt=today
            ).values_list("member_id", "qualification_id")
        )
        for row in rows:
            row.warned_at = now
            if (row.member_id, row.qualification_id) not in renewed:
                _warn(row, now)
        QualificationGrant.objects.bulk_update(rows, ["warned_at"])
        return len(rows)


def _warn(row: QualificationGrant, now: datetime) -> None:
    def body() -> str:
        words = gettext("From %(day)s on it no longer counts. Renew it on the page “What I can do”.")
        return words % {"day": f"{row.valid_until:%d/%m/%Y}"}

    _tell(row, _("Ends soon: %(name)s"), body, now)


def forget_evidence(*, now: datetime) -> int:
    """Removes the words of evidence of those who left a year ago, as their names are; how many rows."""
    with unit_of_work(by=None, now=now):
        gone = QualificationGrant.objects.filter(member__name="", member__left_on__isnull=False)
        return gone.exclude(evidence="", reason="").update(evidence="", reason="")
