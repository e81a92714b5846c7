"""Voices for guides in pages: added by one person, heard by another, closed to everybody else."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nhipcau.procedures.enums import RecordingState
from nhipcau.procedures.models import Recording
from nhipcau.teams.models import Member
from tests.factories.cast import Cast

PAGE = "/authoring/recordings/"


def upload(client: Client, data: bytes = b"OggS" + bytes(50), language: str = "vi") -> int:
    sound = SimpleUploadedFile("voice.ogg", data, "audio/ogg")
    body = {"procedure": "birth-registration", "language": language, "sound": sound}
    return client.post(PAGE, body).status_code


def test_one_adds_another_approves(client: Client, editor: Member, cast: Cast) -> None:
    client.force_login(editor)
    assert upload(client) == 302
    recording = Recording.objects.get()
    approve = reverse("authoring:approve_recording", args=[recording.pk])
    listen = reverse("authoring:recording_sound", args=[recording.pk])
    client.post(approve)
    recording.refresh_from_db()
    assert recording.state == RecordingState.WAITING
    client.force_login(cast.official)
    assert client.get(listen).content.startswith(b"OggS")
    assert approve in client.get(PAGE).content.decode()
    client.post(approve)
    recording.refresh_from_db()
    assert recording.state == RecordingState.APPROVED
    client.post(reverse("authoring:withdraw_recording", args=[recording.pk]))
    assert client.get(listen).status_code == 404


def test_what_cannot_be_played_is_refused_in_words(client: Client, editor: Member) -> None:
    client.force_login(editor)
    assert upload(client, b"<html><script>alert(1)</script>") == 422
    assert upload(client, bytes(4_000_001)) == 422
    assert upload(client, b"") == 422
    assert upload(client, language="xx") == 422
    assert not Recording.objects.exists()


def test_volunteers_and_strangers_find_nothing(client: Client, editor: Member, cast: Cast) -> None:
    client.force_login(editor)
    upload(client)
    recording = Recording.objects.get()
    for member in (cast.volunteer, cast.outsider):
        client.force_login(member)
        assert client.get(PAGE).status_code == 404
        assert upload(client) == 404
        for name in ("approve_recording", "withdraw_recording"):
            assert client.post(reverse(f"authoring:{name}", args=[recording.pk])).status_code == 404
    recording.refresh_from_db()
    assert recording.state == RecordingState.WAITING
