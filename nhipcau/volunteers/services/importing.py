"""New members from a table: looked through, confirmed, then registered all together or not at all."""

import json
from datetime import datetime
from typing import IO
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.sheets import read_table
from nhipcau.teams import services as teams
from nhipcau.teams.access import MemberActor
from nhipcau.teams.enums import LanguageLevel, Role
from nhipcau.teams.queries import free_usernames
from nhipcau.volunteers.models import MemberImport
from nhipcau.volunteers.queries import COLUMNS, Report, check_rows, faults_of, rows_of
from nhipcau.volunteers.rules import KEPT_IMPORT
from nhipcau.volunteers.services.claims import NewGrant, note_in_bulk


class UnableToImport(UnableTo):
    """The table has wrong rows, or none."""

    code = "volunteers.unable_to_import"


def take_table(*, by: MemberActor, now: datetime, file: IO[bytes], name: str) -> MemberImport:
    """Keeps the rows of a table until its sender confirms or drops them; nobody is registered yet."""
    table = read_table(file, COLUMNS)
    content = {
        "rows": [
            [row.number, {key: _plain(value) for key, value in row.values.items()}] for row in table.rows
        ],
        "faults": [[fault.row, str(fault.message)] for fault in table.faults],
    }
    with unit_of_work(by=by, now=now):
        return MemberImport.objects.create(
            id=new_id(now),
            made_by=by.member,
            made_at=now,
            file_name=name[:120],
            rows=json.dumps(content, ensure_ascii=False),
        )


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float) else str(value)


def look_through(*, by: MemberActor, now: datetime, found: MemberImport) -> Report:
    """What the table would make now: the right rows, and every fault in its row."""
    report = check_rows(by, rows_of(found), today=local_date(now), phone_index=teams.phone_index)
    report.faults = sorted(report.faults + faults_of(found), key=lambda fault: fault.row)
    return report


def import_members(*, by: MemberActor, now: datetime, import_id: UUID, only_right: bool) -> int:
    """Registers the rows as volunteers: all of them, or with `only_right` those without a fault; how many."""
    with unit_of_work(by=by, now=now):
        found = MemberImport.objects.select_for_update().filter(made_by=by.member, pk=import_id).first()
        if found is None:
            raise UnableToImport(_("This table has been registered or dropped already."))
        report = look_through(by=by, now=now, found=found)
        if report.faults and not only_right:
            raise UnableToImport(_("Some rows are wrong: nothing was saved."))
        if not report.right:
            raise UnableToImport(_("No row can be registered."))
        members = _register(by, now, report)
        note_in_bulk(
            by=by,
            now=now,
            grants=[
                NewGrant(member, code)
                for member, row in zip(members, report.right, strict=True)
                for code in row.qualifications
            ],
        )
        found.delete()
        return len(members)


def _register(by: MemberActor, now: datetime, report: Report) -> list[UUID]:
    usernames = free_usernames([row.name for row in report.right])
    made = teams.add_members_in_bulk(
        by=by,
        now=now,
        members=[
            teams.NewMember(
                username=username,
                name=row.name,
                commune=row.commune.code,
                phone=row.phone,
                languages=dict.fromkeys(row.languages, LanguageLevel.GOOD.value),
                team=row.team.pk if row.team else None,
                roles=((Role.VOLUNTEER, row.commune.code),),
            )
            for row, username in zip(report.right, usernames, strict=True)
        ],
    )
    return [member.pk for member in made]


def drop_import(*, by: MemberActor, now: datetime, import_id: UUID) -> None:
    """Forgets a table; nobody of it is registered."""
    with unit_of_work(by=by, now=now):
        MemberImport.objects.filter(made_by=by.member, pk=import_id).delete()


def forget_imports(*, now: datetime) -> int:
    """Removes tables that nobody confirmed within a day; how many."""
    with unit_of_work(by=None, now=now):
        return MemberImport.objects.filter(made_at__lte=now - KEPT_IMPORT).delete()[0]
