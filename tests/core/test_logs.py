"""What a log line never holds."""

import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response

from nhipcau.core.logs import Line

TOKEN = "x7Zk-3_fQm0aVbW9yTqLr2sDe1H"


def line(message: str, *args: object, error: Exception | None = None) -> str:
    exc_info = (type(error), error, None) if error else None
    return Line("%(message)s").format(logging.LogRecord("x", 30, "", 0, message, args, exc_info))


@pytest.mark.parametrize(
    "path",
    [f"/c/{TOKEN}/", f"/c/{TOKEN}/rate/", f"/c/{TOKEN}", f"/teams/start/0197-ab/{TOKEN}/"],
)
def test_no_key_of_a_card_or_sign_in_link(path: str) -> None:
    assert TOKEN not in line("%s: %s", "Unprocessable Entity", path)
    assert TOKEN not in line("Forbidden (CSRF cookie not set.): %s", path)
    assert "/…" in line("%s", path)


def test_other_addresses_stay_readable() -> None:
    assert line("%s: %s", "Not Found", "/cases/0197c361/") == "Not Found: /cases/0197c361/"


def test_no_values_of_a_row_that_failed() -> None:
    error = ValueError("duplicate key\nDETAIL:  Key (username)=(nguyen.van.an) already exists.\nthe end")
    text = line("went wrong", error=error)
    assert "nguyen.van.an" not in text
    assert "duplicate key" in text
    assert "the end" in text


def answered(status: int) -> None:
    """What the framework does with every answer from 400 on."""
    request = RequestFactory().post("/shifts/take/")
    response = HttpResponse(status=status)
    log_response("%s: %s", response.reason_phrase, request.path, response=response, request=request)


@pytest.mark.parametrize(
    ("status", "level"), [(400, "WARNING"), (404, "WARNING"), (409, "INFO"), (422, "WARNING"), (500, "ERROR")]
)
def test_only_a_refusal_by_conflict_is_no_warning(
    status: int, level: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answered(status)
    assert [(record.levelname, record.name) for record in caplog.records] == [(level, "django.request")]


def test_a_log_of_warnings_holds_no_conflict(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        answered(409)
        answered(422)
    assert [record.getMessage() for record in caplog.records] == ["Unprocessable Entity: /shifts/take/"]
