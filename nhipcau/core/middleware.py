"""What every answer carries: the chosen language, the large view, and strict security headers."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from nhipcau.core.requests import OurRequest

Next = Callable[[HttpRequest], HttpResponse]
_YEAR = 365 * 24 * 3600

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def input_middleware(get_response: Next) -> Next:
    """Characters that PostgreSQL cannot store (NUL) never get in: no such page, no such question.

    Forms refuse them by themselves; this covers addresses and query strings. What is sent is read as UTF-8,
    whatever it calls itself: Django refuses any other name in a way that its own page of errors stumbles on.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        # Only then: setting it reads the question in the address.
        if (request.encoding or "utf-8").lower() not in {"utf-8", "utf8"}:
            request.encoding = "utf-8"
        if "\x00" in request.path_info:
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\x00" in query:
            # A space, not nothing: taken out, the halves of `%%0000` would join to the next one.
            request.META["QUERY_STRING"] = query.replace("%00", "%20").replace("\x00", "%20")
        return get_response(request)

    return middleware


def language_middleware(get_response: Next) -> Next:
    """Vietnamese unless the person chose otherwise: `?lang=` once, then a cookie.

    The browser's language is ignored on purpose: cheap phones are often sold set to English.
    """
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        language = asked if asked in known else request.COOKIES.get("lang", "")
        if language not in known:
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        if asked in known:
            response.set_cookie("lang", asked, max_age=_YEAR, samesite="Lax", httponly=True)
        return response

    return middleware


def large_view_middleware(get_response: Next) -> Next:
    """`?view=large` or `?view=normal`, remembered in a cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("view", "")
        view = asked if asked in ("large", "normal") else request.COOKIES.get("view", "normal")
        cast("OurRequest", request).large_view = view == "large"
        response = get_response(request)
        if asked in ("large", "normal"):
            response.set_cookie("view", asked, max_age=_YEAR, samesite="Lax", httponly=True)
        return response

    return middleware


def headers_middleware(get_response: Next) -> Next:
    """A content policy without any foreign or inline source; private pages are never cached."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        if getattr(request, "actor", None) is not None:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
