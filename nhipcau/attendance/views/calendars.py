"""Calendar feeds in the format of RFC 5545: a phone subscribes once and keeps up by itself."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar, Event, Timezone, vDuration

from nhipcau.attendance import services
from nhipcau.attendance.models import CalendarFeed
from nhipcau.attendance.queries import calendars
from nhipcau.core import clock
from nhipcau.core.clock import VIETNAM
from nhipcau.core.doors import public, signed_in
from nhipcau.teams.access import actor_in

FRESH_FOR: Final = timedelta(hours=1)
# Since then Vietnam has had one time all year round; phones need no older history.
_SINCE: Final = date(2020, 1, 1)


@public
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """The feed behind a secret address. Nothing of anybody else stands in it."""
    feed = calendars.feed_by_token(token)
    if feed is None:
        raise Http404
    now = clock.now()
    language = feed.member.preferred_language if feed.member else settings.LANGUAGE_CODE
    with translation.override(language):
        events = (
            calendars.events_of(feed.member.pk, now)
            if feed.member
            else calendars.cover_of(feed.post, now)
            if feed.post
            else []
        )
        body = _calendar(feed, events)
    latest = max((event.changed_at for event in events), default=feed.made_at)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = quote_etag(sha256(body).hexdigest()[:32])
    response["Last-Modified"] = latest.strftime("%a, %d %b %Y %H:%M:%S GMT")
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = 'inline; filename="nhip-cau.ics"'
    response["X-Robots-Tag"] = "noindex"
    return (
        get_conditional_response(
            request, etag=response["ETag"], last_modified=int(latest.timestamp()), response=response
        )
        or response
    )


def _calendar(feed: CalendarFeed, events: list[calendars.Event]) -> bytes:
    name = _("My shifts – Nhịp Cầu") if feed.member else f"{feed.post} – Nhịp Cầu"
    found = Calendar()
    found.add("prodid", "-//Nhip Cau//Shifts//VI")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("name", name)
    found.add("x-wr-calname", name)
    found.add("x-wr-timezone", VIETNAM.key)
    found.add("refresh-interval", vDuration(FRESH_FOR), parameters={"VALUE": "DURATION"})
    found.add_component(Timezone.from_tzid(VIETNAM.key, first_date=_SINCE))
    for event in events:
        found.add_component(_event(feed, event))
    return bytes(found.to_ical())


def _event(feed: CalendarFeed, event: calendars.Event) -> Event:
    found = Event()
    found.add("uid", f"{event.uid}@nhipcau")
    found.add("dtstamp", event.changed_at)
    found.add("last-modified", event.changed_at)
    found.add("sequence", event.sequence)
    found.add("dtstart", event.starts_at.astimezone(VIETNAM))
    found.add("dtend", event.ends_at.astimezone(VIETNAM))
    found.add("status", event.status)
    found.add("transp", "TRANSPARENT" if event.status == "CANCELLED" or feed.post else "OPAQUE")
    found.add("summary", _mine(event) if feed.member else _cover(event))
    found.add("location", _where(event))
    if feed.member:
        found.add("url", f"{settings.SITE_URL}{reverse('attendance:mine')}")
    return found


def _mine(event: calendars.Event) -> str:
    text = _("%(role)s at %(post)s") % {"role": event.role, "post": event.post.name}
    if event.seeks_stand_in:
        return _("%(shift)s (stand-in wanted)") % {"shift": text}
    return _("%(shift)s (not confirmed yet)") % {"shift": text} if event.status == "TENTATIVE" else text


def _cover(event: calendars.Event) -> str:
    numbers = {"post": event.post.name, "taken": event.taken, "most": event.maximum}
    missing = event.minimum - event.taken
    if missing > 0 and event.status != "CANCELLED":
        return ngettext(
            "%(post)s: %(taken)d of %(most)d, %(missing)d missing",
            "%(post)s: %(taken)d of %(most)d, %(missing)d missing",
            missing,
        ) % (numbers | {"missing": missing})
    return _("%(post)s: %(taken)d of %(most)d") % numbers


def _where(event: calendars.Event) -> str:
    post = event.post
    point = post.point
    parts = [point.name, point.address] if point else [post.place_name]
    return ", ".join(part for part in (*parts, post.commune.full_name) if part)


@signed_in
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Makes or renews the address of one's own calendar."""
    services.renew_own_feed(by=actor_in(request), now=clock.now())
    messages.success(request, _("The calendar has a new address. An older one, if any, no longer works."))
    return redirect("attendance:mine")
