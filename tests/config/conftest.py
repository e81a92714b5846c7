"""State folders outside pytest's own one, which root's database user could not enter."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.postgres import running


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that everybody may pass through, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-home-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty state folder."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def finished_home() -> Iterator[Path]:
    """A state folder whose database was made by a start and a stop, to be copied."""
    with open_folder() as folder:
        with running(folder, fsync=False):
            pass
        yield folder


@pytest.fixture
def used_home(home: Path, finished_home: Path) -> Path:
    """A state folder used before: making a database anew for each test would take most of the time."""
    subprocess.run(["cp", "-a", f"{finished_home}/.", str(home)], check=True)
    return home
