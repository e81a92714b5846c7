"""What setup remembers: nothing is done twice, nothing that changed is forgotten."""

import subprocess
import sys
from pathlib import Path

from tools.bootstrap import fingerprint, is_current, remember

from .homes import ROOT


def test_a_fingerprint_follows_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a.lock").write_text("one\n")
    seen = [fingerprint(tmp_path, ("*.lock",))]
    (tmp_path / "other.txt").write_text("does not matter")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "b.lock").write_text("does not matter")
    assert fingerprint(tmp_path, ("*.lock", "**/*.lock")) == seen[0]
    (tmp_path / "a.lock").write_text("two\n")
    seen.append(fingerprint(tmp_path, ("*.lock",)))
    (tmp_path / "a.lock").rename(tmp_path / "b.lock")
    seen.append(fingerprint(tmp_path, ("*.lock",)))
    seen.append(fingerprint(tmp_path, ("*.lock",), "Python 3.12"))
    assert len(set(seen)) == 4


def test_a_step_is_current_only_with_its_results(tmp_path: Path) -> None:
    stamps, result = tmp_path / "stamps", tmp_path / "result"
    assert not is_current(stamps, "step", "value")
    remember(stamps, "step", "value")
    assert is_current(stamps, "step", "value")
    assert not is_current(stamps, "step", "another value")
    assert not is_current(stamps, "another step", "value")
    assert not is_current(stamps, "step", "value", [result])
    result.touch()
    assert is_current(stamps, "step", "value", [result])
    assert [path.name for path in stamps.iterdir()] == ["step"]


def test_the_locks_are_complete_and_name_no_registry() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-node.lock"):
        text = (ROOT / name).read_text()
        pinned = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
        assert pinned
        assert all(line.endswith("\\") for line in pinned), "every version is followed by its hashes"
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text


def test_an_old_python_is_told_so() -> None:
    program = "import sys; sys.version_info = (3, 9, 2); import tools.bootstrap as b; sys.exit(b.main())"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert told.returncode == 1
    assert "Python 3.11 or later is needed" in told.stderr
