"""The board on the wall of a centre: large letters, no names in full, no telephone; it renews itself."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from nhipcau.attendance.queries import boards
from nhipcau.core import clock
from nhipcau.core.doors import public

SECONDS: Final = 60


@public
@require_safe
def board(request: HttpRequest, token: str) -> HttpResponse:
    """Who helps now and next. In the language the board was made in, unless the address asks for another."""
    found = boards.board_by_token(token)
    if found is None:
        raise Http404
    now = clock.now()
    language = translation.get_language() if "lang" in request.GET else found.language
    with translation.override(language):
        context = {"wall": boards.wall(found, now), "now": localtime(now)}
        response = render(request, "attendance/board.html", context)
    response["Refresh"] = str(SECONDS)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language or found.language
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
