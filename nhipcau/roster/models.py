"""Rosters that the computer proposes: the draft a leader edits, locks, solves again and publishes;
and the counts of visitors that demand is foreseen from.
"""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from nhipcau.audit.models import audited
from nhipcau.core.constraints import known
from nhipcau.core.ids import new_id
from nhipcau.core.scope import PlaceScoped, ScopedQuerySet
from nhipcau.roster.enums import CountSource, DutySource, ProposalState
from nhipcau.shifts.models.shifts import ShiftNeed
from nhipcau.volunteers.enums import DayPart


class Proposal(PlaceScoped):
    """A proposed roster of a team from a day until, not including, another.

    `batch` joins the proposals asked for together (all teams of a province). `asked` holds what was wished:
    who is away, who is kept off which shift, whether only the fewest changes are wanted. `facts` holds what
    the solver said of its answer: objective by part, bound, seconds. `version` counts the changes, so that
    two leaders do not overwrite each other; `heard_at` is when the run last said that it is alive;
    `publish_asked_at` is since when it waits to be published with others of its batch.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey("teams.Team", on_delete=models.PROTECT, related_name="proposals")
    batch = models.UUIDField(null=True, blank=True, db_index=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.QUEUED)
    seed = models.PositiveIntegerField(default=1)
    seconds = models.PositiveSmallIntegerField(default=30)
    # Asked for by a person while it runs: the best answer so far is taken.
    stop_asked = models.BooleanField(default=False)
    asked = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    tries = models.PositiveSmallIntegerField(default=0)
    heard_at = models.DateTimeField(null=True, blank=True)
    message = models.CharField(max_length=300, blank=True, default="")
    made_by = models.ForeignKey("teams.Member", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    publish_asked_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet["Proposal"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "made_at"], name="roster_proposal_team")]
        constraints = [
            known("state", ProposalState),
            models.CheckConstraint(name="roster_proposal_days", condition=Q(ends_on__gt=F("starts_on"))),
        ]
        triggers = audited("team_id", "starts_on", "ends_on", "state", "stop_asked")

    def __str__(self) -> str:
        return f"{self.team_id} {self.starts_on} {self.state}"

    @property
    def last_on(self) -> date:
        """The last day, included, as people say it."""
        return self.ends_on - timedelta(days=1)


class ProposedDuty(models.Model):
    """One member on one need of a proposal. Locked, it stays when the rest is worked out again."""

    unit_path = "proposal__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="duties")
    need = models.ForeignKey(ShiftNeed, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("teams.Member", on_delete=models.PROTECT, related_name="+")
    locked = models.BooleanField(default=False)
    source = models.CharField(max_length=6, choices=DutySource, default=DutySource.SOLVER)

    class Meta:
        constraints = [
            known("source", DutySource),
            models.UniqueConstraint(fields=["proposal", "need", "member"], name="roster_duty_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.need_id}"


class VisitorCount(models.Model):
    """How many people came to a point in a part of a day: what a forecast of demand learns from."""

    unit_path = "point__commune"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey("places.ServicePoint", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    part = models.CharField(max_length=10, choices=DayPart)
    visitors = models.PositiveIntegerField()
    source = models.CharField(max_length=8, choices=CountSource, default=CountSource.COUNTED)

    class Meta:
        constraints = [
            known("part", DayPart),
            known("source", CountSource),
            models.UniqueConstraint(fields=["point", "day", "part"], name="roster_count_once"),
            models.CheckConstraint(name="roster_count_sane", condition=Q(visitors__lte=5000)),
        ]
        triggers = audited("point_id", "day", "part", "visitors", "source")

    def __str__(self) -> str:
        return f"{self.point_id} {self.day} {self.part}: {self.visitors}"
