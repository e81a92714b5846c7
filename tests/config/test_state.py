"""The keys of an installation: made once, private, never silently replaced."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.state import Keys, UnableToReadKeys, home_folder, load_keys, put_keys_in_environment

from .homes import ROOT


def test_keys_are_made_once_and_private(tmp_path: Path) -> None:
    home = tmp_path / "state"
    first = load_keys(home)
    assert load_keys(home) == first
    assert (home / "keys.json").stat().st_mode & 0o777 == 0o600
    assert len(first.field_keys[0]) == 44
    assert load_keys(tmp_path / "other") != first


def test_two_first_starts_agree_on_the_keys(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from config.state import load_keys; print(load_keys(pathlib.Path(sys.argv[1])))"
    )

    def start(number: int) -> str:
        return subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "state")],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(start, range(6)))) == 1
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["keys.json"]


@pytest.mark.parametrize(
    "damaged",
    ["", "{", "[]", '{"secret_key": "x"}', '{"secret_key": "x", "field_keys": [""], "index_key": "y"}'],
)
def test_a_damaged_key_file_is_never_replaced(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "keys.json").write_text(damaged)
    with pytest.raises(UnableToReadKeys, match=r"backup"):
        load_keys(tmp_path)
    assert (tmp_path / "keys.json").read_text() == damaged


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = Keys("stored-secret", ("stored-field",), "stored-index")
    (tmp_path / "keys.json").write_text(json.dumps({**stored.__dict__, "field_keys": ["stored-field"]}))
    monkeypatch.setenv("NHIPCAU_SECRET_KEY", "given")
    monkeypatch.setenv("NHIPCAU_FIELD_KEYS", "")
    monkeypatch.delenv("NHIPCAU_INDEX_KEY", raising=False)
    put_keys_in_environment(tmp_path)
    import os

    assert os.environ["NHIPCAU_SECRET_KEY"] == "given"
    assert os.environ["NHIPCAU_FIELD_KEYS"] == "stored-field"
    assert os.environ["NHIPCAU_INDEX_KEY"] == "stored-index"
    monkeypatch.delenv("NHIPCAU_INDEX_KEY")


def test_the_state_folder_is_chosen_by_the_environment() -> None:
    assert home_folder({"NHIPCAU_HOME": "/srv/nhipcau"}) == Path("/srv/nhipcau")
    assert home_folder({}) == ROOT / ".nhipcau"
