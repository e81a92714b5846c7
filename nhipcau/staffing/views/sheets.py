"""Shifts as spreadsheets: a period with its cover and names out; the same, or a new list, in."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.fields import MOST_FAULTS, FileForm, read_week
from nhipcau.core.sheets import Sheet, write_book
from nhipcau.shifts.queries import posts as posts_queries
from nhipcau.shifts.queries import shifts as queries
from nhipcau.signups.queries.people import people_on
from nhipcau.staffing.services.sheets import SHIFT_COLUMNS, Imported, exported, import_shifts, titles
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


@requires(VIEW)
@require_safe
def export_shifts(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Four weeks of shifts with their cover and who is on them; it can be changed and come in again."""
    team = posts_queries.get_roster_team(team_id, for_=actor_in(request))
    monday = read_week(request.GET.get("from", ""), today=clock.local_date(clock.now()))
    shifts = list(queries.team_shifts(team, start=monday, end=monday + PERIOD))
    people: dict[UUID, list[str]] = {}
    for row in people_on([shift.pk for shift in shifts]):
        people.setdefault(row.need_id, []).append(str(row.member))
    sheet = Sheet(_("Shifts"), titles(), list(exported(shifts, people)))
    return _book(f"shifts-{monday:%Y-%m-%d}", sheet)


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
    """A table comes in: every wrong row is told and nothing saved, or all of it is done."""
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
            if not done.faults and not done.passed:
                messages.success(request, " ".join(_words(done)))
                return redirect(_next(team_id, done))
            rows = len({fault.row for fault in done.faults})
            context |= {"faults": done.faults[:MOST_FAULTS], "wrong": rows, "all": len(done.faults)}
            context |= {"done": _words(done), "passed": done.passed, "next": _next(team_id, done)}
    status = 422 if form.errors or context.get("faults") else 200
    return render(request, "staffing/import.html", context, status=status)


def _words(done: Imported) -> list[str]:
    """What was done, in sentences."""
    made = ngettext(
        "%(count)s shift is prepared. Look at it and open the week.",
        "%(count)s shifts are prepared. Look at them and open each week.",
        done.made,
    )
    changed = ngettext("%(count)s shift was changed.", "%(count)s shifts were changed.", done.changed)
    said = [
        words % {"count": count} for words, count in ((made, done.made), (changed, done.changed)) if count
    ]
    return said or [_("Nothing was changed: the table says what is there already.")]


def _next(team_id: UUID, done: Imported) -> str:
    """The first week concerned."""
    address = reverse("staffing:week", args=[team_id])
    return f"{address}?from={done.first:%Y-%m-%d}" if done.first else address
