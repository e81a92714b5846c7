"""Who came is counted on the spot: one tap a person, more about the last one, the last one taken back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from nhipcau.core import clock
from nhipcau.core.doors import signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.learning import queries, services
from nhipcau.learning.forms import AboutForm, CountForm
from nhipcau.learning.rules import NewAttendee
from nhipcau.teams.access import actor_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, class_id: UUID) -> HttpResponse:
    """A big button for each age: one tap, one person."""
    if request.method != "POST":
        return _show(request, class_id)
    form = CountForm(request.POST)
    if not form.is_valid():
        return _show(request, class_id, error=_first_error(form))
    try:
        services.add_attendees(
            class_id=class_id, attendees=[form.attendee()], by=actor_in(request), now=clock.now()
        )
    except UnableTo as error:
        return _show(request, class_id, error=str(error))
    return redirect("learning:count", class_id=class_id)


@signed_in
@require_POST
def correct(request: HttpRequest, class_id: UUID, attendee_id: UUID) -> HttpResponse:
    """The language and the independence of somebody just counted."""
    actor = actor_in(request)
    old = queries.get_attendee(attendee_id, class_id=class_id, for_=actor)
    form = AboutForm(request.POST)
    if not form.is_valid():
        return _show(request, class_id, error=_first_error(form))
    told = form.cleaned_data
    new = NewAttendee(
        id=told["id"], at=old.at, age_band=old.age_band, language=told["language"], alone=told["alone"]
    )
    try:
        services.correct_attendee(attendee_id=attendee_id, correct=new, by=actor, now=clock.now())
    except UnableTo as error:
        return _show(request, class_id, error=str(error))
    messages.success(request, _("Saved."))
    return redirect("learning:count", class_id=class_id)


@signed_in
@require_POST
def take_back(request: HttpRequest, class_id: UUID, attendee_id: UUID) -> HttpResponse:
    """Somebody counted by mistake."""
    actor = actor_in(request)
    queries.get_attendee(attendee_id, class_id=class_id, for_=actor)
    try:
        services.remove_attendee(attendee_id=attendee_id, by=actor, now=clock.now())
    except UnableTo as error:
        return _show(request, class_id, error=str(error))
    messages.success(request, _("Taken back."))
    return redirect("learning:count", class_id=class_id)


def _first_error(form: CountForm | AboutForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _show(request: HttpRequest, class_id: UUID, *, error: str = "") -> HttpResponse:
    actor, now = actor_in(request), clock.now()
    row = queries.get_class_to_count(class_id, for_=actor)
    last = queries.last_counted(row, by=actor.id)
    about = {"id": new_id(now), "language": last.language, "alone": last.alone} if last else {}
    context = {
        "row": row,
        "numbers": queries.numbers_of([row.pk], whole=True),
        "new_id": new_id(now),
        "last": last,
        "about": AboutForm(initial=about) if last else None,
        "error": error,
        "begun": row.day <= clock.local_date(now),
    }
    return render(request, "learning/count.html", context, status=422 if error else 200)
