"""The frame around the guides: the open site, or the kiosk of a centre.

The kiosk shows the same pages under addresses of its own (the namespace `kiosk`); links made here and in the
templates stay inside it, and nothing there leads out.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

KIOSK = "kiosk"


def namespace_of(request: HttpRequest) -> str:
    """Where links of this request lead: "procedures" or "kiosk"."""
    match = request.resolver_match
    return match.namespace if match else "procedures"


def _place(request: HttpRequest) -> dict[str, str]:
    """The province of the address, where it looks like one."""
    province = request.GET.get("province", "")
    return {"province": province} if len(province) == 2 and province.isdecimal() else {}


def kiosk_home(request: HttpRequest) -> str:
    """Where the kiosk begins anew: Vietnamese, normal text; the province of the centre stays."""
    fresh = urlencode(_place(request) | {"lang": "vi", "view": "normal"})
    return f"{reverse('kiosk:start')}?{fresh}"


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page in the frame it was asked in; `place` ends the links that should keep the province."""
    place = urlencode(_place(request))
    context = context | {"place": f"?{place}" if place else ""}
    if namespace_of(request) != KIOSK:
        return render(request, template, context | {"frame": "base_public.html"})
    kiosk = {"frame": "base_kiosk.html", "kiosk": True, "kiosk_home": kiosk_home(request)}
    response = render(request, template, context | kiosk)
    # The next person must not find the answers of the one before behind the "back" gesture.
    response["Cache-Control"] = "no-store"
    return response
