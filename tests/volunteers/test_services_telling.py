"""Who may decide hears of what waits: the nearest, once a day, in their own language, without names."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from nhipcau.messaging import services as messaging
from nhipcau.messaging.enums import Channel, Kind
from nhipcau.messaging.models import Delivery, Message
from nhipcau.messaging.queries import unread_count, wishes_of
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import Role
from nhipcau.teams.models import Grant, Member, Team
from nhipcau.volunteers import services
from tests.factories.cast import NOW, Cast
from tests.factories.messages import browser

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def apply(*, after: timedelta = timedelta(), **changes: Any) -> None:
    values: dict[str, Any] = {"commune": "24848", "name": "Mẫu Thị Đào", "phone": "0600 111 222", **changes}
    services.send_application(now=NOW + after, **values)


def claim(by: Member, code: str = "portal", after: timedelta = timedelta()) -> None:
    services.claim_qualification(by=actor_of(by, NOW), now=NOW + after, code=code, evidence="Lớp 6/2025")


def told(kind: Kind = Kind.REVIEW) -> dict[str, list[str]]:
    """The subjects each member has, by user name."""
    names = dict(Member.objects.values_list("pk", "username"))
    found: dict[str, list[str]] = {}
    for row in Message.objects.filter(kind=kind).order_by("created_at"):
        found.setdefault(names[row.to], []).append(row.subject)
    return found


def speak(member: Member, language: str) -> None:
    Member.objects.filter(pk=member.pk).update(preferred_language=language)


def test_those_who_may_decide_there_hear_and_nobody_else(cast: Cast) -> None:
    for member in (cast.leader, cast.coordinator):
        speak(member, "en")
    apply()
    assert told() == {name: ["For you to answer: 1 request to join"] for name in ("leader", "coordinator")}
    row = Message.objects.get(to=cast.leader.pk)
    assert (row.link, row.about, row.urgent) == ("/volunteers/", cast.leader.pk, False)
    assert "Đào" not in row.subject + row.body


def test_several_on_one_day_are_one_message(cast: Cast, client: Client) -> None:
    speak(cast.leader, "en")
    browser(cast.leader.pk, NOW)
    apply()
    client.force_login(cast.leader)
    client.get(f"/messages/{Message.objects.get(to=cast.leader.pk).pk}/")
    assert unread_count(cast.leader.pk) == 0
    apply(after=HOUR)
    apply(after=2 * HOUR)
    claim(cast.volunteer, after=3 * HOUR)
    assert told()["leader"] == ["For you to answer: 3 requests to join, 1 skill to check"]
    row = Message.objects.get(to=cast.leader.pk)
    assert (row.created_at, row.read_at) == (NOW + 3 * HOUR, None)
    assert unread_count(cast.leader.pk) == 1
    assert Delivery.objects.filter(message=row, channel=Channel.WEB_PUSH).count() == 1
    apply(after=timedelta(days=1))
    assert len(told()["leader"]) == 2


def test_what_went_out_in_the_morning_does_not_go_out_again(cast: Cast) -> None:
    browser(cast.leader.pk, NOW)
    apply()
    Delivery.objects.filter(channel=Channel.WEB_PUSH).update(state="delivered", settled_at=NOW)
    apply(after=HOUR)
    assert list(Delivery.objects.filter(channel=Channel.WEB_PUSH).values_list("state", flat=True)) == [
        "delivered"
    ]


def test_who_turned_it_off_is_left_in_peace(cast: Cast) -> None:
    off = {(Kind.REVIEW.value, Channel.IN_APP.value)}
    messaging.set_wishes(recipient=cast.leader.pk, wishes=wishes_of(cast.leader.pk), declined=off)
    apply()
    assert (unread_count(cast.leader.pk), unread_count(cast.coordinator.pk)) == (0, 1)
    messaging.read_all(recipient=cast.coordinator.pk, now=NOW)
    messaging.set_wishes(recipient=cast.coordinator.pk, wishes=wishes_of(cast.leader.pk), declined=off)
    apply(after=HOUR)
    assert unread_count(cast.coordinator.pk) == 0


def test_where_nobody_leads_the_province_hears_and_then_the_country(cast: Cast) -> None:
    apply(commune="24846")
    assert set(told()) == {"province"}
    Grant.objects.filter(role=Role.PROVINCE_COORDINATOR).update(valid_until=NOW)
    apply(commune="24846", after=HOUR)
    assert set(told()) == {"province", "nation"}


def test_nobody_hears_of_their_own_claim(cast: Cast, team: Team) -> None:
    claim(cast.leader)
    assert set(told()) == {"coordinator"}
    claim(cast.volunteer, "motorbike")  # needs no evidence: nothing waits
    assert told(Kind.REVIEW).keys() == {"coordinator"}


def test_a_claim_is_heard_where_the_member_lives_and_works(cast: Cast) -> None:
    far = teams.make_team(by=None, now=NOW, name="Đội Xa", commune="22015")
    teams.add_to_team(by=None, now=NOW, team=far, member=cast.volunteer)
    claim(cast.volunteer)
    assert set(told()) == {"leader", "coordinator", "outsider"}


def test_what_is_rolled_back_was_never_said(cast: Cast) -> None:
    with transaction.atomic():
        apply()
        transaction.set_rollback(True)
    assert told() == {}
