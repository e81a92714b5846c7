"""Two evaluators, one result: Python and the field app agree on any guide and any answers, byte for byte."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guides import canonical, read_yaml
from nhipcau.procedures.management.batch import evaluate, evaluate_line
from tests.factories import hostile_guides as hostile

ROOT = Path(__file__).resolve().parents[2]
VECTORS = sorted((ROOT / "tests/vectors/guides").glob("*.json"))
GUIDES = sorted((ROOT / "data/guides").glob("*.yaml"))
SITUATIONS_EACH = 12

Twin = Callable[[str], str]


def line_of(guide: Any, case: dict[str, Any]) -> str:
    return json.dumps(
        {"guide": guide, **{key: case[key] for key in ("answers", "on", "province", "channel")}}
    )


@pytest.mark.parametrize("file", VECTORS, ids=lambda file: file.stem)
def test_the_field_app_passes_the_golden_vectors(file: Path, twin: Twin) -> None:
    vector = json.loads(file.read_text())
    assert vector["cases"]
    for case in vector["cases"]:
        answer = json.loads(twin(line_of(vector["guide"], case)))
        assert canonical(answer["checklist"]) == canonical(case["expected"])


@pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.stem)
def test_both_agree_on_every_guide_that_ships(file: Path, twin: Twin) -> None:
    guide = read_yaml(file.read_text()).data
    random = Random(file.stem)
    for number in range(SITUATIONS_EACH):
        line = line_of(
            guide,
            {
                "answers": hostile.answers(random, guide) if number else {},
                "on": random.choice(("2026-11-22", "2026-08-07", "2027-01-01", "2027-03-01", "2020-01-01")),
                "province": random.choice((None, "31", "68", "79")),
                "channel": random.choice((None, "online", "direct", "post")),
            },
        )
        answer = twin(line)
        assert "error" not in json.loads(answer)
        assert answer == evaluate_line(line)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(random=st.randoms(use_true_random=False))
def test_both_agree_on_random_guides_and_answers(random: Random, twin: Twin) -> None:
    line = hostile.line(random)
    assert twin(line) == evaluate_line(line)


@settings(max_examples=300)
@given(seed=st.integers(0, 2**64))
def test_both_agree_on_large_random_guides(seed: int, twin: Twin) -> None:
    """Seeded instead of steered: whole guides are more than hypothesis likes to draw piece by piece."""
    line = hostile.line(Random(seed))
    assert twin(line) == evaluate_line(line)


def test_both_read_files_alike(node: str, batch_door: Path, tmp_path: Path) -> None:
    """Blank lines, other line ends inside texts, bytes that are no text, no line end at the end."""
    lines = [hostile.raw(hostile.line(Random(seed))) for seed in range(200)]
    odd = [b"", b"  \r", b'"\xff\xed\xa0\x80\xc3("', '{"guide": "\u2028\u0085"}\r'.encode(), b"{}"]
    file = tmp_path / "lines.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + b"\n".join([*lines, *odd]))
    run = subprocess.run([node, batch_door, file], capture_output=True, check=True, timeout=60)
    with file.open("rb") as opened:
        expected = "".join(f"{answer}\n" for answer in evaluate(opened))
    assert run.stdout.decode() == expected
    assert len(expected.splitlines()) >= 203


def test_the_scripts_have_no_type_error(node: str) -> None:
    compiler = ROOT / "node_modules/typescript/bin/tsc"
    checked = subprocess.run(
        [node, compiler, "--noEmit", "-p", ROOT / "tsconfig.json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert checked.returncode == 0, checked.stdout
