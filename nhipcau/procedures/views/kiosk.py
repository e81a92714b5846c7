"""The first page of a centre's touch screen: what is happening in your life, then which guide."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nhipcau.core.doors import public
from nhipcau.procedures import queries
from nhipcau.procedures.enums import LifeEvent
from nhipcau.procedures.views.frame import show


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
