"""The receiving leader puts the agreed people on shifts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.reinforcement import queries, services
from nhipcau.reinforcement.enums import OfferState
from nhipcau.reinforcement.forms import PutOnForm
from nhipcau.reinforcement.views.requests import render_request, shift_label
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups.models import SignUp
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member


@requires(Permission.REINFORCEMENT_ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def put_on(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Shift by shift: who of those who said yes comes."""
    actor, now = actor_in(request), clock.now()
    offer = queries.get_offer(offer_id, for_=actor)
    if not queries.can_answer_for(actor, offer.request.team):
        raise Http404
    if offer.state not in (OfferState.AGREED, OfferState.SENT):
        return render_request(
            request, offer.request, error=_("Both sides have to say yes first."), status=409
        )
    needs, people = queries.needs_of(offer.request, now), queries.coming(offer)
    error = ""
    if request.method == "POST":
        places = [(f"{need.pk}:{one.pk}", one.name) for need in needs for one in people]
        form = PutOnForm(request.POST, places=places)
        if form.is_valid():
            pairs = [tuple(map(UUID, place.split(":"))) for place in form.cleaned_data["places"]]
            try:
                done, refused = services.put_on_shifts(
                    offer_id=offer_id, places=[(pair[0], pair[1]) for pair in pairs], by=actor, now=now
                )
            except UnableTo as refusal:
                error = str(refusal)
            else:
                _say(request, done, refused, {one.pk: one.name for one in people}, needs)
                return redirect("reinforcement:put_on", offer_id=offer_id)
        else:
            error = _("Tick at least one person.")
    duties = queries.duties_of([one.pk for one in people], offer.request)
    # What was ticked stays ticked; one person for one place is ticked from the first.
    alone = [f"{needs[0].pk}:{people[0].pk}"] if len(needs) == len(people) == 1 else []
    context = {
        "offer": offer,
        "error": error,
        "lines": _lines(needs, people, duties),
        "people": people,
        "chosen": request.POST.getlist("places") if request.method == "POST" else alone,
    }
    return render(request, "reinforcement/put_on.html", context, status=422 if error else 200)


def _say(
    request: HttpRequest,
    done: int,
    refused: Sequence[services.Refused],
    names: Mapping[UUID, str],
    needs: Sequence[ShiftNeed],
) -> None:
    if done:
        words = ngettext("%(count)d place is filled.", "%(count)d places are filled.", done)
        messages.success(request, words % {"count": done})
    shifts = {need.pk: shift_label(need.shift) for need in needs}
    for one in refused:
        messages.error(request, f"{names[one.member]} – {shifts[one.need]}: {one.why}")


def _lines(
    needs: Sequence[ShiftNeed], people: Sequence[Member], duties: Mapping[UUID, Sequence[SignUp]]
) -> list[dict[str, Any]]:
    return [
        {
            "need": need,
            "label": shift_label(need.shift),
            "people": [_person(need, one, duties.get(one.pk, ())) for one in people],
        }
        for need in needs
    ]


def _person(need: ShiftNeed, member: Member, duties: Sequence[SignUp]) -> dict[str, Any]:
    shift = need.shift
    return {
        "member": member,
        "value": f"{need.pk}:{member.pk}",
        "on": any(duty.shift_id == shift.pk for duty in duties),
        "elsewhere": any(
            duty.shift_id != shift.pk and duty.starts_at < shift.ends_at and shift.starts_at < duty.ends_at
            for duty in duties
        ),
    }
