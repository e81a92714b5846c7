"""Beginning a draft: from what is published, from what a file offers, or from nothing."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.authoring.enums import Act
from nhipcau.authoring.models import OPEN, Draft
from nhipcau.authoring.queries.drafts import reach_of
from nhipcau.authoring.services.steps import note_step
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.core.text import fold
from nhipcau.procedures.enums import VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion
from nhipcau.procedures.queries import content_of, published_versions
from nhipcau.teams.enums import Permission


class UnableToStart(UnableTo):
    """No draft can be begun here, or one is already open. `draft` is then that one."""

    code = "authoring.unable_to_start"

    def __init__(self, message: Any, draft: UUID | None = None) -> None:
        super().__init__(message)
        self.draft = draft


def start_draft(*, version: ProcedureVersion, area: str, by: Actor, now: datetime) -> Draft:
    """A draft for a place (`area` empty: the country) with the words of a version."""
    procedure = version.procedure
    content = content_of(version) | {"keywords": procedure.keywords}
    based_on: ProcedureVersion | None = version
    if version.state != VersionState.PUBLISHED:
        # What a file offers is compared with what people see now.
        based_on = published_versions(procedure.pk, version.area).last()
    return _start(procedure.pk, area, content, based_on=based_on, by=by, now=now)


def start_guide(
    *,
    name: dict[str, str],
    kind: str,
    life_event: str,
    code: str,
    area: str,
    by: Actor,
    now: datetime,
) -> Draft:
    """The first draft of a guide that does not exist yet. Its short name comes from the English name."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(name.get("en") or name["vi"])).strip("-")[:60].strip("-")
    if not slug or not slug[0].isalpha():
        raise UnableToStart(_("Write the name with letters."))
    if Procedure.objects.filter(pk=slug).exists() or (code and Procedure.objects.filter(code=code).exists()):
        raise UnableToStart(_("There is already a guide with this name or code. Change that one."))
    content = {
        "schema": 1,
        "slug": slug,
        "code": code,
        "kind": kind,
        "life_event": life_event,
        "name": name,
        "official_name": "",
        "keywords": {"vi": [], "en": [], "th": []},
        "replaces": [],
        "see_also": [],
        "versions": [
            {"valid_from": local_date(now).isoformat(), "valid_until": None, "online": "unknown"}
            | {key: [] for key in _LISTS}
        ],
    }
    return _start(slug, area, content, based_on=None, by=by, now=now)


_LISTS = (
    "sources", "facts", "requirements", "fees", "time_limits", "channels", "steps", "warnings", "ask_officer"
)  # fmt: skip


def _start(
    slug: str,
    area: str,
    content: dict[str, Any],
    *,
    based_on: ProcedureVersion | None,
    by: Actor,
    now: datetime,
) -> Draft:
    if not reach_of(by, Permission.AUTHORING_WRITE).covers(area):
        raise UnableToStart(_("You cannot write a guide for this place."))
    with unit_of_work(by=by, now=now):
        try:
            with transaction.atomic():
                draft = Draft.objects.create(
                    procedure=slug,
                    area=area,
                    content=content,
                    based_on=based_on,
                    written_by_id=by.id,
                    editors=[by.id],
                    created_at=now,
                    updated_at=now,
                )
        except IntegrityError as error:
            other = Draft.objects.filter(procedure=slug, area=area, state__in=OPEN).first()
            raise UnableToStart(
                _("There is already an open draft of this guide. Go on with that one."),
                other.pk if other else None,
            ) from error
        note_step(draft, Act.BEGUN, by=by, now=now)
    return draft
