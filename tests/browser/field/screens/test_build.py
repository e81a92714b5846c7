"""The build of the field app: what its worker keeps is what is served, and the first load is light."""

import gzip
import hashlib
import json
import re
from typing import Any

from tests.browser.field.screens.conftest import DIST

MOST_BYTES = 120 * 1024


def kept_by_worker() -> list[dict[str, Any]]:
    text = (DIST / "field" / "sw.js").read_text(encoding="utf-8")
    found = re.search(r"\[\{url:\"/field/\".*?\}\]", text)
    assert found
    return list(json.loads(re.sub(r"(url|revision):", r'"\1":', found.group(0))))


def test_the_worker_knows_the_bytes_that_are_served() -> None:
    kept = kept_by_worker()
    assert {one["url"] for one in kept} >= {"/field/", "/static/img/favicon.svg"}
    for one in kept:
        url = one["url"]
        file = DIST / "field" / "shell.html" if url == "/field/" else DIST / url.removeprefix("/static/")
        content = file.read_bytes()
        if one["revision"] is None:
            assert re.search(r"-[0-9A-Za-z]{8,16}\.(js|css)$", url)
        else:
            assert hashlib.sha256(content).hexdigest().startswith(one["revision"])
    assert not [one["url"] for one in kept if "/api/" in one["url"] or one["url"].startswith("/field/m")]


def test_the_first_load_is_light() -> None:
    shell = (DIST / "field" / "shell.html").read_bytes()
    names = re.findall(r'(?:href|src)="/static/(field/[^"]+\.(?:js|css))"', shell.decode())
    files = [shell, *((DIST / name).read_bytes() for name in names)]
    assert len(names) >= 3
    assert sum(len(gzip.compress(content, 9)) for content in files) < MOST_BYTES / 2
