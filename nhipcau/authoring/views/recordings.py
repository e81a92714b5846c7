"""Voices for guides: add one, listen, approve or withdraw. Who adds one is not who approves it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.authoring.forms import RecordingForm
from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.media import sound
from nhipcau.procedures import queries as procedures
from nhipcau.procedures import services
from nhipcau.procedures.enums import RecordingState
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission, languages


@requires(Permission.AUTHORING_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def recordings(request: HttpRequest) -> HttpResponse:
    """All recordings that wait or are heard, and the form for a new one."""
    actor = actor_in(request)
    form = RecordingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.add_recording(
                procedure=procedures.get_procedure(data["procedure"]),
                language=data["language"],
                language_name=languages()[data["language"]].name_vi,
                data=data["sound"],
                by=actor,
                now=clock.now(),
            )
        except UnableTo as error:
            form.add_error("sound", str(error))
        else:
            messages.success(request, _("The recording is kept. A second person must listen to it."))
            return redirect("authoring:recordings")
    rows = [
        {
            "recording": recording,
            "mine": recording.added_by == actor.id,
            "waits": recording.state == RecordingState.WAITING,
        }
        for recording in procedures.recordings_in_use()
    ]
    context = {"form": form, "rows": rows, "may_approve": actor.may(Permission.AUTHORING_CHECK)}
    return render(request, "authoring/recordings.html", context, status=422 if form.errors else 200)


@requires(Permission.AUTHORING_WRITE)
@require_safe
def recording_sound(request: HttpRequest, recording_id: UUID) -> HttpResponse:
    """The sound also of a recording that still waits, for those who work on guides."""
    found = procedures.recordings_in_use().filter(pk=recording_id).first()
    if found is None:
        raise Http404
    return sound(request, bytes(found.sound), found.sound_type)


@requires(Permission.AUTHORING_CHECK)
@require_POST
def approve_recording(request: HttpRequest, recording_id: UUID) -> HttpResponse:
    """The public hears it from now on."""
    return _act(request, recording_id, services.approve_recording, _("People hear the recording now."))


@requires(Permission.AUTHORING_CHECK)
@require_POST
def withdraw_recording(request: HttpRequest, recording_id: UUID) -> HttpResponse:
    """Nobody hears it any more."""
    return _act(request, recording_id, services.withdraw_recording, _("The recording is withdrawn."))


def _act(request: HttpRequest, recording_id: UUID, act: Callable[..., Any], done: str) -> HttpResponse:
    if not procedures.recordings_in_use().filter(pk=recording_id).exists():
        raise Http404
    try:
        act(recording=recording_id, by=actor_in(request), now=clock.now())
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("authoring:recordings")
