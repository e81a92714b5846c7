"""Phones: those of the places one leads, one's own, shut and open again; the keys of a province."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires, signed_in
from nhipcau.devices import queries
from nhipcau.devices.models import Device
from nhipcau.devices.rules import LONG_UNSEEN
from nhipcau.devices.services import enrolling, keys
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

PAGE = 30
# A clock this many seconds off troubles nobody.
_RIGHT = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A phone as a page shows it."""

    phone: Device
    clock: str
    late: bool
    ended: bool


def _lines(phones: list[Device]) -> list[Line]:
    now = clock.now()
    return [
        Line(
            phone=each,
            clock=_clock_words(each.skew_seconds),
            late=each.waiting > 0 and each.seen_at <= now - LONG_UNSEEN,
            ended=each.lease_until <= now,
        )
        for each in phones
    ]


def _clock_words(skew: int) -> str:
    """How wrong the phone's clock was when it was last met; empty: right enough."""
    off = abs(skew)
    if off < _RIGHT:
        return ""
    if off < 2 * 3600:
        count = off // 60
        words = ngettext("%(count)d minute", "%(count)d minutes", count)
    elif off < 2 * 86400:
        count = off // 3600
        words = ngettext("%(count)d hour", "%(count)d hours", count)
    else:
        count = off // 86400
        words = ngettext("%(count)d day", "%(count)d days", count)
    by = words % {"count": count}
    return (_("%(by)s behind") if skew > 0 else _("%(by)s ahead")) % {"by": by}


@requires(Permission.DEVICES_MANAGE)
@require_safe
def phones(request: HttpRequest) -> HttpResponse:
    """The phones of the actor's places, those that are not shut and longest unseen first."""
    actor = actor_in(request)
    page = Paginator(queries.device_list(actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": _lines(list(page)),
        "has_keys": bool(actor.scope(Permission.DEVICES_RESCUE).provinces),
    }
    return render(request, "devices/phones.html", context)


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own phones: a lost one is shut here."""
    lines = _lines(list(queries.own_devices(actor_in(request))[:PAGE]))
    return render(request, "devices/my_phones.html", {"lines": lines})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def shut(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """A lost phone is shut, after a word about what becomes of the work on it."""
    actor = actor_in(request)
    phone = queries.get_device(device_id, for_=actor)
    own = phone.member_id == actor.id
    back = "devices:mine" if own else "devices:phones"
    if request.method == "POST":
        enrolling.revoke(device_id=device_id, by=actor, now=clock.now())
        messages.success(request, _("The phone is shut. What it had not sent stays on it, sealed."))
        return redirect(back)
    (line,) = _lines([phone])
    return render(request, "devices/shut.html", {"line": line, "phone": phone, "own": own, "back": back})


@requires(Permission.DEVICES_MANAGE)
@require_POST
def reopen(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """The phone was found."""
    enrolling.reopen(device_id=device_id, by=actor_in(request), now=clock.now())
    messages.success(
        request, _("The phone is open again. Its owner signs in on it, and what it holds is sent.")
    )
    return redirect("devices:phones")


@requires(Permission.DEVICES_RESCUE)
@require_safe
def province_keys(request: HttpRequest) -> HttpResponse:
    """The keys of the provinces that the actor answers for."""
    return render(request, "devices/keys.html", {"keys": queries.keys_of(actor_in(request))})


@requires(Permission.DEVICES_RESCUE)
@require_http_methods(["GET", "HEAD", "POST"])
def renew_key(request: HttpRequest, province: str) -> HttpResponse:
    """A new key for a province, after a word about what it means."""
    actor = actor_in(request)
    key = queries.get_key(province, for_=actor)
    if request.method == "POST":
        keys.renew_key(province=province, by=actor, now=clock.now())
        messages.success(request, _("The key is new. Phones set up from now on seal to it."))
        return redirect("devices:keys")
    return render(request, "devices/renew_key.html", {"key": key})
