"""The front page for everybody, the home page of each role, and the few pages about the service itself."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext

from nhipcau.core import clock
from nhipcau.core.doors import public, signed_in
from nhipcau.messaging.queries import unread_count
from nhipcau.portal.queries import entries_for, today_of
from nhipcau.procedures import queries as procedures
from nhipcau.teams.access import actor_in

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
    if new := unread_count(actor.id):
        told = ngettext("%(count)d new message.", "%(count)d new messages.", new) % {"count": new}
        cards = [
            card | {"text": told} if card["url"] == reverse("messaging:inbox") else card for card in cards
        ]
    roles = [holding.label for holding in actor.holdings]
    context = {"cards": cards, "roles": roles, "today": today_of(actor, now=clock.now())}
    return render(request, "portal/home.html", context)


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
