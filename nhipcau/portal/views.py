"""The front page for everybody, the home page of each role, undelivered messages, the service itself."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from nhipcau.core import clock
from nhipcau.core.doors import public, requires, signed_in
from nhipcau.messaging import queries as messaging
from nhipcau.messaging.enums import Channel
from nhipcau.portal import services
from nhipcau.portal.queries import entries_for, today_of, unread_of
from nhipcau.procedures import queries as procedures
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

ROWS: Final = 30

# What people ask for most at the centres (the order is that of the library).
FRONT_GUIDES = (
    "birth-registration",
    "certified-copies",
    "id-card-reissue",
    "land-use-change",
    "permanent-residence",
    "vneid-level-2",
)


@public
def front(request: HttpRequest) -> HttpResponse:
    """What an old farmer on a cheap phone needs: papers, place, my case."""
    return render(request, "portal/front.html", {"guides": procedures.procedures_named(FRONT_GUIDES)})


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """One home for each role, made of what its permissions open."""
    actor = actor_in(request)
    cards = [
        {
            "title": entry.label,
            "text": entry.text,
            "url": reverse(entry.address),
            "icon": entry.icon,
            "often": entry.in_navigation,
        }
        for entry in entries_for(actor)
    ]
    if new := unread_of(actor):
        told = ngettext("%(count)d new message.", "%(count)d new messages.", new) % {"count": new}
        cards = [
            card | {"text": told} if card["url"] == reverse("messaging:inbox") else card for card in cards
        ]
    roles = [holding.label for holding in actor.holdings]
    context = {"cards": cards, "roles": roles, "today": today_of(actor, now=clock.now())}
    return render(request, "portal/home.html", context)


@requires(Permission.MESSAGING_OPERATE)
@require_safe
def undelivered(request: HttpRequest) -> HttpResponse:
    """What did not get through, newest first and counted by channel: never to whom, never what it says."""
    now = clock.now()
    page = Paginator(messaging.given_up(now), ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "channels": messaging.lost_by_channel(now)}
    return render(request, "portal/undelivered.html", context)


@requires(Permission.MESSAGING_OPERATE)
@require_POST
def try_again(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """One more try for one of them."""
    if not messaging.is_delivery(delivery_id):
        raise Http404
    done = services.try_again(by=actor_in(request), now=clock.now(), delivery_id=delivery_id)
    return _told(request, int(done))


@requires(Permission.MESSAGING_OPERATE)
@require_POST
def try_all_again(request: HttpRequest, channel: str) -> HttpResponse:
    """One more try for all of a channel."""
    if channel not in Channel.values:
        raise Http404
    return _told(
        request, services.try_all_again(by=actor_in(request), now=clock.now(), channel=Channel(channel))
    )


def _told(request: HttpRequest, count: int) -> HttpResponse:
    if count:
        words = ngettext(
            "%(count)d message is sent again soon; in quiet hours it waits for the morning.",
            "%(count)d messages are sent again soon; in quiet hours they wait for the morning.",
            count,
        )
        messages.success(request, words % {"count": count})
    else:
        messages.warning(request, _("Nothing to send again: it waits already, has arrived, or is too old."))
    return redirect("portal:undelivered")


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep of people, why, how long, and how to have it removed."""
    return render(request, "portal/privacy.html")


@public
def source(request: HttpRequest) -> HttpResponse:
    """That the software is open, and what it stands on."""
    return render(request, "portal/source.html")


@public
def health(request: HttpRequest) -> JsonResponse:
    """For whoever watches the server: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
