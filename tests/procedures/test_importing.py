"""`nhipcau procedures import` and `imports`: words, options and exit codes."""

import gzip
import json
from contextlib import suppress
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from nhipcau.catalogue.models import Record
from tests.factories.national import lines, national

pytestmark = pytest.mark.django_db
CODES = ("1.000001", "1.000002", "1.000003")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("procedures", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "national.jsonl.gz"
    path.write_bytes(gzip.compress(lines([*map(national, CODES), national("1.0133611"), "oh"])))
    return path


def test_check_shows_and_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = run("import", str(file), "--check")
    assert "     3 new" in out
    assert "     2 refused" in out
    assert "row 4 (1.0133611): “1.0133611” is not a code such as 1.001193" in out
    assert not Record.objects.exists()
    assert "5 rows" in capsys.readouterr().err


def test_import_shows_first_then_writes(file: Path) -> None:
    out = run("import", str(file))
    assert out.index("3 new") < out.index("Imported.")
    assert Record.objects.count() == 3
    assert run("import", str(file)).endswith("Nothing to change.\n")


def test_changes_name_their_fields(tmp_path: Path, file: Path) -> None:
    run("import", str(file))
    path = tmp_path / "next.jsonl"
    path.write_bytes(lines([national(CODES[0], name="Tên mới", documents=[])]))
    out = run("import", str(path), "--check", "--partial")
    assert f"Changed:\n  {CODES[0]}  Tên mới – documents, name\n" in out
    assert "0 no longer listed" in out
    assert f"No longer listed:\n  {CODES[1]}" in run("import", str(path), "--check")


def test_long_lists_are_shortened_unless_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(lines([national(CODES[0]), *(national(f"x{n}") for n in range(30))]))
    assert "… and 10 more" in run("import", str(path), "--check")
    assert run("import", str(path), "--check", "--all").count("is not a code") == 30


def test_for_programs(file: Path) -> None:
    found = json.loads(run("import", str(file), "--json"))
    assert found["new"] == list(CODES)
    assert [bad["row"] for bad in found["refused"]] == [4, 5]
    listed = json.loads(run("imports", "--json"))
    assert [(row["file"], row["new"], row["refused"]) for row in listed] == [("national.jsonl.gz", 3, 2)]


def test_standard_input_is_a_file_as_well(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with file.open("rb") as data, TextIOWrapper(data) as given:
        monkeypatch.setattr("sys.stdin", given)
        assert "Imported." in run("import", "-")
    assert Record.objects.count() == 3


@pytest.mark.parametrize(
    ("arguments", "columns"), [(("evaluate",), ",expected_codes"), (("search", "--file"), "")]
)
def test_standard_input_of_other_letters_is_answered(
    arguments: tuple[str, ...], columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the machine would read it: strictly."""
    given = TextIOWrapper(BytesIO(f"query{columns}\n".encode() + b"\xff,x\n"), "utf-8", "strict")
    monkeypatch.setattr("sys.stdin", given)
    with suppress(CommandError):
        run(*arguments, "-")


def test_past_imports(file: Path) -> None:
    assert run("imports") == "Nothing was imported yet.\n"
    run("import", str(file))
    assert "national.jsonl.gz: 5 read, 3 new, 0 changed, 0 no longer listed, 2 refused" in run("imports")


def test_what_cannot_be_imported_ends_with_2(tmp_path: Path, file: Path) -> None:
    cut = tmp_path / "cut.gz"
    cut.write_bytes(file.read_bytes()[:-20])
    for path in (cut, tmp_path / "nothing"):
        with pytest.raises(CommandError) as caught:
            run("import", str(path))
        assert caught.value.returncode == 2
    assert not Record.objects.exists()
