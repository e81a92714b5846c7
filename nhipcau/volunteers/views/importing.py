"""Registering many from a table: the template, the upload, the report row by row, the yes."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.sheets import Sheet, write_book
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.volunteers import queries, services
from nhipcau.volunteers.forms import FileForm

ROWS = 50
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.TEAMS_EDIT)
def upload(request: HttpRequest) -> HttpResponse:
    """A table comes in; nothing is registered yet."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = services.take_table(by=actor_in(request), now=clock.now(), file=file, name=file.name)
        except UnableTo as error:
            form.add_error("file", str(error))
        else:
            return redirect("volunteers:import_report", made.pk)
    status = 422 if form.errors else 200
    return render(
        request, "volunteers/import.html", {"form": form, "columns": queries.COLUMNS}, status=status
    )


@requires(Permission.TEAMS_EDIT)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty table with the right columns, one line to show how, and a second sheet that explains."""
    example = [_("Nguyen Van An"), "0263 555 0123", "24848", "", "vi; kpm", _("Paying fees online")]
    notes = [
        [_("Remove the example row. Write one person a row.")],
        [_("Commune: its name today or its code. Several languages or skills: with a semicolon between.")],
        *([row.name] for row in queries.offered(())),
    ]
    members = Sheet(_("Members"), [str(column.title) for column in queries.COLUMNS], [example])
    response = HttpResponse(
        write_book([members, Sheet(_("How to fill it in"), [_("How to fill it in")], notes)]),
        content_type=SHEET,
    )
    response["Content-Disposition"] = 'attachment; filename="members.xlsx"'
    return response


@requires(Permission.TEAMS_EDIT)
def report(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What is right and what is wrong, row by row; then yes, or only the right rows, or drop it."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_import(import_id, for_=actor)
    if request.method == "POST":
        return _answer(request, import_id)
    looked = services.look_through(by=actor, now=now, found=found)
    context = {
        "found": found,
        "right": len(looked.right),
        "wrong": len({fault.row for fault in looked.faults}),
        "faults": Paginator(looked.faults, ROWS).get_page(request.GET.get("page")),
        "first": looked.right[:5],
    }
    return render(request, "volunteers/import_report.html", context)


def _answer(request: HttpRequest, import_id: UUID) -> HttpResponse:
    actor, now = actor_in(request), clock.now()
    if "drop" in request.POST:
        services.drop_import(by=actor, now=now, import_id=import_id)
        messages.success(request, _("The table is dropped. Nobody was registered."))
        return redirect("volunteers:import")
    try:
        number = services.import_members(
            by=actor, now=now, import_id=import_id, only_right="only_right" in request.POST
        )
    except UnableTo as error:
        messages.error(request, str(error))
        return redirect("volunteers:import_report", import_id)
    messages.success(request, _("%(number)s members are registered.") % {"number": number})
    return redirect("teams:members")
