"""The list of guides as officials see it: in which state, how long ago compared with its sources."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from nhipcau.authoring.models import OPEN, Draft
from nhipcau.authoring.queries.drafts import reach_of
from nhipcau.core.scope import Actor
from nhipcau.procedures.enums import ProcedureState, VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion
from nhipcau.teams.enums import Permission

DAYS_IN_MONTH = 30.44


@dataclass(frozen=True)
class GuideRow:
    """One guide in one place: the version in force (or None), its open draft and what files offer."""

    procedure: Procedure
    area: str
    version: ProcedureVersion | None
    days: int | None
    draft: Draft | None
    offered: list[ProcedureVersion] = field(default_factory=list)

    def older_than(self, months: int) -> bool:
        return self.days is not None and self.days >= round(months * DAYS_IN_MONTH)


def open_drafts(actor: Actor) -> QuerySet[Draft]:
    """Drafts of one's own places that wait for something, the latest change first."""
    return (
        Draft.objects.filter(_area(actor, "area"), state__in=OPEN)
        .select_related("written_by", "checked_by")
        .order_by("-updated_at", "-id")
    )


def _area(actor: Actor, path: str, *, nation_too: bool = False) -> Q:
    """Whose guides: all for the nation; else those of one's provinces, and the nation's to begin from."""
    reach = reach_of(actor, Permission.AUTHORING_WRITE)
    if reach.nation:
        return Q()
    return Q(**{f"{path}__in": [*reach.provinces, *([""] if nation_too else [])]})


def guide_rows(actor: Actor, *, today: date, months: int | None = None, text: str = "") -> list[GuideRow]:
    """Every guide, and versions of one's own provinces; with `months`, those not read again for so long.

    Four queries whatever the number of guides.
    """
    procedures = list(
        Procedure.objects.filter(state=ProcedureState.CURRENT).order_by("life_event", "code", "slug")
    )
    newest = _newest(
        ProcedureVersion.objects.filter(_area(actor, "area", nation_too=True), state=VersionState.PUBLISHED),
        today,
    )
    offered: dict[str, list[ProcedureVersion]] = {}
    for news in ProcedureVersion.objects.filter(state=VersionState.DRAFT, area="").order_by("id"):
        offered.setdefault(news.procedure_id, []).append(news)
    drafts = {(draft.procedure, draft.area): draft for draft in open_drafts(actor)}
    rows = []
    for procedure in procedures:
        places = [area for slug, area in newest if slug == procedure.pk]
        for area in sorted({"", *places}):
            version = newest.get((procedure.pk, area))
            days = (today - version.checked_on).days if version else None
            draft = drafts.get((procedure.pk, area))
            found = offered.get(procedure.pk, []) if not area else []
            rows.append(GuideRow(procedure, area, version, days, draft, found))
    return _chosen(rows, months, text)


def _newest(versions: QuerySet[ProcedureVersion], today: date) -> dict[tuple[str, str], ProcedureVersion]:
    """For each procedure and place the version in force; else the next one; else the last."""
    found: dict[tuple[str, str], ProcedureVersion] = {}
    ordered = sorted(
        versions.defer("guide"),
        key=lambda row: (row.in_force(today), row.valid_from <= today, row.valid_from, str(row.pk)),
    )
    for version in ordered:
        found[version.procedure_id, version.area] = version
    return found


def _chosen(rows: Iterable[GuideRow], months: int | None, text: str) -> list[GuideRow]:
    words = text.casefold().split()
    found = [
        row
        for row in rows
        if all(
            word in f"{row.procedure.name} {row.procedure.code} {row.procedure.pk}".casefold()
            for word in words
        )
    ]
    if months is None:
        return found
    old = [row for row in found if row.older_than(months)]
    return sorted(old, key=lambda row: (-(row.days or 0), row.procedure.pk, row.area))


def versions_of(procedure: Procedure, actor: Actor, *, today: date) -> list[ProcedureVersion]:
    """All versions of a guide that one may see, those still to count first, the latest first."""
    rows = ProcedureVersion.objects.filter(_area(actor, "area", nation_too=True), procedure=procedure)
    order = {VersionState.PUBLISHED: 0, VersionState.DRAFT: 1}
    return sorted(
        rows.order_by("-valid_from", "-id")[:60],
        key=lambda row: (
            order.get(VersionState(row.state), 2),
            row.valid_until is not None and row.valid_until <= today,
        ),
    )
