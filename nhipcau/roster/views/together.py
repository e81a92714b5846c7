"""Proposals asked for together: how far they are, and publishing many at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.roster import services
from nhipcau.roster.enums import ProposalState
from nhipcau.roster.models import Proposal
from nhipcau.roster.queries import batches as queries
from nhipcau.roster.rules.proposals import reasons_of, waits_to_be_published
from nhipcau.roster.views import EDIT
from nhipcau.teams.access import actor_in

# A province has at most some 170 communes: all teams of most provinces stand on one page.
PAGE = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal in the list: whether it can be published, is proposed for it, and what speaks against it."""

    row: Proposal
    publishing: bool
    reasons: list[str]

    @property
    def can_be_published(self) -> bool:
        return self.row.state == ProposalState.READY and not self.publishing

    @property
    def changed(self) -> bool:
        """Nothing better is known than that something has changed."""
        return self.can_be_published and not self.reasons and bool(vars(self.row)["changed"])

    @property
    def uncovered(self) -> bool:
        return self.row.state == ProposalState.READY and bool(vars(self.row)["uncovered"])

    @property
    def ticked(self) -> bool:
        return self.can_be_published and not self.changed and not self.reasons


def _line(row: Proposal, now: datetime) -> Line:
    ready = row.state == ProposalState.READY
    publishing = ready and waits_to_be_published(row.publish_asked_at, now)
    left_out = ready and not publishing
    return Line(row, publishing, reasons_of(row.facts.get("refused", {}), row.version) if left_out else [])


@requires(EDIT)
@require_safe
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The proposals asked for together: how far they are, and which can be published."""
    actor, now = actor_in(request), clock.now()
    standing = queries.standing_of(batch_id, for_=actor, now=now)
    if not standing.total:
        raise Http404
    rows = queries.batch_list(batch_id, for_=actor, now=now)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [_line(row, now) for row in page]
    context = {
        "batch": batch_id,
        "page": page,
        "standing": standing,
        "lines": lines,
        # While rows still move, the page comes anew and would forget what was unticked.
        "may_publish": not standing.waiting and any(line.can_be_published for line in lines),
    }
    return render(request, "roster/batch.html", context)


@requires(EDIT)
@require_POST
def publish_together(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Each tick says what was seen: the proposal and its version. A worker publishes them one by one."""
    actor, now = actor_in(request), clock.now()
    if not queries.of_batch(batch_id, for_=actor).exists():
        raise Http404
    seen = dict(_seen(text) for text in request.POST.getlist("chosen")[:PAGE])
    number = services.ask_to_publish(by=actor, now=now, batch=batch_id, seen=seen)
    if number:
        words = ngettext(
            "%(count)s roster is being published.", "%(count)s rosters are being published.", number
        )
        messages.success(request, words % {"count": number})
    else:
        messages.warning(request, _("Nothing was published: nothing was ticked that is still ready."))
    return redirect("roster:proposal_batch", batch_id=batch_id)


def _seen(text: str) -> tuple[UUID, int]:
    name, _colon, version = text.partition(":")
    try:
        return UUID(name), int(version)
    except ValueError:
        raise Http404 from None
