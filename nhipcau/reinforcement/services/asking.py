"""A team asks for people; it takes the request back, or the province says that nobody can be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.citizens.queries import check_no_long_number
from nhipcau.core.clock import local_date
from nhipcau.core.scope import Actor
from nhipcau.reinforcement.enums import LIVE_OFFERS, OfferState, RequestState, Why
from nhipcau.reinforcement.models import Request, RequestedShift
from nhipcau.reinforcement.queries import get_request, people_of, teams_to_ask_for
from nhipcau.reinforcement.rules.states import UnableToAsk, check_request
from nhipcau.reinforcement.services.moving import move_offer, move_request
from nhipcau.reinforcement.services.telling import tell_asked, tell_declined, tell_fell_through
from nhipcau.shifts.models import Shift
from nhipcau.teams.enums import LanguageLevel, Permission, languages
from nhipcau.teams.models import Team
from nhipcau.volunteers.models import Qualification

LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What a team asks for. `id` is made by whoever asks, so that asking twice asks once."""

    id: UUID
    team: UUID
    starts_on: date
    ends_on: date
    parts: tuple[str, ...]
    people: int
    why: str
    note: str = ""
    qualifications: tuple[str, ...] = ()
    languages: Mapping[str, str] = field(default_factory=dict)
    transport: bool = False
    meals: bool = False
    lodging: bool = False
    shifts: tuple[UUID, ...] = ()


def ask_for_help(*, request: NewRequest, by: Actor, now: datetime) -> Request:
    """Writes the request down and tells the province. Raises `UnableToAsk`, 404."""
    today = local_date(now)
    check_request(
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        parts=request.parts,
        people=request.people,
        today=today,
    )
    _check_words(request)
    with unit_of_work(by=by, now=now):
        team = teams_to_ask_for(by, today=today).filter(pk=request.team).first()
        if team is None:
            raise Http404
        # Of two taps at the same moment the second waits for the first and finds what it made.
        row, made = Request.objects.get_or_create(
            id=request.id, asked_by_id=by.id, defaults=_values(request, team, now)
        )
        if made:
            _link_shifts(row, team, request.shifts)
            tell_asked(row, now=now)
    return row


def _values(request: NewRequest, team: Team, now: datetime) -> dict[str, Any]:
    return {
        "commune_id": team.commune_id,
        "team": team,
        "asked_at": now,
        "changed_at": now,
        "parts": sorted(set(request.parts)),
        "qualifications": sorted(set(request.qualifications)),
        "languages": dict(request.languages),
        "starts_on": request.starts_on,
        "ends_on": request.ends_on,
        "people": request.people,
        "why": request.why,
        "note": request.note.strip(),
        "transport": request.transport,
        "meals": request.meals,
        "lodging": request.lodging,
    }


def _check_words(request: NewRequest) -> None:
    if request.why not in Why.values:
        raise UnableToAsk(_("Choose why you ask for help."))
    if len(request.note) > LONGEST_NOTE:
        raise UnableToAsk(_("A note has at most 300 characters."))
    check_no_long_number(request.note)
    levels = set(request.languages.values())
    if set(request.languages) - set(languages()) or levels - set(LanguageLevel.values):
        raise UnableToAsk(_("One of the languages asked for does not exist."))
    known = Qualification.objects.filter(code__in=request.qualifications, active=True).count()
    if known != len(set(request.qualifications)):
        raise UnableToAsk(_("One of the skills asked for does not exist."))


def _link_shifts(row: Request, team: Team, wanted: tuple[UUID, ...]) -> None:
    """Only shifts of the team that asks, on the days it asks for."""
    chosen = set(wanted)
    shifts = Shift.objects.filter(
        pk__in=chosen, team=team, day__gte=row.starts_on, day__lt=row.ends_on
    ).order_by("starts_at", "id")
    rows = [RequestedShift(request=row, shift=shift) for shift in shifts]
    if len(rows) != len(chosen):
        raise UnableToAsk(_("Choose shifts of this team, on the days you ask for."))
    RequestedShift.objects.bulk_create(rows)


def withdraw_request(*, request_id: UUID, by: Actor, now: datetime) -> Request:
    """The team no longer needs help; offers that are not on shifts yet fall away. Raises `UnableToMove`."""
    return _end(request_id, RequestState.WITHDRAWN, Permission.REINFORCEMENT_ASK, by, now)


def decline_request(*, request_id: UUID, by: Actor, now: datetime) -> Request:
    """The province can send nobody. Raises `UnableToMove`, 404."""
    return _end(request_id, RequestState.DECLINED, Permission.REINFORCEMENT_SEND, by, now)


def _end(request_id: UUID, to: RequestState, permission: str, by: Actor, now: datetime) -> Request:
    with unit_of_work(by=by, now=now):
        row = get_request(request_id, for_=by, permission=permission, lock=True)
        if row.state == to:
            return row
        move_request(row, to, now=now)
        offers = row.offers.select_for_update(of=("self",)).filter(state__in=LIVE_OFFERS)
        for offer in offers.select_related("team__commune", "request__team", "request__commune").order_by(
            "id"
        ):
            members = [person.member for person in people_of(offer)]
            move_offer(offer, OfferState.WITHDRAWN, now=now)
            tell_fell_through(offer, members, now=now)
        if to == RequestState.DECLINED:
            tell_declined(row, now=now)
    return row
