"""Pages of shifts for those who run the roster: a team's week, one shift, its times, seats and end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.fields import WEEK, read_week
from nhipcau.shifts.enums import Reason, ShiftState
from nhipcau.shifts.models import Closure, Post, Shift, ShiftNeed
from nhipcau.shifts.queries import posts as posts_queries
from nhipcau.shifts.queries import shifts as queries
from nhipcau.shifts.services import (
    closure_on,
    cover_of,
    cover_of_all,
    holidays_between,
    worked_in_lieu,
)
from nhipcau.shifts.services.posts import spec_of
from nhipcau.shifts.services.shifts import open_shifts
from nhipcau.signups.queries.people import expected_on, people_on
from nhipcau.staffing.forms.posts import NeedForm
from nhipcau.staffing.forms.shifts import CallOffForm, MoveForm
from nhipcau.staffing.services import changing
from nhipcau.staffing.views.posts import EDIT, VIEW, may_edit
from nhipcau.teams.access import actor_in

# Columns of the grid; a team with more posts turns pages.
POSTS = 6


@dataclass(frozen=True, slots=True)
class Cell:
    """A shift in the grid with each role's cover."""

    shift: Shift
    needs: list[tuple[ShiftNeed, str, str]]
    cover: str

    @property
    def is_draft(self) -> bool:
        return self.shift.state == ShiftState.DRAFT

    @property
    def is_off(self) -> bool:
        return self.shift.state == ShiftState.CANCELLED


def cell_of(shift: Shift) -> Cell:
    """A shift with its needs read."""
    needs = list(shift.needs.all())
    covers = [(need, cover_of(need)) for need in needs]
    shown = [(need, cover.value, str(cover.label)) for need, cover in covers]
    return Cell(shift, shown, cover_of_all(needs).value)


@dataclass(frozen=True, slots=True)
class Day:
    """A row of the grid: the day, its holiday or the day off it is worked for, and per post what closes it
    and its shifts.
    """

    day: date
    today: bool
    holiday: str
    in_lieu_of: date | None
    columns: list[tuple[Post, Closure | None, list[Cell]]]


def _days(
    monday: date, posts: list[Post], shifts: Iterable[Shift], closures: list[Closure], today: date
) -> list[Day]:
    there: dict[tuple[date, UUID], list[Cell]] = {}
    for shift in shifts:
        there.setdefault((shift.day, shift.post_id), []).append(cell_of(shift))
    holidays, in_lieu = holidays_between(monday, monday + WEEK), worked_in_lieu(monday, monday + WEEK)
    return [
        Day(
            day,
            day == today,
            holidays.get(day, ""),
            in_lieu.get(day),
            [
                (
                    post,
                    closure_on(closures, commune=post.commune_id, point=post.point_id, day=day),
                    there.get((day, post.pk), []),
                )
                for post in posts
            ],
        )
        for day in (monday + timedelta(days=offset) for offset in range(7))
    ]


