"""Only services write. The list of exceptions is short, and an entry that is no longer needed fails."""

import ast
from pathlib import Path

from .house import ROOMS_FOLDER, sources, tree

# Ways to write that no model has: a QR code is saved to a stream.
NOT_A_MODEL = ("segno.",)
WRITES = {
    "save",
    "bulk_create",
    "bulk_update",
    "create",
    "get_or_create",
    "update_or_create",
    "delete",
    "update",
}


def writes_of(path: Path) -> list[str]:
    found = []
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, owner = node.func.attr, ast.unparse(node.func.value)
        database = "objects" in owner or name in {"save", "bulk_create", "bulk_update"}
        queryset = name in {"update", "delete"} and any(
            part in owner for part in (".filter(", ".all(", ".exclude(", "visible_to(")
        )
        if name in WRITES and (database or queryset) and not owner.startswith(NOT_A_MODEL):
            found.append(f"{path.relative_to(ROOMS_FOLDER)}:{node.lineno} {owner}.{name}()")
    return found


def is_service(path: Path) -> bool:
    return "services" in path.relative_to(ROOMS_FOLDER).parts or path.name == "services.py"


def test_only_services_write() -> None:
    wrong = [line for path in sources("nhipcau") if not is_service(path) for line in writes_of(path)]
    assert wrong == []


def test_the_check_sees_writes() -> None:
    """The rule would be empty if it could not see a write: services must show some."""
    assert any(writes_of(path) for path in sources("nhipcau") if is_service(path))


def test_the_exceptions_are_all_in_use() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sources("nhipcau"))
    assert [name for name in NOT_A_MODEL if name not in text] == []
