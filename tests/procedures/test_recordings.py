"""Voices for guides: heard by a second person first, one for each language, playable on phones."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from nhipcau.procedures.enums import RecordingState
from nhipcau.procedures.models import Procedure, Recording
from nhipcau.procedures.queries import get_procedure
from nhipcau.procedures.services import (
    UnableToKeepRecording,
    add_recording,
    approve_recording,
    withdraw_recording,
)
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db
SOUND = b"OggS" + bytes(200)


@pytest.fixture
def birth() -> Procedure:
    return get_procedure("birth-registration")


def added(procedure: Procedure, cast: Cast, data: bytes = SOUND) -> Recording:
    return add_recording(
        procedure=procedure,
        language="kpm",
        language_name="K’Ho",
        data=data,
        by=actor_of(cast.volunteer, NOW),
        now=NOW,
    )


def address(recording: Recording) -> str:
    return reverse("procedures:recording", args=[recording.procedure_id, recording.pk])


def test_the_public_hears_it_once_a_second_person_has(birth: Procedure, cast: Cast, client: Client) -> None:
    recording = added(birth, cast)
    guide = reverse("procedures:guide", args=[birth.slug])
    assert client.get(address(recording)).status_code == 404
    assert "<audio" not in client.get(guide).content.decode()
    with pytest.raises(UnableToKeepRecording):
        approve_recording(recording=recording.pk, by=actor_of(cast.volunteer, NOW), now=NOW)
    approve_recording(recording=recording.pk, by=actor_of(cast.leader, NOW), now=NOW)
    answer = client.get(address(recording), headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (206, b"OggS", "audio/ogg")
    page = client.get(guide).content.decode()
    assert address(recording) in page
    assert "K’Ho" in page
    withdraw_recording(recording=recording.pk, by=actor_of(cast.leader, NOW), now=NOW)
    assert client.get(address(recording)).status_code == 404


def test_a_new_one_takes_the_place_of_the_old(birth: Procedure, cast: Cast) -> None:
    first, second = added(birth, cast), added(birth, cast)
    for recording in (first, second):
        approve_recording(recording=recording.pk, by=actor_of(cast.leader, NOW), now=NOW)
    first.refresh_from_db()
    assert first.state == RecordingState.WITHDRAWN
    with pytest.raises(UnableToKeepRecording):
        approve_recording(recording=first.pk, by=actor_of(cast.leader, NOW), now=NOW)


def test_under_another_name_there_is_no_recording(birth: Procedure, cast: Cast, client: Client) -> None:
    recording = added(birth, cast)
    approve_recording(recording=recording.pk, by=actor_of(cast.leader, NOW), now=NOW)
    assert client.get(reverse("procedures:recording", args=["marriage", recording.pk])).status_code == 404
    assert client.get(reverse("procedures:recording", args=[birth.slug, uuid4()])).status_code == 404


@pytest.mark.parametrize(
    "data",
    [b"", b"<html><script>", b"RIFF....WAVE", b"MZ", b"\x89PNG", b"\0\0\0\x18ftypheic", bytes(5_000_000)],
)
def test_only_short_sound_is_kept(data: bytes, birth: Procedure, cast: Cast) -> None:
    with pytest.raises(UnableToKeepRecording):
        added(birth, cast, data)


def test_the_database_refuses_one_pair_of_ears_and_two_voices(birth: Procedure, cast: Cast) -> None:
    first, second = added(birth, cast), added(birth, cast)
    rows = Recording.objects.filter(pk=first.pk)
    for heard_by in (None, first.added_by):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=RecordingState.APPROVED, heard_by=heard_by)
    Recording.objects.filter(pk=second.pk).update(state=RecordingState.APPROVED, heard_by=cast.leader.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=RecordingState.APPROVED, heard_by=cast.leader.pk)
