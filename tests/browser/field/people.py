"""People who work in the field and can sign in."""

import secrets

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from nhipcau.core import clock
from nhipcau.portal.services.demo_people import HOME_COMMUNE
from nhipcau.teams import services as teams
from nhipcau.teams.models import Member
from tests.browser.conftest import PASSWORD


def new_member(role: str = "volunteer") -> Member:
    """Somebody new with a password."""
    now, name = clock.now(), f"nguoi{secrets.token_hex(5)}"
    member = teams.register_member(
        by=None, now=now, username=name, name="Nguyễn Thị Ngày", commune=HOME_COMMUNE
    )
    teams.grant_role(by=None, now=now, member=member, role=role, unit_code=HOME_COMMUNE)
    Member.objects.filter(pk=member.pk).update(
        password=PBKDF2PasswordHasher().encode(PASSWORD, "saltsaltsaltsalt")
    )
    return member
