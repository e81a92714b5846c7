"""What is printed: one page whatever the guide, nothing smaller than can be read, no line on another."""

import io
from pathlib import Path

import pypdf
import pytest
from django.test import Client

from nhipcau.core.documents import typst_pdf
from nhipcau.procedures.queries import library
from nhipcau.procedures.views.checklist import DOCUMENTS

pytestmark = pytest.mark.django_db
SMALLEST_PRINT = 5.4
LONG = "Giấy tờ rất dài về việc này " * 15


def pieces(page: pypdf.PageObject) -> list[tuple[str, float, float]]:
    """Each piece of text with its size and the height of its line."""
    found: list[tuple[str, float, float]] = []

    def note(text: str, place: list[float], _line: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.append((text, size, place[5]))

    page.extract_text(visitor_text=note)
    return found


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data))


def test_every_list_is_one_readable_page(client: Client) -> None:
    """With no answers: the longest list there is."""
    for slug in library().values_list("slug", flat=True):
        paper = read(client.get(f"/guides/{slug}/checklist.pdf").content)
        assert len(paper.pages) == 1, slug
        smallest = min(size for _text, size, _height in pieces(paper.pages[0]))
        assert smallest >= SMALLEST_PRINT, (slug, smallest)


def test_lines_of_a_posters_name_keep_apart(client: Client) -> None:
    """The dot below a letter of one line, and the marks above one of the next."""
    paper = read(client.get("/guides/permanent-residence/poster.pdf").content)
    name = [(size, height) for _text, size, height in pieces(paper.pages[0]) if size >= 40]
    heights = sorted({height for _size, height in name})
    assert len(heights) == 2
    assert heights[1] - heights[0] >= 1.2 * name[0][0]


@pytest.mark.parametrize("template", ["checklist.typ", "poster.typ"])
def test_a_list_without_end_is_not_cut(
    template: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []

    def keep(_template: Path, data: dict[str, object]) -> bytes:
        asked.append(data)
        return b""

    kind = template.removesuffix(".typ")
    monkeypatch.setattr(f"nhipcau.procedures.views.{kind}.typst_pdf", keep)
    client.get(f"/guides/marriage/{kind}.pdf")
    paper = {"name": LONG, "copies": "1", "why": "", "how": "", "unsure": False, "in_database": False}
    groups = [
        {
            "title": "x",
            "why": "",
            "maybe": False,
            "several": False,
            "ways": [[paper | {"name": f"({n}) {LONG}"}]],
        }
        for n in range(60)
    ]
    made = read(typst_pdf(DOCUMENTS / template, asked[0] | {"groups": groups, "needed": groups, "maybe": []}))
    text = " ".join(page.extract_text() for page in made.pages)
    assert all(f"({n})" in text for n in range(60))
