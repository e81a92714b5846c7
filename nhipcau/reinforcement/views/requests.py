"""A team asks for people: the list of requests, a new one, the page of one."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.reinforcement import queries, services
from nhipcau.reinforcement.enums import AGREED_OFFERS, OPEN_REQUESTS, Answer, OfferState, RequestState, Why
from nhipcau.reinforcement.forms import AskForm
from nhipcau.reinforcement.models import Offer, Request
from nhipcau.reinforcement.rules.states import can_move_offer, can_move_request
from nhipcau.shifts.models import Shift
from nhipcau.teams.access import MemberActor, actor_in
from nhipcau.teams.enums import LanguageLevel, Permission, languages
from nhipcau.teams.models import Team
from nhipcau.volunteers.enums import DayPart
from nhipcau.volunteers.queries import parts_of

PAGE = 30
# How far ahead short shifts are proposed.
AHEAD = timedelta(days=14)


@requires(Permission.ROSTER_VIEW)
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """Requests still open, soonest first; closed ones on request."""
    actor = actor_in(request)
    closed = request.GET.get("which") == "closed"
    page = Paginator(queries.request_list(actor, closed=closed), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "closed": closed,
        "may_ask": actor.may(Permission.REINFORCEMENT_ASK),
        "may_send": actor.may(Permission.REINFORCEMENT_SEND),
    }
    return render(request, "reinforcement/requests.html", context)


def shift_label(shift: Shift) -> str:
    """A shift in one line, short enough for a phone."""
    start, end = localtime(shift.starts_at), localtime(shift.ends_at)
    return f"{date_format(start, 'D d/m')}, {start:%H:%M}–{end:%H:%M} · {shift.post.name}"


@requires(Permission.REINFORCEMENT_ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """What is needed, when and why; grown out of the shifts with too few people."""
    actor, now = actor_in(request), clock.now()
    today = clock.local_date(now)
    teams = list(queries.teams_to_ask_for(actor, today=today))
    team = _chosen(teams, request.POST.get("team") or request.GET.get("team", ""))
    if team is None:
        return render(request, "reinforcement/ask.html", {"teams": teams, "form": None})
    named = _named(request)
    short = queries.shifts_to_ask_for(team.pk, named, now=now, until=today + AHEAD, for_=actor)
    form = _ask_form(request, team, short, today)
    if form.is_bound and form.is_valid():
        try:
            made = services.ask_for_help(request=_new_request(form), by=actor, now=now)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The province has been told. You will hear who can come."))
            return redirect("reinforcement:request", request_id=made.pk)
    context = {"form": form, "team": team, "teams": teams, "short": short}
    return render(request, "reinforcement/ask.html", context, status=422 if form.errors else 200)


def _chosen(teams: Sequence[Team], wanted: str) -> Team | None:
    """The team asked for, else the first one that is there."""
    return next((team for team in teams if str(team.pk) == wanted), teams[0] if teams else None)


def _named(request: HttpRequest) -> set[UUID]:
    """The shifts that the address or the form names; what is no name of a shift is left out."""
    found = set()
    for text in (*request.GET.getlist("shift"), *request.POST.getlist("shifts")):
        with suppress(ValueError):
            found.add(UUID(text))
    return found


def _ask_form(request: HttpRequest, team: Team, short: Sequence[Shift], today: date) -> AskForm:
    province = team.commune.parent_id or ""
    choices = {
        "shifts": [
            (
                str(shift.pk),
                _("%(shift)s: %(held)d of %(needed)d")
                % {"shift": shift_label(shift), "held": held, "needed": needed},
            )
            for shift in short
            for held, needed in (queries.held_and_needed(shift),)
        ],
        "qualifications": [(row.pk, row.name) for row in queries.qualifications_of(province)],
        "languages": [(row.code, row.name) for row in languages().values() if province in row.provinces],
    }
    if request.method == "POST":
        return AskForm(request.POST, **choices)
    return AskForm(initial=_initial(request, team, short, today), **choices)


def _initial(request: HttpRequest, team: Team, short: Sequence[Shift], today: date) -> dict[str, Any]:
    """Days, parts and number as the chosen shifts say; without any, tomorrow."""
    wanted = set(request.GET.getlist("shift"))
    chosen = [shift for shift in short if str(shift.pk) in wanted]
    touched = [part for shift in chosen for part in parts_of(shift.starts_at, shift.ends_at)]
    lacking = [needed - held for held, needed in map(queries.held_and_needed, chosen)]
    return {
        "id": new_id(),
        "team": team.pk,
        "shifts": [str(shift.pk) for shift in chosen],
        "starts_on": min((shift.day for shift in chosen), default=today + timedelta(days=1)),
        "last_on": max((shift.day for shift in chosen), default=today + timedelta(days=1)),
        "parts": sorted({part for _day, part in touched}),
        "people": max(lacking, default=1),
        "why": Why.TOO_FEW if chosen else None,
    }


def _new_request(form: AskForm) -> services.NewRequest:
    data = form.cleaned_data
    return services.NewRequest(
        id=data["id"],
        team=data["team"],
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
        parts=tuple(data["parts"]),
        people=data["people"],
        why=data["why"],
        note=data["note"],
        qualifications=tuple(data.get("qualifications", ())),
        languages=dict.fromkeys(data.get("languages", ()), LanguageLevel.GOOD.value),
        shifts=tuple(UUID(pk) for pk in data.get("shifts", ())),
        **{name: name in data["gives"] for name in ("transport", "meals", "lodging")},
    )


@requires(Permission.ROSTER_VIEW)
@require_safe
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What is asked for, who is offered, and what each side may do next."""
    row = queries.get_request(request_id, for_=actor_in(request))
    return render_request(request, row)


