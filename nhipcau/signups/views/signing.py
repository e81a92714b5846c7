"""What a volunteer presses: join, wait, I will come, I cannot come, yes or no to a question."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.requests import read_answer
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups import services
from nhipcau.signups.enums import EXPECTED, SignUpState, StandInMode
from nhipcau.signups.forms.signing import GIVE_UP, CannotComeForm, TapForm
from nhipcau.signups.models import SignUp
from nhipcau.signups.queries import calling, mine, waiting
from nhipcau.signups.rules.states import NOT_NOW, is_late
from nhipcau.signups.views.mine import render_shift
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission


@requires(Permission.ROSTER_SIGN_UP)
@require_POST
def join(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Takes a place; whoever comes too late is told why, and how to wait in line."""
    form = TapForm(request.POST)
    tap = form.cleaned_data["tap"] if form.is_valid() else new_id()
    try:
        sign_up = services.join(id=tap, need_id=need_id, by=actor_in(request), now=clock.now())
    except services.UnableToTakeSeat as error:
        return render(request, "signups/too_late.html", {"error": str(error), "need_id": need_id}, status=409)
    except UnableTo as error:
        need = get_object_or_404(ShiftNeed, pk=need_id)
        return render_shift(request, need.shift_id, error=str(error), status=409)
    if sign_up.state not in EXPECTED:  # an old page, pressed again after the place was given up
        return render_shift(request, sign_up.shift_id, error=str(NOT_NOW), status=409)
    if sign_up.state == SignUpState.APPLIED:
        messages.success(request, _("You asked for this shift. Your leader confirms it."))
    else:
        messages.success(request, _("You are on this shift. Thank you."))
    return redirect("signups:my_shift", shift_id=sign_up.shift_id)


