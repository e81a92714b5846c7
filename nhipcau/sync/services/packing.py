"""Hands a phone what changed in its day pack since the last page it kept.

Each phone has a sequence of its own: what it needs now is held against what it was given, and what differs
gets the next numbers. So nothing depends on clocks or on the order in which transactions end, and what a
member may no longer see leaves the phone like anything else that is gone.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import translation

from nhipcau.audit.services import unit_of_work
from nhipcau.core.scope import Actor
from nhipcau.devices.models import Device
from nhipcau.devices.services.contact import note_contact
from nhipcau.sync.models import PackLedger
from nhipcau.sync.queries.pack import Thing, things_for

PAGE_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the pack at its place in the phone's sequence; `body` None: it is gone."""

    sequence: int
    kind: str
    id: str
    body: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Page:
    """What comes after a place. `next`: the place to ask from afterwards."""

    epoch: str
    items: tuple[Item, ...]
    next: int
    more: bool
    lease_until: datetime


def hand_out(*, device_id: UUID, after: int, epoch: str, language: str, by: Actor, now: datetime) -> Page:
    """A page of at most about 64 KiB. A phone that does not know the epoch begins at the beginning."""
    with translation.override(language), unit_of_work(by=by, now=now):
        device = Device.objects.select_for_update().get(pk=device_id)
        things = {thing.key: thing for thing in things_for(by, language=language, now=now)}
        ledger = _ledger(device, epoch, after)
        _note_changes(ledger, things)
        start = after if epoch == ledger.epoch else 0
        items, more = _page(ledger, things, start)
        note_contact(device, now=now)
        place = items[-1].sequence if items else max(start, 0)
        return Page(ledger.epoch, items, place, more, device.lease_until)


def _ledger(device: Device, epoch: str, after: int) -> PackLedger:
    found = PackLedger.objects.filter(device=device).first()
    if found is None:
        return PackLedger(device=device, epoch=secrets.token_hex(6))
    # A phone that was given more than we remember: the database is older than the phone. From the beginning.
    if epoch == found.epoch and after > found.sequence:
        found.epoch, found.sequence, found.items = secrets.token_hex(6), 0, {}
    return found


def _note_changes(ledger: PackLedger, things: dict[str, Thing]) -> None:
    changed = ledger._state.adding
    for key, thing in things.items():
        if (ledger.items.get(key) or [None])[0] != thing.digest:
            ledger.sequence += 1
            ledger.items[key] = [thing.digest, ledger.sequence]
            changed = True
    for key, (digest, _place) in list(ledger.items.items()):
        if key not in things and digest is not None:
            ledger.sequence += 1
            ledger.items[key] = [None, ledger.sequence]
            changed = True
    if changed:
        ledger.save()


def _page(ledger: PackLedger, things: dict[str, Thing], after: int) -> tuple[tuple[Item, ...], bool]:
    waiting = sorted((place, key) for key, (_digest, place) in ledger.items.items() if place > after)
    items: list[Item] = []
    size = 0
    for place, key in waiting:
        thing = things.get(key)
        size += thing.size if thing else 60
        if items and size > PAGE_BYTES:
            return tuple(items), True
        kind, _slash, name = key.partition("/")
        items.append(Item(place, kind, name, thing.body if thing else None))
    return tuple(items), False
