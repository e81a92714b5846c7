"""The demo's cases: some sessions led to a dossier that is followed, and some people rated the help."""

from datetime import datetime, timedelta
from random import Random

from nhipcau.cases.enums import CaseState, Outcome
from nhipcau.cases.services import FiledDossier, NewCase, NewSession, Step
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.services import GivenConsent
from nhipcau.core.clock import VIETNAM, local_date
from nhipcau.core.ids import new_id
from nhipcau.portal.services.demo_people import Crew, invented_name, invented_phone

CASES = 2_400
LAST_MOMENT = datetime(2025, 7, 6, 16, 30, tzinfo=VIETNAM)
FIRST_PHONE = 500_000
_STARS = {5: 58, 4: 29, 3: 9, 2: 3, 1: 1}
_CONSENT = GivenConsent(Purpose.FOLLOW_UP, ConsentMethod.SPOKEN_WITNESSED)
_FOLLOWED = (Outcome.DONE, Outcome.STARTED, Outcome.PAPERS_MISSING)


def make_cases(crews: list[Crew], sessions: list[NewSession], random: Random) -> list[NewCase]:
    """One case for each of a fixed number of sessions about a procedure with papers."""
    fitting = [
        session
        for session in sessions
        if session.outcome in _FOLLOWED and session.procedure and not session.procedure.startswith("vneid-")
    ]
    chosen = sorted(random.sample(range(len(fitting)), CASES))
    return [_case(fitting[index], number, random) for number, index in enumerate(chosen)]


def _case(session: NewSession, number: int, random: Random) -> NewCase:
    at = session.at or LAST_MOMENT
    steps = _steps(session, at, random)
    filed = any(step.to == CaseState.SUBMITTED for step in steps)
    finished = bool(steps) and steps[-1].to == CaseState.CLOSED_DONE
    stars = (
        random.choices(list(_STARS), list(_STARS.values()))[0] if finished and random.random() < 0.7 else 0
    )
    return NewCase(
        id=new_id(at, random.getrandbits(74)),
        commune=session.commune,
        name=invented_name(random),
        phone=invented_phone(FIRST_PHONE + number),
        consent=_CONSENT,
        opened_at=at,
        opened_by=session.volunteer,
        procedure=session.procedure,
        service_point=session.service_point,
        session=session.id,
        steps=tuple(steps),
        dossiers=(_dossier(at, number, random),) if filed else (),
        stars=stars,
        rated_at=steps[-1].at if stars else None,
    )


def _dossier(at: datetime, number: int, random: Random) -> FiledDossier:
    """A code of the portal's shape under a group no authority has (G00)."""
    day = local_date(at)
    return FiledDossier(f"G00.00.00-{day:%y%m%d}-{number + 1:06d}", day, random.random() < 0.55)


def _steps(session: NewSession, at: datetime, random: Random) -> list[Step]:
    """How far the case came by the evening of 6 July; no step lies after it."""
    if session.outcome == Outcome.PAPERS_MISSING:
        ways = [CaseState.PAPERS_MISSING]
    elif session.outcome == Outcome.STARTED:
        ways = [CaseState.PAPERS_READY]
    else:
        ways = [CaseState.PAPERS_READY, CaseState.SUBMITTED]
        if random.random() < 0.75:
            ways += [CaseState.RESULT_READY, CaseState.CLOSED_DONE]
    steps: list[Step] = []
    moment = at
    for state in ways:
        moment += timedelta(
            minutes=random.randint(5, 20) if state != CaseState.RESULT_READY else random.randint(60, 1500)
        )
        if moment > LAST_MOMENT:
            break
        steps.append(Step(state, moment))
    return steps
