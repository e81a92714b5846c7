"""Who and where: the member, the communes they work in, the service points there, the words of the lists."""

from collections.abc import Iterator
from typing import Final

from django.db.models import TextChoices
from django.utils import translation

from nhipcau.cases.enums import AgeBand, Alone, CaseState, Outcome, Papers, Topic
from nhipcau.cases.queries import hours_of, top_needs, work_places
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.queries import consent_words
from nhipcau.learning.enums import ClassState
from nhipcau.places.models import Unit
from nhipcau.places.queries import points_of
from nhipcau.sync.queries.pack.things import Thing, Wanted, thing
from nhipcau.teams.enums import Permission, languages
from nhipcau.teams.models import Member
from nhipcau.visits.enums import NextStep, VisitState

LANGUAGES = ("vi", "th", "en")
# A volunteer works in one commune, perhaps two; who works in more takes the first along.
MOST_COMMUNES: Final = 4
_CHOICES: dict[str, type[TextChoices]] = {
    "topic": Topic,
    "outcome": Outcome,
    "alone": Alone,
    "age_band": AgeBand,
    "papers": Papers,
    "case_state": CaseState,
    "consent_purpose": Purpose,
    "consent_method": ConsentMethod,
    "visit_outcome": VisitState,
    "next_step": NextStep,
    "class_state": ClassState,
}


def communes(wanted: Wanted) -> tuple[list[Unit], int]:
    """Where the member works, the home commune first; and in how many communes that is in all."""
    actor = wanted.actor
    places = work_places(
        actor, home=actor.commune, today=wanted.today, permission=Permission.CASES_RECORD_SESSION
    )
    found = sorted(places.communes, key=lambda unit: unit.pk != actor.commune)
    return found[:MOST_COMMUNES], len(found)


def things(wanted: Wanted, communes: list[Unit]) -> Iterator[Thing]:
    """The words of the lists, and the service points of these communes."""
    yield from (_choices(language) for language in LANGUAGES)
    yield from (_consent(purpose) for purpose in Purpose)
    for commune in communes:
        for point in points_of(commune.pk, wanted.today):
            yield thing(
                "point",
                point.pk,
                {
                    "id": point.pk,
                    "commune": point.commune_id,
                    "name": point.name,
                    "kind": point.kind,
                    "address": point.address,
                    "hours": "; ".join(
                        f"{line.first}{f' – {line.last}' if line.last else ''}: {line.hours}"
                        for line in hours_of(point)
                    ),
                },
            )


def me(wanted: Wanted, communes: list[Unit], cut: dict[str, tuple[int, int]]) -> Thing:
    """The member. `cut`: of what the phone has not all, how much it has and how much there is."""
    actor = wanted.actor
    home = Unit.objects.select_related("parent").filter(pk=actor.commune).first()
    language = Member.objects.values_list("preferred_language", flat=True).get(pk=actor.id)
    return thing(
        "me",
        "me",
        {
            "id": actor.id,
            "name": actor.name,
            "language": language,
            "commune": _unit(home),
            "province": _unit(home.parent if home else None),
            "communes": [_unit(unit) for unit in communes],
            "may": sorted(permission.value for permission in Permission if actor.may(permission)),
            "top_needs": [choice.value for choice in top_needs(communes=[unit.pk for unit in communes])],
            "cut": {name: {"here": here, "all": there} for name, (here, there) in cut.items()},
        },
    )


def _unit(unit: Unit | None) -> dict[str, str] | None:
    return {"code": unit.pk, "name": unit.name} if unit else None


def _choices(language: str) -> Thing:
    with translation.override(language):
        body = {
            name: [{"value": value, "label": str(label)} for value, label in choices.choices]
            for name, choices in _CHOICES.items()
        }
        spoken = [{"value": code, "label": row.name} for code, row in languages().items()]
    return thing("choices", language, {**body, "language": spoken})


def _consent(purpose: Purpose) -> Thing:
    texts = {language: consent_words(purpose, language).text for language in LANGUAGES}
    return thing("consent", purpose.value, {"purpose": purpose.value, "texts": texts})