@requires(VIEW)
@require_safe
def week(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Days and posts of a team, each shift with its cover; of one post with `?post=`."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    team = posts_queries.get_roster_team(team_id, for_=actor)
    monday = read_week(request.GET.get("from", ""), today=today)
    posts = list(posts_queries.post_list(actor, today=monday, team=team))
    one = next((post for post in posts if str(post.pk) == request.GET.get("post")), None)
    page = Paginator([one] if one else posts, POSTS).get_page(request.GET.get("page"))
    shifts = list(queries.team_shifts(team, start=monday, end=monday + WEEK, posts=[p.pk for p in page]))
    closures = list(queries.closures_over([team.commune_id], start=monday, end=monday + WEEK))
    context = {
        "team": team,
        "section": "week",
        "may_edit": may_edit(request, team),
        "posts": posts,
        "one": one,
        "page": page,
        "days": _days(monday, list(page), shifts, closures, today),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - WEEK,
        "after": monday + WEEK,
        "drafts": sum(shift.state == ShiftState.DRAFT for shift in shifts),
        "short": sum(_is_short(shift) for shift in shifts),
        "shown": len(shifts),
        "shifts": shifts,
    }
    return render(request, "staffing/week.html", context)


def _is_short(shift: Shift) -> bool:
    return shift.state != ShiftState.CANCELLED and cover_of_all(shift.needs.all()) == "short"


def week_address(shift: Shift) -> str:
    """The week of a shift's team that holds the shift."""
    return f"{reverse('staffing:week', args=[shift.team_id])}?{urlencode({'from': shift.day.isoformat()})}"


@requires(EDIT)
@require_POST
def open_week(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Volunteers see the prepared shifts of a week from now on; only those of one post with `post`."""
    actor, now = actor_in(request), clock.now()
    team = posts_queries.get_roster_team(team_id, for_=actor, permission=EDIT)
    monday = read_week(request.POST.get("from", ""), today=clock.local_date(now))
    wanted = request.POST.get("post", "")
    known = {str(one.pk): one.pk for one in posts_queries.posts_of_team(team, today=monday)}
    if wanted and wanted not in known:
        raise Http404
    post = known.get(wanted)
    count = open_shifts(by=actor, now=now, team=team, start=monday, end=monday + WEEK, post=post)
    words = ngettext("%(count)s shift is open now.", "%(count)s shifts are open now.", count)
    messages.success(request, words % {"count": count})
    return redirect(f"{reverse('staffing:week', args=[team_id])}?{urlencode({'from': monday.isoformat()})}")


@requires(VIEW)
@require_safe
def shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """One shift: its roles, who is on it, and what the leader can do."""
    found = queries.get_shift(shift_id, for_=actor_in(request))
    people: dict[UUID, list[Any]] = {}
    for row in people_on([found.pk]):
        people.setdefault(row.need_id, []).append(row)
    cell = cell_of(found)
    posts_queries.say_what_is_asked(need for need, _cover, _words in cell.needs)
    context = {
        "shift": found,
        "team": found.team,
        "cell": cell,
        "rows": [(need, cover, words, people.get(need.pk, [])) for need, cover, words in cell.needs],
        "may_edit": may_edit(request, found.team),
        "changeable": not cell.is_off and found.starts_at > clock.now(),
        "back": week_address(found),
        "section": "week",
    }
    return render(request, "staffing/shift.html", context)


@requires(EDIT)
def move_shift(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Other times on the same day, and a note."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_shift(shift_id, for_=actor, permission=EDIT)
    as_it_is = {
        "starts": localtime(found.starts_at).time(),
        "ends": localtime(found.ends_at).time(),
        "note": found.note,
    }
    form = MoveForm(request.POST or None, initial=as_it_is)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            changing.move_shift(
                by=actor,
                now=now,
                shift=found,
                starts=values["starts"],
                ends=values["ends"],
                note=values["note"],
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Those on the shift are told of new times."))
            return redirect("staffing:shift", shift_id)
    people = expected_on([found.pk]).count()
    return render(request, "staffing/move_shift.html", {"form": form, "shift": found, "people": people})


def _seats_page(request: HttpRequest, found: Shift, need: ShiftNeed | None) -> HttpResponse:
    actor, now = actor_in(request), clock.now()
    choices = list(posts_queries.qualifications_for(found.commune.parent_id or ""))
    initial = NeedForm.initial_of(spec_of(need)) if need else {}
    form = NeedForm(request.POST or None, qualifications=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        spec = form.spec(need.pk if need else None)
        try:
            changing.set_seats(by=actor, now=now, shift=found, need=spec)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("staffing:shift", found.pk)
    return render(request, "staffing/seats.html", {"form": form, "shift": found, "need": need})


@requires(EDIT)
def new_seats(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """One more role on this shift only."""
    return _seats_page(request, queries.get_shift(shift_id, for_=actor_in(request), permission=EDIT), None)


@requires(EDIT)
def edit_seats(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """How many of whom on this shift only."""
    need = queries.get_shift_need(need_id, for_=actor_in(request), permission=EDIT)
    return _seats_page(request, need.shift, need)


@requires(EDIT)
def call_off(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """A shift does not take place, after a reason; people on it are told."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_shift(shift_id, for_=actor, permission=EDIT)
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people = changing.call_off(
                by=actor, now=now, shift=found, reason=Reason(form.cleaned_data["reason"])
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            words = ngettext(
                "The shift is called off. %(count)s person was told.",
                "The shift is called off. %(count)s people were told.",
                people,
            )
            messages.success(request, words % {"count": people})
            return redirect("staffing:shift", shift_id)
    context = {"form": form, "shift": found, "people": list(expected_on([found.pk]))}
    return render(request, "staffing/call_off.html", context)
