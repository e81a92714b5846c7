"""Changing the words of a draft, so that two people at once lose nothing."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.authoring.enums import Act, DraftState
from nhipcau.authoring.models import Draft
from nhipcau.authoring.rules import conditions, contents
from nhipcau.authoring.rules.contents import Content, Place
from nhipcau.authoring.rules.parts import OF_THE_NATION
from nhipcau.authoring.rules.states import LARGEST_CONTENT, MOST_ENTRIES, UnableToEdit, check_open
from nhipcau.authoring.services.steps import locked, note_step
from nhipcau.core.scope import Actor
from nhipcau.procedures.models import Procedure
from nhipcau.teams.enums import Permission


class UnableToSaveOver(UnableToEdit):
    """Somebody else changed the same entry in the meantime. `current` is theirs; None: it is gone."""

    code = "authoring.conflict"

    def __init__(self, current: Content | None, seen: str) -> None:
        super().__init__(
            _("Somebody else changed this while you were writing. Nothing is lost: compare both.")
        )
        self.current = current
        self.seen = seen


def save_entry(*, draft_id: UUID, place: Place, entry: Content, seen: str, by: Actor, now: datetime) -> Draft:
    """One form of a draft. `seen`: what the form was opened on (`contents.seen_at`)."""

    def edit(draft: Draft) -> Content:
        found = _found(draft.content, place, seen)
        entries = None if place.part.single else contents.list_at(draft.content, place)
        if place.new and entries is not None and len(entries) >= MOST_ENTRIES:
            raise UnableToEdit(_("This list is full."))
        _check_nation(draft, place, entry)
        return contents.put(draft.content, found, entry)

    return _edit(draft_id, place, edit, by=by, now=now)


def arrange_entry(*, draft_id: UUID, place: Place, act: str, seen: str, by: Actor, now: datetime) -> Draft:
    """Moves an entry `up` or `down`, or takes it away (`remove`)."""

    def edit(draft: Draft) -> Content:
        index = _found(draft.content, place, seen).index
        assert index is not None

        def rearrange(entries: list[Any]) -> None:
            entry = entries.pop(index)
            if act != "remove":
                entries.insert(max(0, index + (-1 if act == "up" else 1)), entry)

        return contents.change(draft.content, place, rearrange)

    return _edit(draft_id, place, edit, by=by, now=now)


def set_rule(*, draft_id: UUID, place: Place, rule: Any, seen: str, by: Actor, now: datetime) -> Draft:
    """The condition of an entry; None: always. `seen` is what the page of the condition was opened on."""

    def edit(draft: Draft) -> Content:
        if rule is not None and not conditions.fits(rule):
            raise UnableToEdit(_("This condition is too long to be understood. Make it shorter."))
        return contents.with_rule(draft.content, _found(draft.content, place, seen), rule)

    return _edit(draft_id, place, edit, by=by, now=now)


def _found(content: Content, place: Place, seen: str) -> Place:
    found = contents.find(content, place, seen)
    if found is None:
        raise UnableToSaveOver(contents.entry_at(content, place), contents.seen_at(content, place))
    return found


def _check_nation(draft: Draft, place: Place, entry: Content) -> None:
    """Name, code and words for searching are the nation's; a province's version leaves them as they are."""
    if not draft.area or not place.part.single or not Procedure.objects.filter(pk=draft.procedure).exists():
        return
    before = contents.entry_at(draft.content, place)
    keys = OF_THE_NATION if place.part.name == "about" else (place.part.name,)
    if any((before.get(key) or None) != (entry.get(key) or None) for key in keys):
        raise UnableToEdit(_("Name, code and words for searching are the same in the whole country."))


def _edit(
    draft_id: UUID, place: Place, edit: Callable[[Draft], Content], *, by: Actor, now: datetime
) -> Draft:
    with unit_of_work(by=by, now=now):
        draft = locked(draft_id, by=by, permission=Permission.AUTHORING_WRITE)
        check_open(draft)
        content = edit(draft)
        if len(json.dumps(content, ensure_ascii=False)) > LARGEST_CONTENT:
            raise UnableToEdit(_("The guide would become too long."))
        if content == draft.content:
            return draft
        draft.content = content
        draft.revision += 1
        draft.updated_at = now
        # Other words are other facts: the second reader starts again.
        draft.state = DraftState.DRAFT
        draft.checked_by = None
        draft.editors = list(dict.fromkeys([*draft.editors, by.id]))
        draft.save()
        note_step(draft, Act.EDITED, by=by, now=now, part=place.part.name)
    return draft
