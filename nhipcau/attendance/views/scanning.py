"""Before the code of a post: come, leave, or offer to help – signed in, on one's own phone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.attendance import services
from nhipcau.attendance.queries import shifts
from nhipcau.core import clock
from nhipcau.core.doors import public, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

SEEN: Final = "attendance.seen"
# A phone without signal sends what it noted within so long; a clock farther off says nothing.
CLAIM_WITHIN: Final = timedelta(days=2)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """What the camera opens. The moment of the scan is kept in the session: signing in takes longer than
    the code is good."""
    now = clock.now()
    seen_at = _seen(request, code, now)
    try:
        post_id = services.check_code(code, seen_at, now)
    except UnableTo as error:
        return render(request, "attendance/stale_code.html", {"error": error})
    if getattr(request, "actor", None) is None:
        return redirect_to_login(request.get_full_path(), login_url=reverse("account_login"))
    actor = actor_in(request)
    if request.method == "POST":
        return _act(request, actor, code, seen_at)
    places = shifts.places_of(actor.id, post_id=post_id, now=now)
    context = {
        "places": places,
        "post": shifts.post_by_id(post_id),
        "next": shifts.next_shift(post_id, now),
        "seen_at": seen_at,
        "now": now,
        "may_help": actor.may(Permission.ROSTER_SIGN_UP),
        "leads": actor.may(Permission.ATTENDANCE_MARK),
        "asked": any(place.walk_in for place in places),
    }
    return render(request, "attendance/scan.html", context)


def _seen(request: HttpRequest, code: str, now: datetime) -> datetime:
    """When this browser first brought this code; now, if it never did."""
    kept = request.session.get(SEEN, {})
    found = parse_datetime(str(kept.get("at", ""))) if kept.get("code") == code else None
    if found is not None and found.tzinfo is not None and found <= now <= found + services.TAP_WITHIN:
        return found
    try:
        services.check_code(code, now, now)
    except UnableTo:
        return now
    request.session[SEEN] = {"code": code, "at": now.isoformat()}
    return now


def _act(request: HttpRequest, actor: Actor, code: str, seen_at: datetime) -> HttpResponse:
    """The one tap: `do` says which, `shift` or `attendance` on what."""
    now, do = clock.now(), request.POST.get("do", "")
    try:
        target = UUID(request.POST.get("id", ""))
        if do == "come":
            services.check_in(
                code=code, seen_at=seen_at, shift_id=target, by=actor, now=now,
                claimed_at=_claimed(request.POST.get("claimed", ""), now),
            )  # fmt: skip
            messages.success(request, _("You are checked in. Thank you for coming."))
        elif do == "leave":
            services.check_out(attendance_id=target, by=actor, now=now, code=code)
            messages.success(request, _("You are checked out. Thank you for your help."))
        elif do == "help":
            services.offer_help(code=code, seen_at=seen_at, shift_id=target, by=actor, now=now)
            messages.success(request, _("The leader knows that you are here, and answers in a moment."))
    except ValueError:
        messages.error(request, _("This is not possible any more. Look at the shift again."))
    except UnableTo as error:
        messages.error(request, str(error))
    return redirect("attendance:mine")


def _claimed(text: str, now: datetime) -> datetime | None:
    """What a phone says of the time, if it can be true: a wrong clock never stops anybody from coming."""
    try:
        found = parse_datetime(text[:40])
        found = found.astimezone(UTC) if found is not None and found.tzinfo else None
    except (ValueError, OverflowError):
        return None
    return found if found is not None and abs(found - now) < CLAIM_WITHIN else None


Service = Callable[..., object]


@signed_in
@require_POST
def leave(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """Checks out by the button on one's own page."""
    words = _("You are checked out. Thank you for your help.")
    return _button(request, services.check_out, attendance_id, words)


@signed_in
@require_POST
def stay(request: HttpRequest, attendance_id: UUID) -> HttpResponse:
    """Takes a check-out back that was a mistake."""
    return _button(request, services.stay, attendance_id, _("You are still checked in."))


def _button(request: HttpRequest, service: Service, attendance_id: UUID, words: str) -> HttpResponse:
    try:
        service(attendance_id=attendance_id, by=actor_in(request), now=clock.now())
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("attendance:mine")
