"""Who sees which places: a scope is a set of communes, given as nation, provinces or communes.

Rooms that hold records of a place inherit `PlaceScoped`; lists are then asked for by
`.visible_to(actor, permission)` and single objects by the room's `get_x(for_=actor, …)`. What is
outside the scope behaves as if it did not exist.
"""

from dataclasses import dataclass
from typing import Protocol, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q

NATION = "VN"


@dataclass(frozen=True, slots=True)
class Scope:
    """The communes a person may reach with one permission. Empty by default: nothing."""

    nation: bool = False
    provinces: frozenset[str] = frozenset()
    communes: frozenset[str] = frozenset()

    def q(self, path: str = "commune") -> Q:
        """A condition on a foreign key to a commune; false for the empty scope."""
        if self.nation:
            return Q()
        return Q(**{f"{path}__parent_id__in": self.provinces}) | Q(**{f"{path}_id__in": self.communes})

    def covers(self, *, commune: str, province: str) -> bool:
        """Whether a commune (five-digit code) of a province (two-digit code) lies inside."""
        return self.nation or province in self.provinces or commune in self.communes

    def covers_unit(self, code: str, province: str = "") -> bool:
        """Whether a whole unit lies inside: the nation `VN`, a province, or a commune of `province`."""
        if code == NATION:
            return self.nation
        return self.nation or code in self.provinces or province in self.provinces or code in self.communes

    def __bool__(self) -> bool:
        return self.nation or bool(self.provinces) or bool(self.communes)

    def __or__(self, other: "Scope") -> "Scope":
        return Scope(
            self.nation or other.nation, self.provinces | other.provinces, self.communes | other.communes
        )


class Actor(Protocol):
    """Whoever asks: the signed-in member, as far as rooms below `teams` need to know."""

    @property
    def id(self) -> UUID: ...

    @property
    def name(self) -> str: ...

    @property
    def commune(self) -> str:
        """The code of the home commune; empty for none."""
        ...

    def may(self, permission: str) -> bool: ...

    def scope(self, permission: str) -> Scope: ...


_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[_Row_co]):
    """Rows of a place; `unit_path` is the way from the row to its commune."""

    def visible_to(self, actor: Actor, permission: str) -> Self:
        """Only the rows inside the actor's scope for that permission."""
        path: str = getattr(self.model, "unit_path", "commune")
        return self.filter(actor.scope(permission).q(path))


class PlaceScoped(models.Model):
    """Base of every record that belongs to a commune."""

    unit_path = "commune"
    commune = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
