"""The field app's checklist engine, built as it ships and kept running, to be asked line by line."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[2]

# A machine busy with the rest of the tests is no fault of the engines: speed has its own benchmark.
settings.register_profile("field", deadline=None)
settings.load_profile("field")


@pytest.fixture(scope="session")
def node() -> str:
    """Node as the setup finds it: that of the virtual environment first."""
    found = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert found is not None, "Node is missing: run `make setup`"
    return found


@pytest.fixture(scope="session")
def batch_door(node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program `batch.mjs`, built from the sources of this moment."""
    folder = tmp_path_factory.mktemp("field")
    subprocess.run([node, ROOT / "tools/build_field.mjs", folder], check=True, cwd=ROOT, timeout=60)
    return folder / "batch.mjs"


@pytest.fixture(scope="session")
def twin(node: str, batch_door: Path) -> Iterator[Callable[[str], str]]:
    """Asks the second evaluator: a line of JSON in, its answer out."""
    process = subprocess.Popen([node, batch_door, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def ask(line: str) -> str:
        stdin.write(line.encode() + b"\n")
        stdin.flush()
        return stdout.readline().decode().removesuffix("\n")

    assert ask("{}")
    yield ask
    stdin.close()
    process.wait(10)
    stdout.close()
