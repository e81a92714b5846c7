"""States of proposed rosters and where their duties come from."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProposalState(TextChoices):
    """A roster that the computer proposes and the leader decides on."""

    QUEUED = "queued", _("Waiting to start")
    SOLVING = "solving", _("Being worked out")
    READY = "ready", _("Ready to look at")
    FAILED = "failed", _("Could not be worked out")
    PUBLISHED = "published", _("Published")
    DISCARDED = "discarded", _("Discarded")


class DutySource(TextChoices):
    """Who put a duty into a proposal."""

    KEPT = "kept", _("Was there before")
    SOLVER = "solver", _("Proposed")
    HAND = "hand", _("Changed by hand")


class CountSource(TextChoices):
    """Where a number of visitors comes from."""

    COUNTED = "counted", _("Counted at the post")
    TICKETS = "tickets", _("Queue tickets")
    ESTIMATE = "estimate", _("Estimated by the leader")
