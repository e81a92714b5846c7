"""Handing in: a file or codes, a page with what became of it; nothing that a stranger sends breaks it."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nhipcau.cases.models import HelpSession
from nhipcau.core import clock
from nhipcau.sync.forms import rescue as form
from tests.factories.cast import Cast
from tests.factories.phones import Phone, make_phone
from tests.factories.rescues import codes_of, deflated, rescue_codes, rescue_file


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return make_phone(cast.volunteer, clock.now())


@pytest.fixture
def coordinator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.coordinator)
    client.cookies["lang"] = "en"
    return client


def hand_in(client: Client, content: str | bytes = b"", codes: str = "") -> Any:
    body = content.encode() if isinstance(content, str) else content
    sent: dict[str, Any] = {"codes": codes}
    if body:
        sent["file"] = SimpleUploadedFile("phone.nhipcau", body)
    return client.post("/phones/rescue/", sent)


def test_a_file_and_the_same_as_codes(phone: Phone, coordinator: Client) -> None:
    text = rescue_file(phone, phone.session(clock.now()), phone.session(clock.now(), minutes=0))
    first = hand_in(coordinator, text).content.decode()
    assert "Saved now" in first
    assert "What was written" in first
    assert "Keep the file until all is settled." in first
    again = hand_in(coordinator, codes="\r\n".join(reversed(rescue_codes(text))))
    assert again.status_code == 200
    assert HelpSession.objects.count() == 1


def test_what_was_written_is_text_and_nothing_else(phone: Phone, coordinator: Client) -> None:
    bad = phone.session(clock.now(), outcome="<script>alert(1)</script>")
    page = hand_in(coordinator, rescue_file(phone, bad)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize(
    ("content", "codes", "words"),
    [
        (b"", "", "Choose the file, or put in the codes."),
        (b"hello", "", "This was not saved by our app."),
        (b"\x00\xff" * 500, "", "This was not saved by our app."),
        (b"", "hello", "This was not saved by our app."),
        (b"", "NCR1:01234567:1/3:AAAA", "these are missing: 2, 3"),
        (b"", codes_of(deflated(b"x"), "01234567")[0], "changed or cut off"),
        (b'{"format":"nhipcau-rescue","v":1,"device":', "", "changed or cut off"),
    ],
)
def test_clear_words(content: bytes, codes: str, words: str, coordinator: Client) -> None:
    answer = hand_in(coordinator, content, codes)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_too_large(coordinator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "MOST_FILE_BYTES", 1000)
    answer = hand_in(coordinator, b"{" * 1001)
    assert answer.status_code == 422
    assert "more than a phone of ours can hold" in answer.content.decode()


def test_a_phone_of_another_place(cast: Cast, phone: Phone, client: Client) -> None:
    client.cookies["lang"] = "en"
    text = rescue_file(phone, phone.session(clock.now()))
    client.force_login(cast.outsider)
    answer = hand_in(client, text)
    assert answer.status_code == 422
    unknown = json.dumps({**json.loads(text), "device": "00000000-0000-7000-8000-000000000000"})
    words = "This phone is not one of your places, or was never signed in."
    assert words in answer.content.decode()
    assert words in hand_in(client, unknown).content.decode()
    for part in (cast.volunteer, cast.leader, cast.administrator):
        client.force_login(part)
        assert hand_in(client, text).status_code == 404
    assert not HelpSession.objects.exists()
