"""Skills that members had in `teams` became qualifications: none lost, none doubled, each said as before."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pytest
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from nhipcau.core.clock import VIETNAM
from tests import databases

BEFORE = [("teams", "0002_guide_editor"), ("volunteers", "0001_initial")]
BROUGHT = [("teams", "0002_guide_editor"), ("volunteers", "0002_from_skills")]
AFTER = [("teams", "0003_skills_leave"), ("volunteers", "0002_from_skills")]

# Who said what, with which evidence; nobody of them had said anything twice.
EVIDENCE = "Chứng chỉ số 12, " + "ă" * 183
SAID: dict[str, dict[str, str]] = {
    "all": {},
    "few": {"land": EVIDENCE, "motorbike": "Xe số", "portal": ""},
    "gone": {"phones": "Sửa điện thoại hai năm"},
    "none": {},
}
JOINED = {
    "all": date(2025, 7, 1),
    "few": date(2026, 1, 31),
    "gone": date(2024, 2, 29),
    "none": date(2026, 2, 1),
}
# What nobody needs to check counts at once.
OWN_WORD = {"scanning", "payment", "phones", "motorbike"}


@dataclass(frozen=True)
class Brought:
    """What the tables held before, and the models that read them after."""

    skills: set[tuple[str, str, str]]
    grants: Any
    qualifications: Any


def models_at(executor: MigrationExecutor, targets: list[tuple[str, str]]) -> Any:
    """The models as they were after these migrations."""
    return executor.loader.project_state(targets).apps


def write_skills() -> set[tuple[str, str, str]]:
    """Members and their skills, as they stood before; (user name, skill, evidence)."""
    apps = models_at(MigrationExecutor(connection), BEFORE)
    member, skill = apps.get_model("teams", "Member"), apps.get_model("teams", "MemberSkill")
    every = [code for code, _words in skill._meta.get_field("skill").choices]
    assert len(every) == 13
    rows = set()
    for name, said in SAID.items():
        left = date(2025, 1, 1) if name == "gone" else None
        made = member.objects.create(
            username=f"mau.{name}", name="Mẫu", joined_on=JOINED[name], left_on=left, is_active=left is None
        )
        for code, evidence in (dict.fromkeys(every, "") if name == "all" else said).items():
            skill.objects.create(member=made, skill=code, evidence=evidence)
            rows.add((name, code, evidence))
    return rows


@pytest.fixture(scope="module")
def brought(
    database_server: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Brought]:
    """An empty database, brought to the state before, filled, and brought on."""
    usual = connections["default"].settings_dict["NAME"]
    mine = f"nhipcau_skills_{os.getpid()}"
    with django_db_blocker.unblock():
        databases.run(f'CREATE DATABASE "{mine}" TEMPLATE template0')
        databases.switch(mine)
        try:
            MigrationExecutor(connection).migrate(BEFORE)
            apps = models_at(MigrationExecutor(connection), BEFORE)
            # A province had named this one already, in its own words.
            apps.get_model("volunteers", "Qualification").objects.create(
                code="land", name_vi="Đất đai", name_en="Land", needs_evidence=True
            )
            skills = write_skills()
            MigrationExecutor(connection).migrate(BROUGHT)
            apps = models_at(MigrationExecutor(connection), BROUGHT)
            yield Brought(
                skills,
                apps.get_model("volunteers", "QualificationGrant").objects.select_related("member"),
                apps.get_model("volunteers", "Qualification").objects,
            )
        finally:
            databases.switch(usual)
            databases.drop(mine)


def said_now(brought: Brought) -> list[tuple[str, str, str]]:
    return [
        (row.member.username.removeprefix("mau."), row.qualification_id, row.evidence)
        for row in brought.grants.all()
    ]


def test_every_skill_is_there_once(brought: Brought) -> None:
    now = said_now(brought)
    assert len(now) == 17
    assert sorted(now) == sorted(brought.skills)


def test_what_needs_evidence_waits_and_the_rest_counts_from_the_day_of_joining(brought: Brought) -> None:
    for row in brought.grants.all():
        joined = JOINED[row.member.username.removeprefix("mau.")]
        noon = datetime.combine(joined, time(12), tzinfo=VIETNAM)
        counts = row.qualification_id in OWN_WORD
        assert row.state == ("approved" if counts else "claimed")
        assert (row.valid_from, row.valid_until) == (joined, None)
        assert (row.claimed_at, row.decided_at) == (noon, noon if counts else None)
        assert row.decided_by_id is None, "nobody has looked at it"


def test_each_is_named_once_and_what_was_named_keeps_its_words(brought: Brought) -> None:
    named = {row.code: row for row in brought.qualifications.all()}
    assert named.keys() == {code for _name, code, _evidence in brought.skills}
    assert {code for code, row in named.items() if not row.needs_evidence} == OWN_WORD
    assert (named["land"].name_vi, named["land"].name_en) == ("Đất đai", "Land")
    assert all(row.name_vi and row.name_en for row in named.values())


def test_when_the_old_table_goes_nothing_goes_with_it(brought: Brought) -> None:
    MigrationExecutor(connection).migrate(AFTER)
    assert "teams_memberskill" not in connection.introspection.table_names()
    assert sorted(said_now(brought)) == sorted(brought.skills)
