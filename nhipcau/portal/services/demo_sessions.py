"""The demo's help sessions: 24,000 people at their first session, and those who came again."""

from datetime import date, datetime, time
from random import Random
from typing import TypeVar

from nhipcau.cases.enums import AgeBand, Alone, Outcome, Papers, Topic
from nhipcau.cases.services import NewSession
from nhipcau.core.clock import VIETNAM
from nhipcau.core.ids import new_id
from nhipcau.portal.services.demo_people import HOME_COMMUNE, Crew

_T = TypeVar("_T")

PEOPLE = 24_000
RETURNS = 2_160
# Tuesday 1 July, the first day of the new communes, to Sunday 6 July; at the weekend in the hamlets.
DAYS = {date(2025, 7, day): weight for day, weight in ((1, 17), (2, 21), (3, 21), (4, 20), (5, 12), (6, 9))}
_MORNING, _AFTERNOON = (7 * 60, 11 * 60 + 20), (13 * 60 + 30, 16 * 60 + 50)

_PROCEDURES = {
    "vneid-level-2": 15, "vneid-password-recovery": 8, "certified-copies": 11, "birth-registration": 9,
    "permanent-residence": 7, "temporary-residence": 6, "id-card-exchange": 6, "id-card-reissue": 4,
    "land-use-change": 6, "household-business": 5, "death-registration": 2, "criminal-record": 2,
    "driving-licence-exchange": 2, "vneid-integrate-docs": 3,
}  # fmt: skip
_TOPICS = {
    Topic.PORTAL_ACCOUNT: 6,
    Topic.QUEUE_GUIDANCE: 5,
    Topic.PAYMENT: 2,
    Topic.PHONE_BASICS: 2,
    Topic.OTHER: 1,
}
_NEEDS: dict[tuple[str, str], int] = {
    **{("procedure", slug): w for slug, w in _PROCEDURES.items()},
    **{("topic", t): w for t, w in _TOPICS.items()},
}
_OUTCOMES = {
    Outcome.DONE: 62, Outcome.STARTED: 17, Outcome.PAPERS_MISSING: 9, Outcome.WILL_RETURN: 6,
    Outcome.REFERRED: 5, Outcome.NOT_POSSIBLE: 1,
}  # fmt: skip
# People who come again do more alone: the point of the programme.
_ALONE_FIRST = {
    Alone.FULLY_HELPED: 22, Alone.MOSTLY_HELPED: 33, Alone.HALF: 24,
    Alone.MOSTLY_ALONE: 15, Alone.ALL_ALONE: 6,
}  # fmt: skip
_ALONE_AGAIN = {
    Alone.FULLY_HELPED: 6, Alone.MOSTLY_HELPED: 18, Alone.HALF: 26,
    Alone.MOSTLY_ALONE: 32, Alone.ALL_ALONE: 18,
}  # fmt: skip
_AGES = {
    AgeBand.UNDER_18: 4, AgeBand.FROM_18: 19, AgeBand.FROM_35: 36, AgeBand.FROM_60: 28, AgeBand.FROM_75: 9,
    AgeBand.NOT_SAID: 4,
}  # fmt: skip
_USUAL_MINUTES = {
    Alone.FULLY_HELPED: 28, Alone.MOSTLY_HELPED: 24, Alone.HALF: 20,
    Alone.MOSTLY_ALONE: 14, Alone.ALL_ALONE: 9,
}  # fmt: skip
# Invented like everything here: papers are looked through for a little more than half of the procedures.
_CHECKED, _READY = 0.55, 0.72
_USUAL_POPULATION = 20_000
_HOME_LANGUAGE = "kpm"


def _pick(random: Random, weights: dict[_T, int]) -> _T:
    return random.choices(list(weights), list(weights.values()))[0]


def apportion(total: int, weights: list[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to `total` (largest remainders)."""
    sum_of_weights = sum(weights)
    exact = [total * weight / sum_of_weights for weight in weights]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: whole[index] - exact[index])
    for index in by_remainder[: total - sum(whole)]:
        whole[index] += 1
    return whole


def make_sessions(crews: list[Crew], random: Random) -> list[NewSession]:
    """All sessions of the six days, in the order of time."""
    # No two communes are equally busy; those whose population is known go by it as well.
    weights = [
        random.lognormvariate(0, 0.35)
        * ((crew.unit.population or _USUAL_POPULATION) / _USUAL_POPULATION) ** 0.6
        for crew in crews
    ]
    cells = [(crew, day) for crew in crews for day in DAYS]
    firsts = [weight * DAYS[day] for weight in weights for day in DAYS]
    # Nobody returns on the first day.
    returns = [weight * (0 if day == min(DAYS) else DAYS[day]) for weight in weights for day in DAYS]
    made: list[NewSession] = []
    for total, shares, first_time in ((PEOPLE, firsts, True), (RETURNS, returns, False)):
        for (crew, day), count in zip(cells, apportion(total, shares), strict=True):
            made.extend(_session(crew, day, random, first_time=first_time) for _step in range(count))
    return sorted(made, key=lambda session: (session.at, session.id))


def _moment(day: date, random: Random) -> datetime:
    start, end = _MORNING if random.random() < 0.58 else _AFTERNOON
    minute = random.randint(start, end)
    return datetime.combine(day, time(minute // 60, minute % 60, random.randint(0, 59)), tzinfo=VIETNAM)


def _session(crew: Crew, day: date, random: Random, *, first_time: bool) -> NewSession:
    at = _moment(day, random)
    alone = _pick(random, _ALONE_FIRST if first_time else _ALONE_AGAIN)
    kind, need = _pick(random, _NEEDS)
    outcome = _pick(random, _OUTCOMES)
    in_home_language = crew.unit.code == HOME_COMMUNE and random.random() < 0.6
    return NewSession(
        id=new_id(at, random.getrandbits(74)),
        commune=crew.unit.code,
        service_point=crew.point,
        minutes=max(3, min(120, round(random.lognormvariate(0, 0.45) * _USUAL_MINUTES[alone]))),
        outcome=outcome,
        alone=alone,
        volunteer=random.choice(crew.members),
        procedure=need if kind == "procedure" else "",
        topic=need if kind == "topic" else "",
        at=at,
        age_band=_pick(random, _AGES),
        language=_HOME_LANGUAGE if in_home_language else "vi",
        first_time=first_time,
        came_back_for_papers=None if first_time else random.random() < 0.4,
        team=crew.team,
        papers=_papers(kind, outcome, random),
    )


def _papers(kind: str, outcome: str, random: Random) -> str:
    """Whether the papers were complete: never, when the session ended because one was missing."""
    if outcome == Outcome.PAPERS_MISSING:
        return Papers.MISSING
    if kind != "procedure" or random.random() > _CHECKED:
        return Papers.NOT_CHECKED
    return Papers.READY if outcome == Outcome.DONE or random.random() < _READY else Papers.MISSING
