"""A centre's touch screen: its first page, and what it shows when something is not there or broke."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from nhipcau.core.doors import public
from nhipcau.procedures import queries
from nhipcau.procedures.enums import LifeEvent
from nhipcau.procedures.views.frame import kiosk_home, show

Next = Callable[[HttpRequest], HttpResponse]


@public
def kiosk_page(request: HttpRequest) -> HttpResponse:
    """Life events as large tiles; with `event`, its guides. `province`: that of the centre."""
    province = request.GET.get("province", "")[:2]
    place = {"province": province} if province.isdecimal() else {}
    groups = queries.by_life_event(queries.library())
    chosen = request.GET.get("event", "")
    if chosen in LifeEvent.values:
        label = str(LifeEvent(chosen).label)
        procedures = dict(groups).get(label, [])
        tiles = [(procedure.name, _guide(procedure.slug, place)) for procedure in procedures]
        back = f"{reverse('kiosk:start')}?{urlencode(place)}"
        return show(request, "procedures/kiosk.html", {"title": label, "tiles": tiles, "back": back})
    values = {str(event.label): event.value for event in LifeEvent}
    tiles = [
        (label, f"{reverse('kiosk:start')}?{urlencode(place | {'event': values[label]})}")
        for label, _procedures in groups
    ]
    return show(request, "procedures/kiosk.html", {"tiles": tiles, "start": True, "province": province})


def _guide(slug: str, place: dict[str, str]) -> str:
    query = urlencode(place)
    address = reverse("kiosk:guide", args=[slug])
    return f"{address}?{query}" if query else address


def kiosk_middleware(get_response: Next) -> Next:
    """Errors at the touch screen stay in its frame: the usual pages lead out and never begin anew."""
    inside = reverse("kiosk:start")

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(inside) and response.status_code >= HTTPStatus.BAD_REQUEST:
            _frame_error(request, response)
        return response

    return middleware


def _frame_error(request: HttpRequest, response: HttpResponse) -> None:
    """Asks nothing of the database, and nothing that an unreadable address would refuse."""
    try:
        home = kiosk_home(request)
    except SuspiciousOperation:
        home = reverse("kiosk:start")
    broke = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    with translation.override(language):
        page = render_to_string("procedures/kiosk_error.html", {"kiosk_home": home, "broke": broke})
    response.content = page
    response["Content-Type"] = "text/html; charset=utf-8"
    response["Content-Length"] = str(len(response.content))
    response["Cache-Control"] = "no-store"
