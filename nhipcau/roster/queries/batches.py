"""Reading proposals asked for together: how far they are, and what publishing them would meet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from nhipcau.core.scope import Actor
from nhipcau.roster.enums import ProposalState
from nhipcau.roster.models import Proposal, ProposedDuty
from nhipcau.roster.rules.proposals import LOST
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups.models import SignUp
from nhipcau.teams.enums import Permission


@dataclass(frozen=True, slots=True)
class Standing:
    """How many proposals of a batch are how far. Who `changed` is not counted as `uncovered` too."""

    total: int
    working: int
    publishing: int
    sound: int
    uncovered: int
    changed: int
    published: int
    failed: int

    @property
    def done(self) -> int:
        """Worked out, or given up."""
        return self.total - self.working

    @property
    def waiting(self) -> int:
        """Something moves by itself: the page asks again."""
        return self.working + self.publishing


def of_batch(batch: UUID, *, for_: Actor) -> QuerySet[Proposal]:
    """The proposals asked for together, of the actor's teams."""
    return Proposal.objects.visible_to(for_, Permission.ROSTER_EDIT).filter(batch=batch)


def batch_list(batch: UUID, *, for_: Actor, now: datetime) -> QuerySet[Proposal]:
    """The proposals of a batch by place, each with its places `filled`, whether the draft leaves places
    below the least number (`uncovered`), and whether something `changed` since it was begun: sign-ups,
    shifts, or whatever kept this version from being published.
    """
    duties = ProposedDuty.objects.filter(proposal=OuterRef("pk"))
    rows = _judged(of_batch(batch, for_=for_), now).annotate(filled=_number(duties, "proposal"))
    return rows.select_related("team", "commune").order_by("commune__search_key", "team__name", "id")


def standing_of(batch: UUID, *, for_: Actor, now: datetime) -> Standing:
    """How far a batch is: one query."""
    ready = Q(state=ProposalState.READY)
    asked = Q(publish_asked_at__gt=now - LOST)
    idle = ready & ~asked
    numbers: dict[str, int] = _judged(of_batch(batch, for_=for_), now).aggregate(
        total=Count("pk"),
        working=Count("pk", filter=Q(state__in=(ProposalState.QUEUED, ProposalState.SOLVING))),
        publishing_now=Count("pk", filter=ready & asked),
        sound=Count("pk", filter=idle & Q(changed=False, uncovered=False)),
        uncovered_only=Count("pk", filter=idle & Q(changed=False, uncovered=True)),
        changed_since=Count("pk", filter=idle & Q(changed=True)),
        published=Count("pk", filter=Q(state=ProposalState.PUBLISHED)),
        failed=Count("pk", filter=Q(state=ProposalState.FAILED)),
    )
    return Standing(
        publishing=numbers.pop("publishing_now"),
        uncovered=numbers.pop("uncovered_only"),
        changed=numbers.pop("changed_since"),
        **numbers,
    )


def _judged(rows: QuerySet[Proposal], now: datetime) -> QuerySet[Proposal]:
    own = {
        "shift__team": OuterRef("team"),
        "shift__day__gte": OuterRef("starts_on"),
        "shift__day__lt": OuterRef("ends_on"),
        "shift__starts_at__gt": now,
    }
    on = ProposedDuty.objects.filter(proposal=OuterRef(OuterRef("pk")), need=OuterRef("pk"))
    open_needs = ShiftNeed.objects.filter(**own).exclude(shift__state=ShiftState.CANCELLED)
    short = open_needs.annotate(on=_number(on, "need")).filter(minimum__gt=F("on"))
    signed = SignUp.objects.filter(**own, changed_at__gt=OuterRef("started_at"))
    gone = ProposedDuty.objects.filter(
        Q(need__shift__state=ShiftState.CANCELLED) | Q(need__shift__starts_at__lte=now),
        proposal=OuterRef("pk"),
    )
    refused = Coalesce(Cast(KT("facts__refused__version"), IntegerField()), 0)
    return rows.alias(refused=refused).annotate(
        uncovered=Exists(short), changed=Exists(signed) | Exists(gone) | Q(refused=F("version"))
    )


def _number(rows: QuerySet[ProposedDuty], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
