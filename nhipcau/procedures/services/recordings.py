"""Voices for guides: one person adds a recording, another listens to it before the public does."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor
from nhipcau.procedures.enums import RecordingState
from nhipcau.procedures.models import Procedure, Recording
from nhipcau.procedures.queries import version_on

# The first bytes of the files that phones and browsers record and play.
_TYPES = (
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "audio/webm"),
)
# Photographs of phones come in the same wrapping as their sound.
_PICTURES = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")


class UnableToKeepRecording(UnableTo):
    """The recording cannot be kept or approved as asked."""

    code = "procedures.unable_to_keep_recording"


def sound_type(data: bytes) -> str:
    """The media type by what the file begins with. Raises `UnableToKeepRecording` for anything else."""
    for start, sign, kind in _TYPES:
        if data[start : start + len(sign)] == sign and data[8:12] not in _PICTURES:
            return kind
    raise UnableToKeepRecording(_("This is not a sound file that phones can play (MP3, M4A, OGG or WebM)."))


def add_recording(
    *, procedure: Procedure, language: str, language_name: str, data: bytes, by: Actor, now: datetime
) -> Recording:
    """A recording of the guide as it is published today; it waits until somebody else has listened."""
    if len(data) > Recording.LARGEST:
        raise UnableToKeepRecording(_("The recording is too large. Keep it under 4 MB, about four minutes."))
    kind = sound_type(data)
    with unit_of_work(by=by, now=now):
        return Recording.objects.create(
            procedure=procedure,
            language=language,
            language_name=language_name,
            sound=data,
            sound_type=kind,
            version=version_on(procedure, local_date(now)),
            added_at=now,
            added_by=by.id,
        )


def approve_recording(*, recording: UUID, by: Actor, now: datetime) -> None:
    """The public hears it from now on, in place of an earlier one in the same language."""
    with unit_of_work(by=by, now=now):
        found = Recording.objects.select_for_update().defer("sound").get(pk=recording)
        if found.state != RecordingState.WAITING:
            raise UnableToKeepRecording(_("Somebody has already decided about this recording."))
        if found.added_by == by.id:
            raise UnableToKeepRecording(_("A second person must listen to a recording."))
        Recording.objects.filter(
            procedure=found.procedure_id, language=found.language, state=RecordingState.APPROVED
        ).update(state=RecordingState.WITHDRAWN)
        Recording.objects.filter(pk=recording).update(
            state=RecordingState.APPROVED, heard_by=by.id, heard_at=now
        )


def withdraw_recording(*, recording: UUID, by: Actor, now: datetime) -> None:
    """Nobody hears it any more; withdrawing it twice changes nothing."""
    with unit_of_work(by=by, now=now):
        Recording.objects.filter(pk=recording).update(state=RecordingState.WITHDRAWN)
