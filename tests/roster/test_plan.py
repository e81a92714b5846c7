"""Problems drawn from the database: every fact reaches the core, and the core's answers keep every rule."""

from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext
from django.db import connection

from nhipcau.roster import plan
from tests.factories.cast import NOW, Cast
from tests.factories.crews import UNTIL, make_crew
from tests.factories.rosters import SHIFT_DAY


def _answer(drawn: plan.Drawn) -> plan.Answer:
    return plan.solve(drawn, seed=1, seconds=10, stopped=lambda: False, told=lambda facts: None)


def test_a_small_team_is_covered(cast: Cast) -> None:
    crew = make_crew(cast, people=6)
    drawn = plan.problem_of([crew.team.pk], SHIFT_DAY, UNTIL, now=NOW)
    answer = _answer(drawn)
    assert plan.review(drawn, answer.seats).fits
    print(answer.facts)
    assert len(answer.seats) == 20