@requires(Permission.ROSTER_SIGN_UP)
@require_POST
def join_line(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """A place in the waiting list."""
    need = get_object_or_404(ShiftNeed, pk=need_id)
    try:
        services.join_line(need_id=need_id, by=actor_in(request), now=clock.now())
    except UnableTo as error:
        return render_shift(request, need.shift_id, error=str(error), status=409)
    messages.success(request, _("You wait in line. When a place is free for you, we tell you."))
    return redirect("signups:my_shifts")


@requires(Permission.ROSTER_SIGN_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, waiting_id: UUID) -> HttpResponse:
    """A free place offered to somebody in line: take it, or pass it on."""
    actor, now = actor_in(request), clock.now()
    row = waiting.get_waiting(waiting_id, for_=actor)
    error = ""
    if request.method == "POST":
        try:
            if read_answer(request) == "yes":
                services.accept_offer(waiting_id=waiting_id, by=actor, now=now)
                messages.success(request, _("You are on this shift. Thank you."))
                return redirect("signups:my_shift", shift_id=row.need.shift_id)
            if row.offer_until and row.offer_until > now:
                services.pass_offer(waiting_id=waiting_id, by=actor, now=now)
            else:
                services.leave_line(waiting_id=waiting_id, by=actor, now=now)
            messages.success(request, _("Thank you for saying so. The next in line is asked."))
            return redirect("signups:my_shifts")
        except UnableTo as refusal:
            error = str(refusal)
    context = {"row": row, "shift": row.need.shift, "now": now, "error": error}
    return render(request, "signups/offer.html", context, status=409 if error else 200)


@requires(Permission.ROSTER_SIGN_UP)
@require_POST
def promise(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    """I will come."""
    actor = actor_in(request)
    row = mine.get_sign_up(sign_up_id, for_=actor)
    act = lambda: services.promise(sign_up_id=sign_up_id, by=actor, now=clock.now())  # noqa: E731 - one call
    return _done(request, row, act, _("Good. We count on you."))


@requires(Permission.ROSTER_SIGN_UP)
@require_POST
def come_after_all(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    """No stand-in is wanted any more."""
    actor = actor_in(request)
    row = mine.get_sign_up(sign_up_id, for_=actor)
    act = lambda: services.come_after_all(sign_up_id=sign_up_id, by=actor, now=clock.now())  # noqa: E731 - one call
    return _done(request, row, act, _("Good. We count on you."))


def _done(request: HttpRequest, row: SignUp, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except UnableTo as error:
        return render_shift(request, row.shift_id, error=str(error), status=409)
    messages.success(request, words)
    return redirect("signups:my_shift", shift_id=row.shift_id)


@requires(Permission.ROSTER_SIGN_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def cannot_come(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    """I cannot come: one tap asks whoever may come instead; then why, and who else is asked.

    Until somebody takes over, the place stays mine.
    """
    actor, now = actor_in(request), clock.now()
    row = mine.get_sign_up(sign_up_id, for_=actor)
    if row.state not in EXPECTED:  # given up or taken over already: nobody is looked for, nobody is named
        return render_shift(request, row.shift_id, error=str(NOT_NOW), status=409)
    able = calling.candidates(row.need_id, now=now, instead_of=row) if row.starts_at > now else []
    known = calling.known_to(row.member_id, able, on=row.shift.day) if able else []
    late = is_late(row.starts_at, now)
    likely = StandInMode.OPEN if able else StandInMode.LEADER
    if request.method == "POST" and "at_once" in request.POST:
        try:
            _seek(request, row.pk, mode=likely)
        except UnableTo as error:
            return render_shift(request, row.shift_id, error=str(error), status=409)
        return redirect("signups:cannot_come", sign_up_id)
    form = CannotComeForm(
        request.POST if request.method == "POST" else None,
        people=[(str(one.id), one.name) for one in known],
        late=late,
        initial={"reason": row.reason, "mode": likely},
    )
    if form.is_bound and form.is_valid():
        try:
            _give_up(form, row.pk, request)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            return redirect("signups:my_shifts")
    context = {"form": form, "row": row, "late": late, "able": len(able)}
    return render(request, "signups/cannot_come.html", context, status=422 if form.errors else 200)


def _give_up(form: CannotComeForm, sign_up_id: UUID, request: HttpRequest) -> None:
    actor, now, data = actor_in(request), clock.now(), form.cleaned_data
    if data["mode"] == GIVE_UP:
        services.cancel(sign_up_id=sign_up_id, by=actor, now=now, reason=data["reason"])
        messages.success(request, _("Your place is given up. Thank you for saying so."))
        return
    named = UUID(data["named"]) if data["mode"] == StandInMode.NAMED else None
    _seek(request, sign_up_id, mode=data["mode"], named=named, reason=data["reason"])


def _seek(
    request: HttpRequest, sign_up_id: UUID, *, mode: str, named: UUID | None = None, reason: str = ""
) -> None:
    actor, now = actor_in(request), clock.now()
    services.seek_stand_in(sign_up_id=sign_up_id, by=actor, now=now, mode=mode, named=named, reason=reason)
    if mode == StandInMode.LEADER:
        words = _("Your leader looks for somebody. Until then the place stays yours: please come.")
    else:
        words = _("Others are asked. Until somebody takes over, the place stays yours: please come.")
    messages.success(request, words)


@requires(Permission.ROSTER_SIGN_UP)
@require_POST
def take_over(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    """Comes instead of somebody who looks for a stand-in."""
    actor = actor_in(request)
    row = get_object_or_404(SignUp, pk=sign_up_id)
    act = lambda: services.take_over(sign_up_id=sign_up_id, by=actor, now=clock.now())  # noqa: E731 - one call
    return _done(request, row, act, _("You take over this shift. Thank you."))


@requires(Permission.ROSTER_SIGN_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, ask_id: UUID) -> HttpResponse:
    """A question to me: can you take this shift?"""
    actor, now = actor_in(request), clock.now()
    row = calling.get_ask(ask_id, for_=actor)
    error = ""
    if request.method == "POST":
        try:
            yes = read_answer(request) == "yes"
            services.answer_ask(ask_id=ask_id, yes=yes, by=actor, now=now)
            if yes:
                messages.success(request, _("You are on this shift. Thank you."))
                return redirect("signups:my_shift", shift_id=row.need.shift_id)
            messages.success(request, _("Thank you for your answer."))
            return redirect("signups:my_shifts")
        except UnableTo as refusal:
            error = str(refusal)
            row.refresh_from_db(fields=["state"])
    context = {"row": row, "shift": row.need.shift, "error": error}
    return render(request, "signups/ask.html", context, status=409 if error else 200)
