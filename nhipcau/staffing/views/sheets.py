"""Shifts as spreadsheets: a period with its cover and names out, a list of shifts in."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.fields import MOST_FAULTS, FileForm, read_week
from nhipcau.core.sheets import Sheet, write_book
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.shifts.queries import posts as posts_queries
from nhipcau.shifts.queries import shifts as queries
from nhipcau.shifts.services import cover_of
from nhipcau.signups.queries.people import people_on
from nhipcau.staffing.services.sheets import SHIFT_COLUMNS, import_shifts
from nhipcau.staffing.views.posts import EDIT, VIEW
from nhipcau.teams.access import actor_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Four weeks from the Monday shown.
PERIOD = timedelta(days=28)


def _book(name: str, sheet: Sheet) -> HttpResponse:
    response = HttpResponse(write_book([sheet]), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _titles() -> list[str]:
    return [str(column.title) for column in SHIFT_COLUMNS]


def _cells(shift: Shift, need: ShiftNeed) -> list[object]:
    """A role of a shift in the columns that can be read in again."""
    begins, ends = localtime(shift.starts_at), localtime(shift.ends_at)
    spoken = "; ".join(f"{code} ({level})" for code, level in need.languages.items())
    return [
        shift.day,
        begins.time(),
        ends.time(),
        shift.post.name,
        need.title,
        need.minimum,
        need.ideal,
        need.maximum,
        "; ".join(need.qualifications),
        spoken,
    ]


@requires(VIEW)
@require_safe
def export_shifts(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Four weeks of shifts with their cover and who is on them."""
    team = posts_queries.get_roster_team(team_id, for_=actor_in(request))
    monday = read_week(request.GET.get("from", ""), today=clock.local_date(clock.now()))
    shifts = list(queries.team_shifts(team, start=monday, end=monday + PERIOD))
    people: dict[UUID, list[str]] = {}
    for row in people_on([shift.pk for shift in shifts]):
        people.setdefault(row.need_id, []).append(str(row.member))
    rows = [
        [
            *_cells(shift, need),
            shift.get_state_display(),
            need.taken,
            cover_of(need).label if shift.state != "cancelled" else shift.get_reason_display(),
            "; ".join(people.get(need.pk, [])),
        ]
        for shift in shifts
        for need in shift.needs.all()
    ]
    titles = [*_titles(), _("State"), _("Places taken"), _("Cover"), _("Names")]
    return _book(f"shifts-{monday:%Y-%m-%d}", Sheet(_("Shifts"), titles, rows))


@requires(EDIT)
@require_safe
def shift_template(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """An empty list with the right columns and one line to show how."""
    team = posts_queries.get_roster_team(team_id, for_=actor_in(request), permission=EDIT)
    today = clock.local_date(clock.now())
    post = posts_queries.posts_of_team(team, today=today).first()
    name = post.name if post else _("Help desk")
    example: list[object] = [
        today + timedelta(days=7),
        "7:00",
        "11:30",
        name,
        _("Volunteer"),
        1,
        2,
        3,
        "",
        "kpm",
    ]
    notes = [
        _("Write over the example row. One role of one shift a row."),
        _("Several skills or languages: with a semicolon between."),
    ]
    return _book("shifts", Sheet(_("Shifts"), _titles(), [example], notes))


@requires(EDIT)
def import_list(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """A list comes in: every wrong row is told and nothing saved, or all become drafts."""
    actor, now = actor_in(request), clock.now()
    team = posts_queries.get_roster_team(team_id, for_=actor, permission=EDIT)
    form = FileForm(request.POST or None, request.FILES or None)
    context = {"form": form, "team": team, "may_edit": True, "section": "week", "columns": _titles()}
    if request.method == "POST" and form.is_valid():
        try:
            done = import_shifts(by=actor, now=now, team=team, file=form.cleaned_data["file"])
        except UnableTo as error:
            form.add_error("file", str(error))
        else:
            if done.first is not None:
                words = ngettext(
                    "%(count)s shift is prepared. Look at it and open the week.",
                    "%(count)s shifts are prepared. Look at them and open each week.",
                    done.shifts,
                )
                messages.success(request, words % {"count": done.shifts})
                return redirect(f"{reverse('staffing:week', args=[team_id])}?from={done.first:%Y-%m-%d}")
            rows = len({fault.row for fault in done.faults})
            context |= {"faults": done.faults[:MOST_FAULTS], "wrong": rows, "all": len(done.faults)}
    status = 422 if form.errors or "faults" in context else 200
    return render(request, "staffing/import.html", context, status=status)
