"""The operator's command: the first administrator of a new installation."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from nhipcau.core import clock
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member
from tests.factories.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("teams", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_first_administrator_sets_a_password_through_the_link(client: Client) -> None:
    link = run("add", "first", "--name", "Quản trị Mẫu", "--role", "administrator", "--place", "VN")
    path = "/" + link.split("/", 3)[3]
    client.post(path, {"password": PASSWORD, "again": PASSWORD})
    member = Member.objects.get(username="first")
    assert member.check_password(PASSWORD)
    assert actor_of(member, clock.now()).scope(Permission.TEAMS_GRANT).nation


def test_a_new_link_for_somebody_who_forgot(cast: Cast) -> None:
    assert str(cast.leader.pk) in run("link", "leader")


@pytest.mark.parametrize(
    "arguments",
    [
        ("link", "nobody"),
        ("add", "Bad Name", "--name", "X", "--role", "administrator", "--place", "VN"),
        ("add", "fine", "--name", "X", "--role", "administrator", "--place", "68"),
        ("add", "fine", "--name", "X", "--role", "volunteer", "--place", "00000"),
    ],
)
def test_a_refusal_leaves_nothing(arguments: tuple[str, ...], db: None) -> None:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert caught.value.returncode == 2
    assert not Member.objects.exists()
