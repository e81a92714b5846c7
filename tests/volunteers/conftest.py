"""What the tests of volunteers start from: a team of the near commune with the cast's volunteer in it."""

import pytest

from nhipcau.teams import services as teams
from nhipcau.teams.models import Team
from tests.factories.cast import NOW, Cast


@pytest.fixture
def team(cast: Cast) -> Team:
    """A team of the near commune; the volunteer is in it."""
    found = teams.make_team(by=None, now=NOW, name="Đội Mẫu", commune="24848")
    teams.add_to_team(by=None, now=NOW, team=found, member=cast.volunteer)
    return found
