"""What a leader does for one place: the call list, a call, putting somebody on, taking somebody off."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.audit.services import record_read
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.requests import read_answer
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups import services
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.queries import calling
from nhipcau.staffing.forms.calling import AskForm, CancelForm, PutOnForm
from nhipcau.staffing.queries import at_risk
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@requires(Permission.ROSTER_EDIT)
@require_safe
def call_list(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Who may take the place, least recently asked first; and who is on it now."""
    return _call_list(request, calling.get_need_to_fill(need_id, for_=actor_in(request)))


def _call_list(
    request: HttpRequest, need: ShiftNeed, *, error: str = "", put_on: PutOnForm | None = None
) -> HttpResponse:
    now = clock.now()
    leaving = _uuid(request.GET.get("for", "") or request.POST.get("instead_of", ""))
    instead_of = calling.expected_sign_up(leaving, need_id=need.pk) if leaving else None
    text = request.GET.get("q", "")[:60]
    context = {
        "need": need,
        "shift": need.shift,
        "instead_of": instead_of,
        "able": calling.candidates(need.pk, now=now, instead_of=instead_of, text=text),
        "text": text,
        "error": error,
        "put_on": put_on,
    }
    return render(request, "staffing/call_list.html", context, status=409 if error else 200)


@requires(Permission.ROSTER_EDIT)
@require_POST
def ask_member(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Asks one member; the next page shows the phone number."""
    actor = actor_in(request)
    need = calling.get_need_to_fill(need_id, for_=actor)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _call_list(request, need, error=_("Choose whom you ask."))
    try:
        row = services.ask_member(
            need_id=need_id,
            member_id=form.cleaned_data["member"],
            sign_up_id=form.cleaned_data["instead_of"],
            by=actor,
            now=clock.now(),
        )
    except UnableTo as error:
        return _call_list(request, need, error=str(error))
    return redirect("staffing:call", ask_id=row.pk)


@requires(Permission.ROSTER_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, ask_id: UUID) -> HttpResponse:
    """One question to one member: the number to call, and what they said."""
    actor, now = actor_in(request), clock.now()
    row = calling.get_call(ask_id, for_=actor)
    error = ""
    if request.method == "POST":
        try:
            yes = read_answer(request) == "yes"
            services.answer_call(ask_id=ask_id, yes=yes, by=actor, now=now)
        except UnableTo as refusal:
            error = str(refusal)
            row.refresh_from_db(fields=["state"])
        else:
            messages.success(request, _("Written down."))
            return redirect("staffing:call_list", need_id=row.need_id)
    assert row.member is not None
    record_read(
        by=actor,
        entity="teams_member",
        entity_id=str(row.member.pk),
        commune=row.member.commune_id or "",
        now=now,
    )
    context = {"row": row, "shift": row.need.shift, "error": error}
    return render(request, "staffing/call.html", context, status=409 if error else 200)


@requires(Permission.ROSTER_EDIT)
@require_POST
def put_on(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Puts a member on; what speaks against it is shown, and soft rules are passed over with a note."""
    actor = actor_in(request)
    need = calling.get_need_to_fill(need_id, for_=actor)
    form = PutOnForm(request.POST)
    if not form.is_valid():
        return _call_list(request, need, error=_("Choose whom you put on the shift."))
    data: dict[str, Any] = form.cleaned_data
    try:
        services.put_on(
            need_id=need_id, member_id=data["member"], note=data["note"], by=actor, now=clock.now()
        )
    except UnableTo as error:
        return _call_list(request, need, error=str(error), put_on=form)
    messages.success(request, _("This person is on the shift and was told."))
    return redirect("staffing:call_list", need_id=need_id)


@requires(Permission.ROSTER_EDIT)
@require_POST
def confirm(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    """Accepts who asked for the shift."""
    row = calling.get_sign_up_to_lead(sign_up_id, for_=actor_in(request))
    try:
        services.move(row, to=SignUpState.CONFIRMED, by=actor_in(request), now=clock.now())
        messages.success(request, _("Confirmed. The member was told."))
    except UnableTo as error:
        messages.error(request, str(error))
    return redirect("staffing:call_list", need_id=row.need_id)


@requires(Permission.ROSTER_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def take_off(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    """Takes somebody off the shift, with a reason."""
    actor = actor_in(request)
    row = calling.get_sign_up_to_lead(sign_up_id, for_=actor)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            services.cancel(
                sign_up_id=sign_up_id, by=actor, now=clock.now(), reason=data["reason"], note=data["note"]
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The place is free again. The member was told."))
            return redirect("staffing:call_list", need_id=row.need_id)
    context = {"form": form, "row": row, "shift": row.shift}
    return render(request, "staffing/take_off.html", context, status=422 if form.errors else 200)


@requires(Permission.ROSTER_EDIT)
@require_safe
def risks(request: HttpRequest) -> HttpResponse:
    """Shifts of the next days that are short, unconfirmed, or leave a newcomer alone."""
    rows = at_risk.shifts_at_risk(now=clock.now(), for_=actor_in(request))
    return render(request, "staffing/at_risk.html", {"rows": rows})
