"""Requests to join: sent without an account, answered by who leads the commune, erased in time."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id, new_token
from nhipcau.places.enums import Level
from nhipcau.places.models import Unit
from nhipcau.teams import services as teams
from nhipcau.teams.access import MemberActor
from nhipcau.teams.enums import LanguageLevel, Role, languages
from nhipcau.teams.models import Member, Team
from nhipcau.teams.queries import free_username
from nhipcau.volunteers.enums import EXPERIENCED, ApplicationState
from nhipcau.volunteers.models import Application, Qualification
from nhipcau.volunteers.rules import KEPT_AFTER_ANSWER, UNANSWERED, UnableToReview
from nhipcau.volunteers.services.claims import NewGrant, note_in_bulk
from nhipcau.volunteers.services.minors import set_minor
from nhipcau.volunteers.services.telling import tell_reviewers

LONGEST_MESSAGE = 500


class UnableToApply(UnableTo):
    """What was written is not enough to be answered."""

    code = "volunteers.unable_to_apply"


class UnableToAnswer(UnableTo):
    """The request has been answered, or the answer does not fit."""

    code = "volunteers.unable_to_answer"


def send_application(
    *,
    now: datetime,
    commune: str,
    name: str,
    phone: str,
    spoken: Sequence[str] = (),
    qualifications: Sequence[str] = (),
    preferred_language: str = "vi",
    is_minor: bool = False,
    message: str = "",
) -> Application:
    """Somebody asks to join the teams of a commune. They agreed that this is kept until it is answered."""
    with unit_of_work(by=None, now=now):
        unit = Unit.objects.filter(code=commune, level=Level.COMMUNE).first()
        if unit is None:
            raise UnableToApply(_("There is no such commune."))
        if not name.strip() or not any(sign.isdigit() for sign in phone):
            raise UnableToApply(_("Write your name and phone number, so that the team can reach you."))
        known = Qualification.objects.filter(pk__in=qualifications, active=True).exclude(pk=EXPERIENCED)
        sent = Application.objects.create(
            id=new_id(now),
            commune=unit,
            name=name.strip(),
            phone=phone.strip(),
            phone_index=teams.phone_index(phone),
            languages={code: LanguageLevel.GOOD.value for code in spoken if code in languages()},
            qualifications=sorted(known.values_list("pk", flat=True)),
            preferred_language=preferred_language,
            is_minor=is_minor,
            message=message.strip()[:LONGEST_MESSAGE],
            token=new_token(),
            sent_at=now,
        )
        tell_reviewers(frozenset({(unit.code, unit.parent_id or "")}), now=now)
        return sent


def _open(by: MemberActor, application_id: UUID) -> Application:
    found = (
        Application.objects.select_for_update(of=("self",)).select_related("commune").get(pk=application_id)
    )
    unit = found.commune
    if not by.scope("volunteers.review").covers(commune=unit.code, province=unit.parent_id or ""):
        raise UnableToReview(_("This person does not belong to your places."))
    if found.state != ApplicationState.SENT:
        raise UnableToAnswer(_("This has been answered already."))
    return found


def accept_application(
    *,
    by: MemberActor,
    now: datetime,
    application_id: UUID,
    team: Team | None,
    minor_until: date | None = None,
) -> Member:
    """The person becomes a member: account, role of a volunteer, team, and what they say to be able to do."""
    with unit_of_work(by=by, now=now):
        found = _open(by, application_id)
        if found.is_minor and minor_until is None:
            raise UnableToAnswer(_("This person is under 18: write the day of the eighteenth birthday."))
        member = teams.register_member(
            by=by,
            now=now,
            username=free_username(found.name),
            name=found.name,
            commune=found.commune_id,
            phone=found.phone,
            languages=found.languages,
            preferred_language=found.preferred_language,
        )
        teams.grant_role(by=by, now=now, member=member, role=Role.VOLUNTEER, unit_code=found.commune_id)
        if team is not None:
            teams.add_to_team(by=by, now=now, team=team, member=member)
        if minor_until is not None:
            set_minor(by=by, now=now, member=member, minor_until=minor_until)
        note_in_bulk(by=by, now=now, grants=[NewGrant(member.pk, code) for code in found.qualifications])
        _close(found, ApplicationState.ACCEPTED, by, now)
        found.member = member
        found.save(update_fields=["state", "decided_by", "decided_at", "member"])
        return member


def _close(found: Application, state: ApplicationState, by: MemberActor, now: datetime) -> None:
    found.state, found.decided_by, found.decided_at = state, by.member, now


def decline_application(*, by: MemberActor, now: datetime, application_id: UUID, reason: str) -> Application:
    """No, and why, in words that the person reads on their page."""
    with unit_of_work(by=by, now=now):
        found = _open(by, application_id)
        if not reason.strip():
            raise UnableToAnswer(_("Write why, in a sentence that helps the person."))
        found.reason = reason.strip()
        _close(found, ApplicationState.DECLINED, by, now)
        found.save(update_fields=["state", "decided_by", "decided_at", "reason"])
        return found


def forget_applications(*, now: datetime) -> int:
    """Erases name, number and words 30 days after the answer, or 90 days after a request without one."""
    with unit_of_work(by=None, now=now):
        stale = Q(state=ApplicationState.SENT, sent_at__lte=now - UNANSWERED)
        answered = Q(decided_at__lte=now - KEPT_AFTER_ANSWER) & ~Q(state=ApplicationState.SENT)
        rows = Application.objects.select_for_update().exclude(phone_index="").filter(stale | answered)
        found = list(rows.order_by("id")[:1000])
        for row in found:
            if row.state == ApplicationState.SENT:
                row.state, row.decided_at = ApplicationState.LAPSED, now
            row.name = row.phone = row.phone_index = row.message = ""
        fields = ["state", "decided_at", "name", "phone", "phone_index", "message"]
        Application.objects.bulk_update(found, fields, batch_size=500)
        return len(found)
