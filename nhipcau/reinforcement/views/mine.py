"""Where a volunteer is asked in person to help elsewhere: their own yes or no."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.reinforcement import queries, services
from nhipcau.reinforcement.forms import AnswerForm
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.volunteers.enums import DayPart


@requires(Permission.ROSTER_SIGN_UP)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Every place where I am asked to help, soonest first."""
    rows = [
        (row, [part.label for part in DayPart if part in row.offer.request.parts])
        for row in queries.offers_to_answer(actor_in(request))
    ]
    return render(request, "reinforcement/mine.html", {"rows": rows})


@requires(Permission.ROSTER_SIGN_UP)
@require_POST
def answer(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """My yes or no."""
    actor = actor_in(request)
    queries.get_own_place(person_id, for_=actor)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Press yes or no."))
        return redirect("reinforcement:mine")
    yes = form.cleaned_data["answer"] == "yes"
    try:
        services.answer_for_oneself(person_id=person_id, yes=yes, by=actor, now=clock.now())
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        thanks = _("Thank you. You will be told your shifts.") if yes else _("Thank you for answering.")
        messages.success(request, thanks)
    return redirect("reinforcement:mine")
