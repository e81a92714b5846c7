"""The forms of all entries: what ships comes back unchanged, and what cannot be is said at its field."""

from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from nhipcau.authoring.forms import ConditionForm, EntryForm, NewGuideForm, PublishForm
from nhipcau.authoring.rules import contents
from nhipcau.authoring.rules.parts import PARTS, SHOWN
from nhipcau.procedures import guide as engine

GUIDES = sorted((Path(__file__).resolve().parents[2] / "data/guides").glob("*.yaml"))
pytestmark = pytest.mark.django_db
TEXT = {"vi": "Một", "en": "One", "th": "หนึ่ง"}


def sent(form: forms.Form) -> QueryDict:
    """What a browser sends when nothing was touched."""
    data = QueryDict(mutable=True)
    for name in form.fields:
        bound = form[name]
        value = bound.value()
        if isinstance(form.fields[name], forms.BooleanField):
            if value:
                data[name] = "on"
        elif isinstance(form.fields[name], forms.MultipleChoiceField):
            data.setlist(name, list(value or []))
        else:
            data[name] = "" if value is None else str(form.fields[name].prepare_value(value))
    return data


def places(content: dict[str, Any]) -> list[contents.Place]:
    """Every entry of a guide."""

    def below(place: contents.Place) -> list[contents.Place]:
        found = [place]
        for name in place.part.children:
            listed = place.inside(name)
            for index in range(len(contents.list_at(content, listed) or [])):
                found += below(listed.at(index))
        return found

    entries: list[contents.Place] = []
    for name in SHOWN:
        top = contents.Place(PARTS[name])
        if top.part.single:
            entries.append(top)
        for index in range(0 if top.part.single else len(contents.list_at(content, top) or [])):
            entries += below(top.at(index))
    return entries


@pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.stem)
def test_a_form_that_nobody_touched_changes_nothing(file: Path) -> None:
    data = engine.read_yaml(file.read_text()).data
    for version in data["versions"]:
        content = data | {"versions": [version]}
        before = engine.canonical(content)
        found = places(content)
        assert len(found) > 10
        for place in found:
            entry = contents.entry_at(content, place)
            untouched = EntryForm(part=place.part, content=content, entry=entry)
            form = EntryForm(sent(untouched), part=place.part, content=content, entry=entry)
            assert form.is_valid(), (place, form.errors)
            assert engine.parse(contents.put(content, place, form.result)) == engine.parse(content), place
        assert engine.canonical(content) == before


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("fees", "amount", "-1"), ("fees", "amount", "1e9"), ("fees", "amount", "9" * 40),
        ("fees", "amount", "12,5"),
        ("fees", "valid_from", "2026-02-30"), ("fees", "provinces", "00"), ("fees", "source", "gone"),
        ("fees", "channel", "pigeon"), ("sources", "url", "javascript:alert(1)"), ("sources", "url", "http://x.vn"),
        ("sources", "url", "https://x.vn/<b>"), ("sources", "title", ""), ("sources", "title", "x" * 1_501),
        ("items", "count", ""), ("items", "form", "stone tablet"), ("steps", "text__vi", ""),
        ("steps", "text__vi", "  "),
        ("steps", "text__en", "x" * 1_501), ("facts", "type", "riddle"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(part: str, name: str, value: str) -> None:
    content = {"versions": [{"sources": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]}]}
    data = sent(EntryForm(part=PARTS[part], content=content, entry=None))
    data[name] = value
    form = EntryForm(data, part=PARTS[part], content=content, entry=None)
    assert not form.is_valid()
    assert name in form.errors
    assert form[name].value() in (value, [value]), "what was typed stays"


def test_letters_and_marks_are_stored_together() -> None:
    form = EntryForm(
        {"text__vi": "Gia\u0302\u0301y\r\nto\u031b\u0300", "text__en": "", "text__th": ""},
        part=PARTS["steps"], content={"versions": [{}]}, entry=None,
    )  # fmt: skip
    assert form.is_valid()
    assert form.result == {"text": {"vi": "Giấy\ntờ"}}


FACTS = {
    "yes_no": {"id": "late", "type": "yes_no"},
    "choice": {"id": "who", "type": "choice"},
    "number": {"id": "rooms", "type": "number"},
    "date": {"id": "born", "type": "date"},
}
ANSWERS = [("a", "A"), ("b", "B"), ("yes", "Có")]


@pytest.mark.parametrize(
    ("kind", "data", "leaf"),
    [
        ("yes_no", {"values": ["yes"]}, {"fact": "late", "is": "yes"}),
        ("choice", {"values": ["a", "b"]}, {"fact": "who", "in": ["a", "b"]}),
        ("number", {"operator0": "ge", "value0": "2", "operator1": "lt", "value1": "5"},
         {"fact": "rooms", "ge": 2, "lt": 5}),
        ("number", {"operator0": "is", "value0": "0"}, {"fact": "rooms", "is": 0}),
        ("date", {"measure": "age", "operator0": "ge", "value0": "14"}, {"fact": "born", "age": {"ge": 14}}),
        ("date", {"measure": "day", "operator0": "lt", "value0": "2010-01-01"},
         {"fact": "born", "lt": "2010-01-01"}),
    ],
)  # fmt: skip
def test_a_comparison_comes_back_into_its_form(kind: str, data: dict[str, Any], leaf: dict[str, Any]) -> None:
    form = ConditionForm(_query(data), fact=FACTS[kind], answers=ANSWERS)
    assert form.is_valid(), form.errors
    assert form.leaf == leaf
    again = ConditionForm(
        sent(ConditionForm(fact=FACTS[kind], answers=ANSWERS, leaf=leaf)), fact=FACTS[kind], answers=ANSWERS
    )
    assert again.is_valid(), again.errors
    assert again.leaf == leaf


def _query(data: dict[str, Any]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("yes_no", {}), ("yes_no", {"values": ["maybe"]}), ("number", {"operator0": "ge", "value0": ""}),
        ("number", {"operator0": "ge", "value0": "x"}), ("number", {"operator0": "ge", "value0": "9" * 20}),
        ("number", {"operator0": "ge", "value0": "1", "operator1": "lt"}),
        ("number", {"operator0": "ge", "value0": "1", "value1": "3"}),
        ("date", {"measure": "day", "operator0": "ge", "value0": "14"}),
        ("date", {"measure": "age", "operator0": "ge", "value0": "2010-01-01"}),
        ("date", {"measure": "age", "operator0": "is", "value0": "14"}),
        ("date", {"measure": "day", "operator0": "ge", "value0": "2026-02-30"}),
    ],
)  # fmt: skip
def test_a_comparison_that_is_none(kind: str, data: dict[str, Any]) -> None:
    assert not ConditionForm(_query(data), fact=FACTS[kind], answers=ANSWERS).is_valid()


def test_dates_of_a_version_and_codes_of_a_guide() -> None:
    assert not PublishForm({"revision": 1, "begins": "2026-12-01", "ends": "2026-12-01"}).is_valid()
    assert PublishForm({"revision": 1, "begins": "2026-12-01", "ends": ""}).is_valid()
    base = {"name_vi": "Tên", "name_en": "Name", "life_event": "birth", "area": ""}
    areas = [("", "")]
    for kind, code, fine in (
        ("procedure", "", False),
        ("procedure", "1.2", False),
        ("procedure", "1.001193", True),
        ("in_app", "", True),
    ):
        assert NewGuideForm({**base, "kind": kind, "code": code}, areas=areas).is_valid() is fine
