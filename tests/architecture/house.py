"""The house as the tests read it: rooms, floors, files."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS_FOLDER = ROOT / "nhipcau"

FLOORS = {
    "core": 0,
    "audit": 1, "messaging": 1,
    "places": 2, "catalogue": 2,
    "teams": 3, "citizens": 3, "procedures": 3,
    "cases": 4, "authoring": 4, "volunteers": 4, "devices": 4,
    "shifts": 5,
    "signups": 6,
    "staffing": 7,
    "roster": 8, "attendance": 8, "reinforcement": 8, "visits": 8, "learning": 8, "records": 8,
    "sync": 9, "reports": 9,
    "portal": 10,
}  # fmt: skip

FILES = {
    "urls", "views", "api", "tasks", "management", "forms", "services", "access", "queries", "rules",
    "models", "enums", "signals", "apps", "migrations", "templates", "documents", "__init__",
}  # fmt: skip

SPECIALS = {
    "plan": {"roster", "visits"},
    "operations": {"sync"},
    "channels": {"messaging"},
    "indicators": {"reports"},
    "guide": {"procedures"},
    "search": {"catalogue"},
    "convert": {"places"},
    "access": {"teams"},
}


def rooms() -> list[str]:
    """The rooms that exist, ground floor first."""
    found = [path.name for path in ROOMS_FOLDER.iterdir() if (path / "__init__.py").is_file()]
    return sorted(found, key=lambda room: (FLOORS.get(room, 99), room))


def sources(*folders: str) -> Iterator[Path]:
    """Python files of the named folders, migrations left out."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts and "node_modules" not in path.parts:
                yield path


def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def room_of(path: Path) -> str:
    """The room a file belongs to."""
    return path.relative_to(ROOMS_FOLDER).parts[0]
