"""The door of every page: a view says who may enter; the guard (`teams.access`) checks it, once.

Pages whose address is the key are `unlisted` besides.

A view with neither mark is shut: the guard answers 404 and a test fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Door:
    """What a view demands: a permission, or nothing (`permission` empty: open to everybody)."""

    permission: str = ""
    signed_in: bool = False


PUBLIC: Final = Door()


def public(view: View) -> View:
    """Open to everybody, without an account."""
    vars(view)["door"] = PUBLIC
    return view


def signed_in(view: View) -> View:
    """Open to every member with an account, whatever their role."""
    vars(view)["door"] = Door(signed_in=True)
    return view


def requires(permission: str) -> Callable[[View], View]:
    """Open to members who hold the permission on some place; the view then narrows by place."""

    def mark(view: View) -> View:
        vars(view)["door"] = Door(permission=permission, signed_in=True)
        return view

    return mark


def unlisted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Not for search engines, caches or other sites: the address itself is the key.

    `same-origin` keeps the address from every other site, and unlike `no-referrer` lets the forms of the
    page prove that they come from it.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


def door_of(view: Callable[..., Any]) -> Door | None:
    """The mark of a view, or None when it has none."""
    found = getattr(view, "door", None)
    return found if isinstance(found, Door) else None
