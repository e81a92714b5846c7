"""Which places a form offers. The whole country is too long for one list: its province comes first."""

from dataclasses import dataclass

from django.http import HttpRequest

from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Level, Permission
from nhipcau.teams.forms import ProvinceForm
from nhipcau.teams.queries import Place, places_in
from nhipcau.teams.rules import level_of


@dataclass(frozen=True, slots=True)
class Choices:
    """Places to offer; `province_form` is there when the province has to be said first."""

    places: list[Place]
    province_form: ProvinceForm | None = None

    @property
    def communes(self) -> list[Place]:
        """Only the communes among the places."""
        return [place for place in self.places if place.province]


def places_to_offer(request: HttpRequest, permission: Permission) -> Choices:
    """The actor's places; with the whole country, the communes of `?province=`."""
    scope = actor_in(request).scope(permission)
    chosen = request.GET.get("province", "")
    chosen = chosen if level_of(chosen) is Level.PROVINCE else ""
    places = places_in(scope, province=chosen)
    if not scope.nation:
        return Choices(places=places)
    provinces = [place for place in places if level_of(place.code) is Level.PROVINCE]
    return Choices(
        places=places, province_form=ProvinceForm(initial={"province": chosen}, provinces=provinces)
    )
