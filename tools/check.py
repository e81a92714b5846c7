"""Runs everything that proves the project, one line per step; a failed step shows its output.

All steps run, whatever fails before them. The database is a throw-away one in `build/test-state`.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.postgres import DATABASE_ERRORS, running
from config.state import put_keys_in_environment

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STATE = ROOT / "build" / "test-state"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
DJANGO = ("python", "-m", "django")
# Who has nothing left to do takes over half of what the other still has: long tests lie together in files.
# In a whole run some of them rightly take longer than the limit against waiting for ever.
PATIENT = ("-o", "timeout=0") if os.environ.get("NHIPCAU_TESTS") == "whole" else ()
PYTEST = ("pytest", *PATIENT, "--dist", "worksteal", "-n")


@dataclass(frozen=True)
class Step:
    """One check: what people call it, and the command (its program is looked for in `.venv/bin`)."""

    name: str
    command: Sequence[str]
    is_pytest: bool = False


STEPS = (
    Step("format", ("ruff", "format", "--check", "--quiet", ".")),
    Step("lint", ("ruff", "check", "--quiet", ".")),
    Step("import contract", ("lint-imports",)),
    Step("types", ("mypy",)),
    Step("migrations", (*DJANGO, "makemigrations", "--check", "--dry-run")),
    Step("translations", ("python", "tools/messages.py", "check")),
    Step("reference pages", (*DJANGO, "reference", "--check")),
    Step("guides", (*DJANGO, "procedures", "lint")),
    Step("tests", (*PYTEST, "2", "-m", "not browser", "tests"), is_pytest=True),
)
# A browser often waits for a page or a line: a third one uses the time. A test of hundreds that met a machine
# too busy is tried once more, and named: it has to be mended all the same.
BROWSER_STEP = Step(
    "browser tests", (*PYTEST, "3", "--reruns", "1", "-rR", "-m", "browser", "tests/browser"), is_pytest=True
)


def environment(database: str) -> dict[str, str]:
    """What every step sees: the throw-away database, its own state folder and keys."""
    mine = {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "NHIPCAU_HOME": str(STATE),
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **mine}


def run(step: Step, variables: dict[str, str]) -> bool:
    """Run one step and print its line; for tests also their closing line."""
    started = time.monotonic()
    done = subprocess.run(
        [str(BIN / step.command[0]), *step.command[1:]],
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    passed = done.returncode == 0
    print(
        f"{'ok    ' if passed else 'FAILED'}  {step.name:<18} {time.monotonic() - started:6.1f} s", flush=True
    )
    lines = done.stdout.rstrip().splitlines()
    if not passed:
        print("\n".join(lines) or f"(no output; exit code {done.returncode})", flush=True)
    elif step.is_pytest and lines:
        again = [line for line in lines if line.startswith("RERUN ")]
        print("\n".join([*again, lines[-1]]), flush=True)
    return passed


def run_all(variables: dict[str, str]) -> list[str]:
    """Run every step; returns the names of those that failed."""
    failed = [step.name for step in STEPS if not run(step, variables)]
    if any(shutil.which(name) for name in BROWSERS):
        failed += [] if run(BROWSER_STEP, variables) else [BROWSER_STEP.name]
    else:
        print(f"-       {BROWSER_STEP.name}: skipped: no Chromium", flush=True)
    return failed


def main() -> int:
    """Run the checks with a database of their own."""
    started = time.monotonic()
    STATE.mkdir(parents=True, exist_ok=True)
    put_keys_in_environment(STATE)
    try:
        with running(STATE, fsync=False) as database:
            failed = run_all(environment(database))
    except DATABASE_ERRORS as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    took = f"{time.monotonic() - started:.0f} s"
    print(f"\n{'Failed: ' + ', '.join(failed) if failed else 'Everything passed'} ({took}).", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
