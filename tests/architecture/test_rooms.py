"""Rooms keep their shape: known names, small files, and only the doors between them."""

import ast
from pathlib import Path

import grimp
import pytest

from .house import FILES, FLOORS, ROOMS_FOLDER, ROOT, SPECIALS, room_of, rooms, sources, tree

OPEN_TO_OTHERS = {"services", "queries", "models", "enums", "signals"}


def test_every_room_has_a_floor() -> None:
    assert [room for room in rooms() if room not in FLOORS] == []


def test_rooms_hold_only_known_files() -> None:
    strange = []
    for room in rooms():
        if room == "core":
            continue
        for path in (ROOMS_FOLDER / room).iterdir():
            name = path.stem if path.suffix == ".py" else path.name
            allowed = name in FILES or room in SPECIALS.get(name, ())
            if not allowed and name != "__pycache__":
                strange.append(f"{room}/{path.name}")
    assert strange == []


def test_rooms_meet_only_through_services_queries_models_and_enums() -> None:
    graph = grimp.build_graph("nhipcau", cache_dir=None)
    wrong = []
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            here, there = importer.split("."), imported.split(".")
            if len(here) < 2 or len(there) < 2 or here[1] == there[1] or there[1] == "core":
                continue
            if len(there) < 3 or (there[2] not in OPEN_TO_OTHERS and there[1:3] != ["teams", "access"]):
                wrong.append(f"{importer} -> {imported}")
    assert wrong == []


def test_files_are_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in sources("nhipcau", "planning", "guides", "config", "tools", "tests", "benchmarks")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    ]
    assert long == []


def test_functions_are_short() -> None:
    long = []
    for path in sources("nhipcau", "planning", "guides", "config", "tools"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 40:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines")
    assert long == []


def code_lines(path: Path) -> int:
    """Lines that do something: blank lines, comments and docstrings are free; nobody saves on words."""
    words = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            words.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return sum(1 for number, line in lines if number not in words and line.strip() and line.strip()[0] != "#")


@pytest.mark.parametrize("room", rooms())
def test_room_fits_its_budget(room: str) -> None:
    assert sum(code_lines(path) for path in sources("nhipcau") if room_of(path) == room) <= 3000


def test_every_module_says_what_it_is_responsible_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources("nhipcau", "planning", "guides", "config", "tools")
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_words_are_marked_by_names_that_the_catalogue_tool_knows() -> None:
    """`gettext` under a name of one's own would never reach the translators."""
    strange = [
        f"{path.relative_to(ROOT)}:{node.lineno} {name.name} as {name.asname}"
        for path in sources("nhipcau", "config")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname not in (None, "_")
    ]
    assert strange == []
