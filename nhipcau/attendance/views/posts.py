"""What a leader opens for a post: the shifts of a day, the links of a post, the screen with the code."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nhipcau.attendance import services
from nhipcau.attendance.queries import boards, calendars, shifts
from nhipcau.attendance.rules.codes import code_at, seconds_left, typed_at
from nhipcau.core import clock
from nhipcau.core.documents import qr_svg
from nhipcau.core.doors import public, requires
from nhipcau.shifts.models import Post
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

SALT: Final = "attendance.screen"
# A day at the post: the link of a screen is dead the next morning.
SCREEN_LASTS: Final = timedelta(hours=16)
LEAST_SECONDS: Final = 10


@requires(Permission.ATTENDANCE_MARK)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The shifts of a day, each with its sheet and its screen."""
    actor, current = actor_in(request), clock.local_date(clock.now())
    day = _day(request.GET.get("day", ""), current)
    context = {
        "day": day,
        "is_today": day == current,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "shifts": list(shifts.shifts_on(actor, day)[:200]),
    }
    return render(request, "attendance/today.html", context)


def _day(text: str, current: date) -> date:
    """The day asked for, within ten years; else today."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return current
    return found if abs((found - current).days) < 3660 else current


@requires(Permission.ATTENDANCE_MARK)
@require_safe
def post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Everything that a post can show elsewhere: screen for a tablet, board, calendar."""
    actor = actor_in(request)
    row = shifts.get_post(post_id, for_=actor)
    found = boards.boards_of(actor, [row.pk], [row.point_id] if row.point_id else [])
    feed = calendars.feed_of_post(row)
    pass_ = signing.dumps(str(row.pk), salt=SALT)
    screen_url = f"{settings.SITE_URL}{reverse('attendance:device_screen', args=[pass_])}"
    context = {
        "post": row,
        "screen_qr": mark_safe(qr_svg(screen_url)),  # noqa: S308  # drawn by us, holds no text of anybody
        "screen_url": screen_url,
        "boards": [
            (board, f"{settings.SITE_URL}{reverse('attendance:board', args=[board.token])}")
            for board in found
        ],
        "feed_url": f"{settings.SITE_URL}{reverse('attendance:calendar', args=[feed.token])}" if feed else "",
    }
    return render(request, "attendance/post.html", context)


@requires(Permission.ATTENDANCE_MARK)
@require_safe
def screen(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """The code of the post, on the phone or computer of whoever is signed in."""
    return _screen(request, shifts.get_post(post_id, for_=actor_in(request)))


@public
@require_safe
def device_screen(request: HttpRequest, token: str) -> HttpResponse:
    """The same on a tablet at the post, where nobody stays signed in: the link works until the night."""
    try:
        text = signing.loads(token, salt=SALT, max_age=SCREEN_LASTS)
    except signing.BadSignature as error:
        raise Http404 from error
    found = Post.objects.select_related("point", "commune").filter(pk=text).first()
    if found is None:
        raise Http404
    return _screen(request, found)


def _screen(request: HttpRequest, row: Post) -> HttpResponse:
    now = clock.now()
    address = f"{settings.SITE_URL}{reverse('attendance:scan', args=[code_at(row.pk, now)])}"
    context = {
        "post": row,
        "qr": mark_safe(qr_svg(address, border=4)),  # noqa: S308  # as above
        "typed": typed_at(row.pk, now),
        "shown_at": localtime(now),
        "shifts": list(shifts.shifts_now(row.pk, now)),
        "next": shifts.next_shift(row.pk, now),
    }
    response = render(request, "attendance/screen.html", context)
    # The browser itself asks again: no script, and a code stays good for half a minute after its own.
    response["Refresh"] = str(max(LEAST_SECONDS, seconds_left(now)))
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@requires(Permission.ATTENDANCE_MARK)
@require_POST
def new_board(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Makes the board of the post or, with `point`, of its whole service point; an old one goes dark."""
    services.renew_board(
        post_id=post_id,
        whole_point="point" in request.POST,
        language=get_language() or "vi",
        by=actor_in(request),
        now=clock.now(),
    )
    messages.success(request, _("The board is ready. Open its address on the screen at the wall."))
    return redirect("attendance:post", post_id=post_id)


@requires(Permission.ATTENDANCE_MARK)
@require_POST
def end_board(request: HttpRequest, post_id: UUID, board_id: UUID) -> HttpResponse:
    """Switches a board off."""
    services.end_board(board_id=board_id, post_id=post_id, by=actor_in(request), now=clock.now())
    messages.success(request, _("The board is switched off."))
    return redirect("attendance:post", post_id=post_id)


@requires(Permission.ATTENDANCE_MARK)
@require_POST
def new_post_feed(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Makes or renews the calendar of the post."""
    services.renew_post_feed(post_id=post_id, by=actor_in(request), now=clock.now())
    messages.success(request, _("The calendar has a new address. An older one, if any, no longer works."))
    return redirect("attendance:post", post_id=post_id)
