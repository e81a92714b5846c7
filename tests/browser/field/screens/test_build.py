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


def test_all_of_the_app_is_light() -> None:
    """What comes after the first load, too: all screens and languages; letters and reader apart."""
    scripts = [path for path in (DIST / "field").glob("**/*.js") if "reader" not in path.name]
    assert len(scripts) > 8
    files = [*scripts, *(DIST / "field").glob("*.css"), DIST / "field" / "shell.html"]
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) < MOST_BYTES


def test_the_app_can_be_put_on_the_home_screen() -> None:
    told = json.loads((DIST / "field" / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert (told["start_url"], told["scope"], told["display"]) == ("/field/", "/field/", "standalone")
    assert told["name"]
    assert {"192x192", "512x512"} <= {size for one in told["icons"] for size in one["sizes"].split()}
    assert any("maskable" in one.get("purpose", "") for one in told["icons"])
    for one in told["icons"]:
        assert (DIST / one["src"].removeprefix("/static/")).is_file(), one
