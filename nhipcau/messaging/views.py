"""The inbox of a member, and what they want to be told by which way."""

from functools import cache
from pathlib import Path
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.core import clock
from nhipcau.core.doors import public, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.core.limits import take_try
from nhipcau.core.requests import OurRequest
from nhipcau.core.scope import Actor
from nhipcau.messaging import queries, services
from nhipcau.messaging.channels import outward
from nhipcau.messaging.channels.web_push.keys import public_key
from nhipcau.messaging.enums import Channel
from nhipcau.messaging.forms import CodeForm, EmailForm, WishesForm

PAGE = 30
MAILS_AN_HOUR = 5
# What a browser says of the device it runs on, most telling first.
DEVICES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip


def _me(request: HttpRequest) -> Actor:
    actor = cast("OurRequest", request).actor
    assert actor is not None  # the guard lets nobody else in
    return actor


@signed_in
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first; what is new is marked."""
    page = Paginator(queries.inbox(_me(request).id), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "some_new": any(row.read_at is None for row in page)}
    return render(request, "messaging/inbox.html", context)


@signed_in
@require_safe
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message; from now on it counts as read."""
    found = services.open_message(recipient=_me(request).id, message_id=message_id, now=clock.now())
    if found is None:
        raise Http404
    return render(request, "messaging/message.html", {"message": found})


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Nothing is new any more."""
    services.read_all(recipient=_me(request).id, now=clock.now())
    return redirect("messaging:inbox")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """Kinds and channels, quiet hours, my e-mail address, my browsers."""
    me, channels = _me(request), outward()
    declined = queries.declined_by(me.id)
    if request.method == "POST":
        form = WishesForm(request.POST, channels=channels)
        if form.is_valid():
            services.set_wishes(recipient=me.id, wishes=form.wishes, declined=form.declined(declined))
            messages.success(request, _("Saved."))
            return redirect("messaging:settings")
    else:
        form = WishesForm.of(queries.wishes_of(me.id), declined, channels=channels)
    addresses = queries.addresses_of(me.id)
    context = {
        "form": form,
        "email": next((row for row in addresses if row.channel == Channel.EMAIL), None),
        "browsers": [row for row in addresses if row.channel == Channel.WEB_PUSH],
        "has_mail": Channel.EMAIL in channels,
        "push_key": public_key() if Channel.WEB_PUSH in channels else "",
        # Ids of their own: the third form of the page has a field of the same name.
        "email_form": EmailForm(auto_id="address_%s"),
        "code_form": CodeForm(auto_id="address_%s"),
    }
    return render(request, "messaging/settings.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def give_email(request: HttpRequest) -> HttpResponse:
    """An address typed; the code goes there."""
    me, now = _me(request), clock.now()
    if not take_try(f"messaging.email:{me.id}", request, most=MAILS_AN_HOUR, seconds=3600, now=now):
        messages.error(request, _("Too many codes were asked for. Try again in an hour."))
        return redirect("messaging:settings")
    try:
        row = services.give_email(
            recipient=me.id,
            email=request.POST.get("email", ""),
            commune=me.commune,
            language=get_language() or "vi",
            now=now,
        )
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        if row.verified_at is None:
            messages.success(request, _("We sent you a code. Look into your mail."))
    return redirect("messaging:settings")


@signed_in
@require_POST
def confirm_email(request: HttpRequest) -> HttpResponse:
    """The code from the mail."""
    try:
        services.confirm_email(recipient=_me(request).id, code=request.POST.get("code", ""), now=clock.now())
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your e-mail address is confirmed."))
    return redirect("messaging:settings")


@signed_in
@require_POST
def give_browser(request: HttpRequest) -> HttpResponse:
    """This browser shows notices from now on."""
    agent, me = request.headers.get("User-Agent", ""), _me(request)
    try:
        services.give_browser(
            recipient=me.id,
            subscription=request.POST.get("subscription", ""),
            label=next((name for sign, name in DEVICES if sign in agent), ""),
            commune=me.commune,
            now=clock.now(),
        )
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("This device shows notices from now on."))
    return redirect("messaging:settings")


@signed_in
@require_POST
def remove_address(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """An address or a browser of mine is forgotten."""
    if not services.remove_address(recipient=_me(request).id, address_id=address_id):
        raise Http404
    messages.success(request, _("Nothing is sent there any more."))
    return redirect("messaging:settings")


@cache
def _worker() -> bytes:
    found = finders.find("push-worker.js")
    if not isinstance(found, str):
        raise Http404
    return Path(found).read_bytes()


@public
@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """The small program that a browser keeps to show notices; it caches nothing and reads nothing."""
    response = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
