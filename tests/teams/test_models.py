"""What the database itself refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from nhipcau.teams.models import Campaign, Grant, Member, MemberLanguage, Team, TeamMembership
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)


def refused(model: type[Any], **values: Any) -> bool:
    try:
        with transaction.atomic():
            model.objects.create(**values)
    except IntegrityError:
        return True
    return False


def test_grants(cast: Cast) -> None:
    sound = {"member": cast.outsider, "role": "volunteer", "unit_code": "24848", "valid_from": NOW}
    later = NOW + timedelta(days=1)
    for wrong in (
        {"unit_code": "68"},
        {"unit_code": "VN"},
        {"unit_code": "2484a"},
        {"role": "king"},
        {"role": "administrator"},
        {"role": "province_coordinator"},
        {"granted_by": cast.outsider},
        {"valid_until": NOW - timedelta(seconds=1)},
    ):
        assert refused(Grant, **{**sound, **wrong}), wrong
    assert not refused(Grant, **sound, valid_until=later)
    assert refused(Grant, **{**sound, "valid_from": later - timedelta(seconds=1)})
    assert not refused(Grant, **{**sound, "valid_from": later})


def test_memberships(cast: Cast) -> None:
    team = Team.objects.create(name="Đội", commune=cast.commune, starts_on=YESTERDAY)
    sound = {"team": team, "member": cast.volunteer, "starts_on": YESTERDAY}
    assert refused(TeamMembership, **sound, role="king")
    assert refused(TeamMembership, **sound, ends_on=YESTERDAY - timedelta(days=1))
    assert not refused(TeamMembership, **sound, role="leader", ends_on=TODAY)
    assert refused(TeamMembership, **sound)
    assert refused(TeamMembership, team=team, member=cast.leader, role="leader", starts_on=YESTERDAY)
    assert not refused(TeamMembership, team=team, member=cast.leader, role="leader", starts_on=TODAY)


def test_teams_and_campaigns(cast: Cast) -> None:
    sound = {"name": "Đội", "commune": cast.commune, "starts_on": TODAY}
    assert refused(Team, **sound, kind="army")
    assert refused(Team, **sound, ends_on=TODAY)
    assert not refused(Team, **sound)
    assert refused(Team, **sound)
    drive = {"name": "Hè", "starts_on": TODAY, "unit_code": "68"}
    assert refused(Campaign, **drive, ends_on=TODAY)
    assert not refused(Campaign, **drive, ends_on=TODAY + timedelta(days=1))
    assert refused(Campaign, **drive, ends_on=TODAY + timedelta(days=2))


def test_members(cast: Cast) -> None:
    assert refused(Member, username="volunteer", name="X", joined_on=TODAY)
    assert refused(Member, username="nobody", name="", joined_on=TODAY)
    assert refused(Member, username="nobody", name="X", joined_on=TODAY, left_on=YESTERDAY)
    member = cast.volunteer
    assert refused(MemberLanguage, member=member, language="kpm", level="best")
    assert not refused(MemberLanguage, member=member, language="kpm", level="good")
    assert refused(MemberLanguage, member=member, language="kpm", level="some")
