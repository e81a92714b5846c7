"""The style guide shows every component, and no template breaks the strict content policy."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from .sample import SampleForm, sample

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *ROOT.glob("nhipcau/*/templates/**/*.html")])
FORBIDDEN = {
    "style in a tag": re.compile(r"<[^>{]*\sstyle="),
    "style sheet in the page": re.compile(r"<style\b"),
    "script in the page": re.compile(r"<script(?![^>]*\bsrc=)"),
    "script in a tag": re.compile(r"<[^>{]*\son[a-z]+="),
    "script as an address": re.compile(r"javascript:"),
    "something from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=[\"'](?:https?:)?//"
    ),
    "markup trusted blindly": re.compile(r"\|safe\b|{%\s*autoescape off"),
}
# Help texts are written in our forms, never typed by people.
TRUSTED = {"hint_and_error.html": "markup trusted blindly"}


def includes(path: Path) -> set[str]:
    return set(re.findall(r'components/([a-z_]+)\.html"', path.read_text(encoding="utf-8")))


def test_every_component_stands_in_the_style_guide() -> None:
    folder = ROOT / "templates" / "components"
    shown: set[str] = set()
    waiting = [
        ROOT / "templates" / "styleguide.html",
        ROOT / "templates" / "base_work.html",
        ROOT / "templates" / "base.html",
        ROOT / "templates" / "django" / "forms" / "div.html",
    ]
    while waiting:
        fresh = includes(waiting.pop()) - shown
        shown |= fresh
        waiting += [folder / f"{name}.html" for name in fresh]
    assert {path.stem for path in folder.glob("*.html")} == shown


@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_the_style_guide_renders(language: str) -> None:
    request = RequestFactory().get("/", {"q": "x"})
    context = {"sample": sample(), "form": SampleForm({}), "languages": [("vi", "Tiếng Việt", "?lang=vi")]}
    with translation.override(language):
        html = render_to_string(
            "styleguide.html", context | {"nav_items": [{"url": "#", "label": "A"}]}, request
        )
    assert f'<html lang="{language}"' in html
    assert "7K3M-9QX4" in html
    # a figure of nought is a figure
    assert re.search(r'numeric">0</td>', html)
    # numbers inside drawings stay numbers in every language
    assert set(re.findall(r'<rect[^>]* width="([^"]*%)"', html)) == {"40%", "100%", "55%"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_keep_the_content_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = {name for name, pattern in FORBIDDEN.items() if pattern.search(text)}
    assert found - {TRUSTED.get(path.name)} == set()
