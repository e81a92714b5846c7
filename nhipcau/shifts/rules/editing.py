"""Who may change the posts, shifts and closures of a place."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.places.models import Unit
from nhipcau.teams.enums import Permission


class UnableToEditRoster(UnableTo):
    """The place is not one of those whose rosters the actor runs."""

    code = "shifts.unable_to_edit"


def check_edit_roster(by: Actor | None, commune: Unit) -> None:
    """Raises `UnableToEditRoster` unless the actor runs the rosters of that commune. `None`: the system."""
    reach = by.scope(Permission.ROSTER_EDIT) if by is not None else None
    if reach is not None and not reach.covers(commune=commune.pk, province=commune.parent_id or ""):
        raise UnableToEditRoster(_("This place is not one of yours."))