def render_request(request: HttpRequest, row: Request, *, error: str = "", status: int = 200) -> HttpResponse:
    """The page of a request; with an error when something was refused."""
    actor = actor_in(request)
    may_ask = queries.can(actor, Permission.REINFORCEMENT_ASK, row)
    may_send = queries.can(actor, Permission.REINFORCEMENT_SEND, row)
    known = languages()
    context = {
        "row": row,
        "error": error,
        "shifts": [(shift, shift_label(shift), list(shift.needs.all())) for shift in queries.shifts_of(row)],
        "offers": [_offer(offer, row, actor) for offer in queries.offers_of(row, for_=actor)],
        "parts": [part.label for part in DayPart if part in row.parts],
        "skills": [one.name for one in queries.qualifications_named(row.qualifications)],
        "tongues": [known[code].name for code in row.languages if code in known],
        "may_withdraw": may_ask and can_move_request(row.state, RequestState.WITHDRAWN),
        "may_decline": may_send and can_move_request(row.state, RequestState.DECLINED),
        "may_offer": may_send and row.state in OPEN_REQUESTS,
        "may_put_on": may_ask,
    }
    return render(request, "reinforcement/request.html", context, status=status)


def _offer(offer: Offer, row: Request, actor: MemberActor) -> dict[str, Any]:
    """An offer as the page shows it to this person."""
    people = list(offer.people.all())
    sends, receives = queries.can_answer_for(actor, offer.team), queries.can_answer_for(actor, row.team)
    open_yet = offer.state == OfferState.OFFERED
    agreed = offer.state in AGREED_OFFERS
    return {
        "offer": offer,
        "people": people,
        "coming": sum(person.answer == Answer.YES for person in people),
        "ask_sender": sends and open_yet and offer.sender_at is None,
        "ask_receiver": receives and open_yet and offer.receiver_at is None,
        "may_withdraw": queries.can(actor, Permission.REINFORCEMENT_SEND, row)
        and can_move_offer(offer.state, OfferState.WITHDRAWN),
        "may_call": agreed and (sends or receives),
        "may_put_on": receives and offer.state in (OfferState.AGREED, OfferState.SENT),
    }


@requires(Permission.REINFORCEMENT_ASK)
@require_POST
def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The team no longer needs help."""
    actor = actor_in(request)
    row = queries.get_request(request_id, for_=actor, permission=Permission.REINFORCEMENT_ASK)
    try:
        services.withdraw_request(request_id=request_id, by=actor, now=clock.now())
    except UnableTo as error:
        return render_request(request, row, error=str(error), status=409)
    messages.success(request, _("The request is taken back. Everybody concerned has been told."))
    return redirect("reinforcement:request", request_id=request_id)


@requires(Permission.REINFORCEMENT_SEND)
@require_POST
def decline(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Nobody can be sent."""
    actor = actor_in(request)
    row = queries.get_request(request_id, for_=actor, permission=Permission.REINFORCEMENT_SEND)
    try:
        services.decline_request(request_id=request_id, by=actor, now=clock.now())
    except UnableTo as error:
        return render_request(request, row, error=str(error), status=409)
    messages.success(request, _("The team has been told that nobody can be sent."))
    return redirect("reinforcement:request", request_id=request_id)
