"""A guide told aloud: the sound of an approved recording."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from nhipcau.core.doors import public
from nhipcau.core.media import sound
from nhipcau.procedures import queries


@public
def recording(request: HttpRequest, name: str, recording_id: UUID) -> HttpResponse:
    """Answers with 404 for what is not, or not yet, approved."""
    try:
        found = queries.get_recording(recording_id)
    except queries.UnableToFindProcedure as error:
        raise Http404(str(error)) from error
    if found.procedure_id != name:
        raise Http404
    response = sound(request, bytes(found.sound), found.sound_type)
    response["Cache-Control"] = "public, max-age=3600"
    return response
