"""What a forecast of visitors suggests for the shifts of a point; the leader takes over row by row."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.roster.forms.demand import PerPersonForm
from nhipcau.roster.plan.visitors import Expected, Outlook, forecast_visitors, people_for
from nhipcau.roster.queries import demand as queries
from nhipcau.roster.rules.demand import LEAST_DAYS, USUAL_PER_PERSON, HalfDay, history_of
from nhipcau.roster.services import counts as services
from nhipcau.roster.views import EDIT
from nhipcau.roster.views.counting import LEARNT, here
from nhipcau.teams.access import actor_in
from nhipcau.volunteers.enums import DayPart

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A half-day with shifts: who is expected, how many people that needs, how many are wanted now."""

    day: date
    part: DayPart
    expected: Expected
    people: int
    served: queries.Served

    @property
    def key(self) -> str:
        return f"{self.day:%Y-%m-%d}-{self.part.value}"

    @property
    def changes(self) -> bool:
        """Whether accepting it changes anything."""
        return self.served.proposed(self.people) != self.served.needs[0].ideal


def _suggestions(
    outlook: Outlook, served: dict[HalfDay, queries.Served], per_person: int
) -> list[Suggestion]:
    """The half-days that have shifts and a forecast, in order."""
    return [
        Suggestion(*key, outlook.expected[key], people_for(outlook.expected[key].visitors, per_person), there)
        for key, there in served.items()
        if key in outlook.expected
    ]


@requires(EDIT)
def demand(request: HttpRequest, team_id: UUID, point_id: UUID) -> HttpResponse:
    """What a forecast suggests for the shifts of the next two weeks; the leader takes over row by row."""
    actor, now = actor_in(request), clock.now()
    today = clock.local_date(now)
    team, point = here(request, team_id, point_id)
    form = PerPersonForm(request.GET if "per" in request.GET else {"per": USUAL_PER_PERSON})
    start = today + timedelta(days=1)
    counted = queries.counts_of(point, start=today - LEARNT, end=today)
    sessions = queries.sessions_at(point, start=today - LEARNT, end=today)
    history = history_of({key: row.visitors for key, row in counted.items()}, sessions)
    rows: list[Suggestion] = []
    outlook = None
    if history.is_enough:
        outlook = forecast_visitors(history.values, start=start, end=start + AHEAD)
        served = queries.served_at(team, point, start=start, end=start + AHEAD)
        rows = _suggestions(outlook, served, form.per_person)
    if request.method == "POST":
        ticked = set(request.POST.getlist("half_day"))
        wanted = {(row.day, row.part): row.people for row in rows if row.key in ticked}
        number = services.accept_demand(by=actor, now=now, team=team, point=point, wanted=wanted)
        words = ngettext("%(count)s role was changed.", "%(count)s roles were changed.", number)
        messages.success(request, words % {"count": number})
        return redirect(request.get_full_path())
    context = {
        "team": team,
        "point": point,
        "form": form,
        "history": history,
        "least": LEAST_DAYS,
        "session_days": len({day for day, _part in sessions}),
        "outlook": outlook,
        "rows": rows,
        "may_edit": True,
        "section": "visitors",
    }
    return render(request, "roster/demand.html", context)
