"""Every address is marked public or names a permission that exists; templates link only downwards."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from nhipcau.core.doors import door_of
from nhipcau.teams.access import OPEN_MODULES, module_of
from nhipcau.teams.enums import Permission

from .house import FLOORS, ROOMS_FOLDER, rooms


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


def test_every_address_is_marked() -> None:
    unmarked = [
        address
        for address, entry in addresses(get_resolver())
        if door_of(entry.callback) is None and not module_of(entry.callback).startswith(OPEN_MODULES)
    ]
    assert unmarked == []


def test_open_modules_are_all_in_use() -> None:
    modules = {module_of(entry.callback) for _address, entry in addresses(get_resolver())}
    stale = [name for name in OPEN_MODULES if not any(module.startswith(name) for module in modules)]
    assert stale == []


def test_every_permission_asked_for_exists() -> None:
    known = {permission.value for permission in Permission}
    asked = {
        door.permission
        for _address, entry in addresses(get_resolver())
        if (door := door_of(entry.callback)) is not None and door.permission
    }
    assert asked - known == set()


def test_templates_link_and_include_only_their_room_or_lower() -> None:
    link = re.compile(r"{%\s*(?:url|include|extends)\s+['\"]([\w-]+)[:/]")
    wrong = []
    for room in rooms():
        for path in sorted((ROOMS_FOLDER / room).rglob("templates/**/*")):
            if not path.is_file():
                continue
            wrong.extend(
                f"{path.name}: {target}"
                for target in link.findall(path.read_text(encoding="utf-8"))
                if target in FLOORS and target != room and FLOORS[target] >= FLOORS[room]
            )
    assert wrong == []
