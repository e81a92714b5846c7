"""Putting a guide written here before the public, ending it, and saying that it was read again."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.procedures import guide as engine
from nhipcau.procedures.enums import VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion, Stamp
from nhipcau.procedures.queries import in_the_way
from nhipcau.procedures.services.rows import contents_of, digest_of, write_header, write_version


class UnableToPublish(UnableTo):
    """The version cannot be put before the public as it is; nothing was changed."""

    code = "procedures.unable_to_publish"

    def __init__(self, message: Any, problems: tuple[engine.Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


def check_guide(content: dict[str, Any]) -> list[engine.Problem]:
    """Everything that keeps a guide (header and one version, as plain data) from being published."""
    found = engine.lint(content)
    return found or [engine.Problem("", 1, path, message) for path, message in _between(content)]


def remarks_on(content: dict[str, Any]) -> list[engine.Problem]:
    """What is worth a second look, but keeps nothing from being published."""
    return engine.remarks(content)


def _between(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Faults between this guide and the others of the library."""
    guide = engine.parse(content)
    others = Procedure.objects.exclude(pk=guide.slug)
    owner = others.filter(code=guide.code).values_list("slug", flat=True).first() if guide.code else None
    if owner is not None:
        yield "code", f'"{guide.code}" is also used by {owner}'
    for i, old in enumerate(guide.replaces):
        if old in (guide.code, guide.slug):
            yield f"replaces[{i}]", "a guide cannot replace itself"
    slugs = set(others.values_list("slug", flat=True))
    for i, other in enumerate(guide.see_also):
        if other not in slugs and not engine.is_code(other):
            yield f"see_also[{i}]", f'there is no guide "{other}"'


def publish_version(
    *,
    content: dict[str, Any],
    area: str = "",
    written_by: str,
    checked_by: str,
    by: Actor | None,
    now: datetime,
) -> ProcedureVersion:
    """A guide with one version, written and checked here by two people, becomes the one in force.

    An earlier version of the same procedure and area ends where this one begins. From then on the files that
    ship no longer change this procedure; the version of a province leaves the nation's names and files as
    they are. Raises `UnableToPublish`: faults in the guide, one pair of
    eyes only, or a later version in the way.
    """
    if not written_by or not checked_by or written_by == checked_by:
        raise UnableToPublish(_("A second person must check the facts before a guide is published."))
    problems = tuple(check_guide(content))
    if problems:
        raise UnableToPublish(_("The guide still has faults."), problems)
    guide = engine.parse(content)
    with unit_of_work(by=by, now=now):
        procedure = _procedure(guide, area)
        (single,) = contents_of(content).values()
        _make_room(procedure, area, guide.versions[0])
        version = _again(procedure, area, single, written_by=written_by, checked_by=checked_by, now=now)
        _touch(now)
    return version


def _procedure(guide: engine.Guide, area: str) -> Procedure:
    """Its header is the nation's: a province writes it only where there is no such procedure yet."""
    known = Procedure.objects.select_for_update().filter(pk=guide.slug).first()
    if known is not None and area:
        return known
    procedure = write_header(guide)
    Procedure.objects.filter(pk=procedure.pk).update(kept_here=True)
    procedure.kept_here = True
    return procedure


def _make_room(procedure: Procedure, area: str, version: engine.Version) -> None:
    """Ends what is in force when this one begins; what begins later is left to a person."""
    begins = date.fromisoformat(version.valid_from)
    until = date.fromisoformat(version.valid_until) if version.valid_until else None
    ending, replaced, later = in_the_way(procedure.pk, area, begins, until)
    if later:
        raise UnableToPublish(
            _(
                "A version that begins later is already published. "
                "Give this one an end date, or withdraw the other."
            )
        )
    rows = ProcedureVersion.objects
    rows.filter(pk__in=[row.pk for row in replaced]).update(state=VersionState.WITHDRAWN)
    rows.filter(pk__in=[row.pk for row in ending]).update(valid_until=begins)


def _again(
    procedure: Procedure,
    area: str,
    content: dict[str, Any],
    *,
    written_by: str,
    checked_by: str,
    now: datetime,
) -> ProcedureVersion:
    """A new row; or, when exactly this was written before, that row published again."""
    digest = digest_of(engine.canonical(content))
    known = ProcedureVersion.objects.filter(procedure=procedure, area=area, content_hash=digest).first()
    if known is None:
        return write_version(
            procedure, content, state=VersionState.PUBLISHED, area=area,
            written_by=written_by, checked_by=checked_by, published_at=now,
        )  # fmt: skip
    until = content["versions"][0].get("valid_until")
    ProcedureVersion.objects.filter(pk=known.pk).update(
        state=VersionState.PUBLISHED,
        valid_until=date.fromisoformat(until) if until else None,
        written_by=written_by,
        checked_by=checked_by,
        published_at=now,
    )
    known.refresh_from_db()
    return known


def withdraw_version(*, version: UUID, by: Actor | None, now: datetime) -> None:
    """The version is no longer shown; cases that rely on it keep it, and files do not bring it back."""
    with unit_of_work(by=by, now=now):
        row = _published(version)
        ProcedureVersion.objects.filter(pk=row.pk).update(state=VersionState.WITHDRAWN)
        if not row.area:
            Procedure.objects.filter(pk=row.procedure_id).update(kept_here=True)
        _touch(now)


def confirm_version(
    *, version: UUID, checked_on: date, checked_by: str, by: Actor | None, now: datetime
) -> None:
    """Somebody compared it with its source again and nothing has changed. Never whoever wrote it."""
    with unit_of_work(by=by, now=now):
        row = _published(version)
        if not checked_by or checked_by == row.written_by:
            raise UnableToPublish(_("A second person must check the facts before a guide is published."))
        if checked_on < row.checked_on:
            raise UnableToPublish(_("It was read again on a later day already."))
        ProcedureVersion.objects.filter(pk=row.pk).update(checked_on=checked_on, checked_by=checked_by)
        _touch(now)


def _published(version: UUID) -> ProcedureVersion:
    row = (
        ProcedureVersion.objects.select_for_update().filter(pk=version, state=VersionState.PUBLISHED).first()
    )
    if row is None:
        raise UnableToPublish(_("This version is not published any more."))
    return row


def _touch(now: datetime) -> None:
    """The library has changed: the search must read it again. Names beside the files' own stamp."""
    Stamp.objects.update_or_create(name="published", defaults={"digest": digest_of(now.isoformat())})
