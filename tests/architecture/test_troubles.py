"""The page of troubles quotes the app: what it says is what the phone says."""

import re

from tests.databases import ROOT

PAGE = ROOT / "docs" / "how-to" / "field-troubles.md"
WORDS = ROOT / "field" / "src" / "words" / "en"
BEFORE_WORDS = ROOT / "field" / "src" / "shell.html"
BY_THE_SERVER = ROOT / "nhipcau" / "sync" / "rules" / "commands.py"


def test_every_sentence_on_the_page_is_one_of_the_app() -> None:
    sources = [*WORDS.glob("*.ts"), BEFORE_WORDS, BY_THE_SERVER]
    said = " ".join(path.read_text(encoding="utf-8") for path in sources)
    quoted = set(re.findall(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)", PAGE.read_text(encoding="utf-8")))
    assert len(quoted) > 15
    assert {sentence for sentence in quoted if sentence not in said} == set()
