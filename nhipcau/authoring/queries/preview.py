"""The list as people would see it from the words of a draft, for answers that an official tries out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nhipcau.authoring.queries.wording import Speaker
from nhipcau.authoring.rules.contents import Content
from nhipcau.authoring.rules.parts import PARTS
from nhipcau.procedures.enums import PaperForm, PaperUse
from nhipcau.procedures.queries import trial


@dataclass(frozen=True, slots=True)
class Preview:
    """What people would see; `readable` False: the draft cannot be read yet."""

    readable: bool
    questions: list[dict[str, Any]]
    papers: list[dict[str, Any]]
    lines: list[tuple[str, list[str]]]

    @property
    def given(self) -> int:
        """How many answers are tried."""
        return sum(1 for question in self.questions if question["answer"] != "")


def preview(
    content: Content, answers: Mapping[str, str], *, on: date, province: str, names: Mapping[str, str]
) -> Preview:
    """The checklist and the questions, in the reader's language. `names`: of provinces, by their codes."""
    found = trial(content, dict(answers), on=on, province=province or None, language=get_language() or "vi")
    if found is None:
        return Preview(False, [], [], [])
    listed, speaker = found["list"], Speaker(content, names)
    return Preview(True, found["questions"], _papers(listed["documents"]), _lines(listed, speaker))


def _papers(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    papers = []
    for _requirement, rows in groupby(documents, key=lambda row: row["requirement"]):
        ways = [list(way) for _choice, way in groupby(rows, key=lambda row: row["choice"])]
        first = ways[0][0]
        papers.append(
            {
                "title": first["title"],
                "maybe": first["requirement_need"] == "maybe",
                "ways": [[_paper(row) for row in way] for way in ways],
            }
        )
    return papers


def _paper(row: dict[str, Any]) -> dict[str, Any]:
    form, use = dict(PaperForm.choices).get(row["form"], ""), dict(PaperUse.choices).get(row["use"], "")
    return {
        "name": row["name"],
        "copies": f"{row['count']} × {form} – {use}",
        "how": row["how_to_get"] or "",
        "maybe": row["need"] == "maybe",
    }


def _lines(listed: dict[str, Any], speaker: Speaker) -> list[tuple[str, list[str]]]:
    groups = [
        (str(PARTS[name].title), [_row(speaker, name, row) for row in listed[name]] or [_("Ask the officer")])
        for name in ("fees", "time_limits", "channels")
    ]
    texts = [(str(PARTS[name].title), list(listed[name])) for name in ("steps", "warnings", "ask_officer")]
    return groups + [(title, rows) for title, rows in texts if rows]


def _row(speaker: Speaker, name: str, row: dict[str, Any]) -> str:
    line = speaker.title(PARTS[name], row)
    return f"{line} ({_('may apply')})" if row["applies"] == "maybe" else line
