"""The door of every page: a view says who may enter; the guard (`teams.access`) checks it, once.

A view with neither mark is shut: the guard answers 404 and a test fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

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


def door_of(view: Callable[..., Any]) -> Door | None:
    """The mark of a view, or None when it has none."""
    found = getattr(view, "door", None)
    return found if isinstance(found, Door) else None
