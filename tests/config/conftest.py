"""A state folder outside pytest's own one, which root's database user could not enter."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty state folder that the database's system user can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="nhipcau-home-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
