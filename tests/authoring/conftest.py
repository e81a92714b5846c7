"""People who write and check guides, and a draft to work on."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.authoring import services
from nhipcau.authoring.models import Draft
from nhipcau.authoring.rules import contents
from nhipcau.authoring.rules.contents import read_place
from nhipcau.procedures.models import Procedure, ProcedureVersion
from nhipcau.procedures.queries import published_versions
from nhipcau.teams import services as teams
from nhipcau.teams.access import MemberActor, actor_of
from nhipcau.teams.enums import Role
from nhipcau.teams.models import Member
from tests.factories.cast import NOW as JOINED
from tests.factories.cast import PASSWORD, Cast

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SLUG = "birth-registration"


@pytest.fixture
def editor(cast: Cast) -> Member:
    """A guide editor of the whole country."""
    member = teams.register_member(
        by=None, now=JOINED, username="editor", name="Biên tập Mẫu", commune="24848", password=PASSWORD
    )
    teams.grant_role(by=None, now=JOINED, member=member, role=Role.GUIDE_EDITOR, unit_code="VN")
    return member


@pytest.fixture
def far_province(cast: Cast) -> Member:
    """A coordinator of another province."""
    member = teams.register_member(
        by=None, now=JOINED, username="far", name="Tỉnh khác Mẫu", commune="22015", password=PASSWORD
    )
    teams.grant_role(by=None, now=JOINED, member=member, role=Role.PROVINCE_COORDINATOR, unit_code="66")
    return member


def actor(member: Member) -> MemberActor:
    return actor_of(member, NOW)


def shipped(slug: str = SLUG) -> ProcedureVersion:
    """What is published for the country from the files."""
    version = published_versions(slug, "").last()
    assert version is not None
    return version


@pytest.fixture
def draft(cast: Cast) -> Draft:
    """A draft of the official for the province, with the words of the nation."""
    return services.start_draft(version=shipped(), area="68", by=actor(cast.official), now=NOW)


def save(draft: Draft, place: str, member: Member, **changed: Any) -> Draft:
    """What a form does: the entry as it is now, with some values changed."""
    found = read_place(place)
    assert found is not None
    draft.refresh_from_db()
    entry = {**(contents.entry_at(draft.content, found) or {}), **changed}
    return services.save_entry(
        draft_id=draft.pk,
        place=found,
        entry=entry,
        seen=contents.seen_at(draft.content, found),
        by=actor(member),
        now=NOW,
    )


@pytest.fixture
def as_member(db: None) -> Callable[[Member], Client]:
    """Signs members in, each on a client of their own."""

    def sign_in(member: Member) -> Client:
        mine = Client()
        mine.force_login(member)
        return mine

    return sign_in


def url(name: str, draft: Draft | None = None, **values: Any) -> str:
    if draft is not None:
        values["draft_id"] = draft.pk
    return reverse(f"authoring:{name}", kwargs=values)


def procedure(slug: str = SLUG) -> Procedure:
    return Procedure.objects.get(pk=slug)
