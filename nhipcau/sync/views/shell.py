"""The field app as a browser gets it: for everybody the same bytes, those its worker was told of."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import etag, require_safe

from nhipcau.core.doors import public
from nhipcau.core.middleware import POLICY

# Browsers that cannot read a QR code get a reader in machine code, from our own server: here it may run.
SHELL_POLICY: Final = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")


@cache
def _built(name: str) -> bytes:
    """A file of the build of the field app; without one there is no app to serve."""
    found = finders.find(f"field/{name}")
    if not isinstance(found, str):
        raise Http404
    return Path(found).read_bytes()


def _tag(name: str) -> str:
    return f'"{sha256(_built(name)).hexdigest()[:32]}"'


def _answer(name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(_built(name), content_type=content_type)
    # Asked for each time, sent again only when it has changed: a phone is never left with an old version.
    response.headers["Cache-Control"] = "no-cache"
    return response


@public
@require_safe
@etag(lambda _request: _tag("shell.html"))
def shell(_request: HttpRequest) -> HttpResponse:
    """The page of the field app: no data, nobody's name."""
    response = _answer("shell.html", "text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = SHELL_POLICY
    return response


@public
@require_safe
@etag(lambda _request: _tag("sw.js"))
def worker(_request: HttpRequest) -> HttpResponse:
    """The small program that keeps the field app on the phone."""
    response = _answer("sw.js", "text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/field/"
    return response


@public
@require_safe
@etag(lambda _request: _tag("manifest.webmanifest"))
def manifest(_request: HttpRequest) -> HttpResponse:
    """How the app is called and drawn on the home screen."""
    return _answer("manifest.webmanifest", "application/manifest+json")
