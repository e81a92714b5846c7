"""Members are told in their own language, each once, whatever the language of the moment."""

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext

from nhipcau.audit.services import unit_of_work
from nhipcau.core.ids import new_id
from nhipcau.messaging.enums import Kind
from nhipcau.messaging.models import Message
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import tell
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def say(members: list[Member], *, urgent: bool = False) -> None:
    with translation.override("en"), unit_of_work(by=None, now=NOW):
        tell(
            members, kind=Kind.HOURS, words=lambda: (gettext("Hours"), "x"), link="/roster/", about=new_id(),
            now=NOW + timedelta(hours=1), urgent=urgent,
        )  # fmt: skip


def test_each_in_their_own_language_and_once(cast: Cast) -> None:
    Member.objects.filter(pk=cast.leader.pk).update(preferred_language="th")
    cast.leader.refresh_from_db()
    say([cast.leader, cast.volunteer, cast.leader])
    told = {row.to: (row.subject, row.language) for row in Message.objects.all()}
    assert told == {cast.leader.pk: ("ชั่วโมง", "th"), cast.volunteer.pk: ("Số giờ", "vi")}
    assert Message.objects.count() == 2


def test_nobody_is_told_by_nobody(cast: Cast) -> None:
    say([])
    assert not Message.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
def test_telling_many_costs_as_much_as_telling_one(
    people: int, cast: Cast, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(7):  # type: ignore[operator]  # the plugin's fixture
        say([cast.leader, cast.volunteer, cast.official][:people], urgent=True)
