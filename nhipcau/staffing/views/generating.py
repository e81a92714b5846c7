"""Making the shifts of a period: which days and posts, a preview with every reason, then the shifts."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.shifts.queries import posts as posts_queries
from nhipcau.shifts.queries.shifts import planned_dates
from nhipcau.shifts.services import Dated
from nhipcau.shifts.services.shifts import generate_shifts
from nhipcau.staffing.forms.shifts import PeriodForm
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

# More rows than this are no preview that anybody reads.
MOST_ROWS = 400


@requires(Permission.ROSTER_EDIT)
def generate(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Asked with GET it previews; sent, it makes what is ticked."""
    actor, now = actor_in(request), clock.now()
    today = clock.local_date(now)
    team = posts_queries.get_roster_team(team_id, for_=actor, permission=Permission.ROSTER_EDIT)
    posts = list(posts_queries.post_list(actor, today=today, team=team))
    monday = today + timedelta(days=7 - today.weekday())
    initial = {"first": monday, "length": "14", "posts": [str(post.pk) for post in posts]}
    asked = "first" in request.GET
    form = PeriodForm(request.GET if asked else None, posts=posts, initial=initial)
    context = {"team": team, "form": form, "posts": posts, "may_edit": True, "section": "generate"}
    if not asked or not form.is_valid():
        return render(request, "staffing/generate.html", context)
    rules = list(posts_queries.rules_to_plan(team, [UUID(key) for key in form.cleaned_data["posts"]]))
    first, end = form.cleaned_data["first"], form.end
    if request.method == "POST":
        done = generate_shifts(
            by=actor,
            now=now,
            rules=rules,
            start=first,
            end=end,
            chosen=set(request.POST.getlist("date")),
            open_at_once=request.POST.get("act") == "open",
        )
        _say(request, len(done.made), len(done.left_out))
        return redirect(f"{reverse('staffing:week', args=[team_id])}?from={first:%Y-%m-%d}")
    dates = planned_dates(rules, start=first, end=end, now=now)
    if len(dates) > MOST_ROWS:
        form.add_error(None, _("These are more than 400 dates. Choose fewer posts or a shorter time."))
        return render(request, "staffing/generate.html", context)
    context |= {"days": _by_day(dates), "first": first, "last": end - timedelta(days=1), **_counts(dates)}
    return render(request, "staffing/preview.html", context)


def _by_day(dates: list[Dated]) -> list[tuple[object, list[Dated]]]:
    found: dict[object, list[Dated]] = {}
    for one in dates:
        found.setdefault(one.day, []).append(one)
    return list(found.items())


def _counts(dates: list[Dated]) -> dict[str, int]:
    ticked = sum(one.ticked for one in dates)
    return {
        "ticked": ticked,
        "left_out": len(dates) - ticked,
        "makeable": sum(one.can_be_made for one in dates),
    }


def _say(request: HttpRequest, made: int, left_out: int) -> None:
    if made:
        words = ngettext("%(count)s shift was made.", "%(count)s shifts were made.", made)
        messages.success(request, words % {"count": made})
    else:
        messages.info(request, _("No shift was made: nothing was ticked, or all were there already."))
    if left_out:
        words = ngettext(
            "%(count)s date could not be made any more.",
            "%(count)s dates could not be made any more.",
            left_out,
        )
        messages.warning(request, words % {"count": left_out})
