"""The shell of the field app: the bytes of the build, the same for everybody, asked for again each time."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from nhipcau.core.middleware import POLICY
from nhipcau.sync.views import shell
from nhipcau.sync.views.shell import SHELL_POLICY

PAGES = {
    "shell.html": (shell.shell, "text/html; charset=utf-8"),
    "sw.js": (shell.worker, "text/javascript; charset=utf-8"),
    "manifest.webmanifest": (shell.manifest, "application/manifest+json"),
}


def ask(name: str, *, tag: str = "", method: str = "GET") -> HttpResponse:
    request: HttpRequest = RequestFactory().generic(method, "/field/")
    if tag:
        request.META["HTTP_IF_NONE_MATCH"] = tag
    return PAGES[name][0](request)


@pytest.mark.parametrize("name", PAGES)
def test_the_built_bytes_are_served_and_not_sent_twice(name: str) -> None:
    answer = ask(name)
    assert answer.content == Path(str(finders.find(f"field/{name}"))).read_bytes()
    assert answer["Content-Type"] == PAGES[name][1]
    assert answer["Cache-Control"] == "no-cache"
    assert ask(name, tag=answer["ETag"]).status_code == 304
    assert ask(name, tag='"another"').status_code == 200


def test_the_worker_may_hold_the_app_and_nothing_else() -> None:
    assert ask("sw.js")["Service-Worker-Allowed"] == "/field/"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_taken(name: str) -> None:
    assert ask(name, method="POST").status_code == 405


def test_the_shell_says_nothing_of_anybody_and_has_nothing_inline() -> None:
    text = ask("shell.html").content.decode()
    assert "csrf" not in text
    assert "style=" not in text
    assert "<script>" not in text
    assert "[[" not in text


def test_machine_code_may_run_in_the_shell_alone() -> None:
    assert "script-src 'self' 'wasm-unsafe-eval'" in ask("shell.html")["Content-Security-Policy"]
    assert "Content-Security-Policy" not in ask("sw.js")
    assert "wasm" not in POLICY
    assert "unsafe-eval'" not in SHELL_POLICY.replace("'wasm-unsafe-eval'", "")
