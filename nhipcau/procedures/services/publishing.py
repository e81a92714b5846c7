"""Putting a guide written here before the public, ending it, and saying that it was read again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.procedures import guide as engine
from nhipcau.procedures.enums import VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion, Stamp
from nhipcau.procedures.services.rows import contents_of, digest_of, write_header, write_version


class UnableToPublish(UnableTo):
    """The version cannot be put before the public as it is; nothing was changed."""

    code = "procedures.unable_to_publish"

    def __init__(self, message: Any, problems: tuple[engine.Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


def check_guide(content: dict[str, Any]) -> list[engine.Problem]:
    """Everything that keeps a guide (header and one version, as plain data) from being published."""
    return engine.lint(content)


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
    ship no longer change this procedure. Raises `UnableToPublish`: faults in the guide, one pair of
    eyes only, or a later version in the way.
    """
    if not written_by or not checked_by or written_by == checked_by:
        raise UnableToPublish(_("A second person must check the facts before a guide is published."))
    problems = tuple(check_guide(content))
    if problems:
        raise UnableToPublish(_("The guide still has faults."), problems)
    guide = engine.parse(content)
    with unit_of_work(by=by, now=now):
        procedure = write_header(guide)
        Procedure.objects.filter(pk=procedure.pk).update(kept_here=True)
        procedure.kept_here = True
        (single,) = contents_of(content).values()
        _make_room(procedure, area, guide.versions[0])
        version = _again(procedure, area, single, written_by=written_by, checked_by=checked_by, now=now)
        _touch(now)
    return version


def _make_room(procedure: Procedure, area: str, version: engine.Version) -> None:
    """Ends what is in force when this one begins; what begins later is left to a person."""
    begins = date.fromisoformat(version.valid_from)
    published = ProcedureVersion.objects.filter(procedure=procedure, area=area, state=VersionState.PUBLISHED)
    overlapping = published.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=begins))
    if version.valid_until:
        overlapping = overlapping.filter(valid_from__lt=date.fromisoformat(version.valid_until))
    if overlapping.filter(valid_from__gt=begins).exists():
        raise UnableToPublish(
            _(
                "A version that begins later is already published. "
                "Give this one an end date, or withdraw the other."
            )
        )
    overlapping.filter(valid_from=begins).update(state=VersionState.WITHDRAWN)
    overlapping.filter(valid_from__lt=begins).update(valid_until=begins)


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
    """The version is no longer shown; cases that rely on it keep it."""
    with unit_of_work(by=by, now=now):
        ProcedureVersion.objects.filter(pk=version, state=VersionState.PUBLISHED).update(
            state=VersionState.WITHDRAWN
        )
        _touch(now)


def confirm_version(
    *, version: UUID, checked_on: date, checked_by: str, by: Actor | None, now: datetime
) -> None:
    """Somebody compared it with its source again and nothing has changed."""
    with unit_of_work(by=by, now=now):
        ProcedureVersion.objects.filter(pk=version, state=VersionState.PUBLISHED).update(
            checked_on=checked_on, checked_by=checked_by
        )


def _touch(now: datetime) -> None:
    """The library has changed: the search must read it again. Names beside the files' own stamp."""
    Stamp.objects.update_or_create(name="published", defaults={"digest": digest_of(now.isoformat())})
