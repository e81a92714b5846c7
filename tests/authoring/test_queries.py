"""What changed in words, faults with the way to their field, the age of guides, and what each page costs."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from nhipcau.authoring import services
from nhipcau.authoring.enums import Kind
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries import (
    areas_for,
    changes_of,
    condition,
    faults_of,
    guide_rows,
    open_drafts,
    preview,
    remarks_of,
)
from nhipcau.authoring.queries.changes import compare
from nhipcau.authoring.queries.faults import in_words
from nhipcau.authoring.rules import contents
from nhipcau.authoring.rules.parts import SHOWN
from nhipcau.procedures.models import ProcedureVersion
from nhipcau.procedures.queries import content_of
from nhipcau.procedures.services import check_guide
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member
from tests.factories.cast import Cast

from .conftest import NOW, actor, save, shipped

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
TEXT = {"vi": "Câu mới", "en": "New sentence", "th": "ประโยคใหม่"}


def edited(**version: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A shipped guide, and the same with a part of its version replaced."""
    old = content_of(shipped())
    return old, old | {"versions": [old["versions"][0] | version]}


def test_nothing_changed_is_no_change() -> None:
    old, new = edited()
    assert compare(old, new) == []


def test_added_removed_changed_and_moved_are_told_apart() -> None:
    old = content_of(shipped())
    steps = old["versions"][0]["steps"]
    for changed, kinds in (
        ([*steps, TEXT], [Kind.ADDED]),
        (steps[1:], [Kind.REMOVED]),
        ([steps[0] | {"vi": steps[0]["vi"] + " thêm"}, *steps[1:]], [Kind.CHANGED]),
        ([steps[1], steps[0], *steps[2:]], [Kind.MOVED]),
    ):
        found = compare(old, edited(steps=changed)[1])
        assert [change.kind for change in found] == kinds
        assert all(change.part.name == "steps" for change in found)


def test_a_change_says_before_and_after_with_its_source() -> None:
    old = content_of(shipped())
    fee = old["versions"][0]["fees"][0]
    with translation.override("en"):
        _old, new = edited(fees=[fee | {"amount": 12_000}, *old["versions"][0]["fees"][1:]])
        (change,) = compare(old, new)
    assert [(label, after) for label, _before, after in change.lines] == [("Amount in đồng", "12,000")]
    assert change.source


def test_a_paper_inside_a_way_is_a_line_of_its_requirement() -> None:
    old, new = edited()
    new = contents.change(
        new, place("requirements.1.evidence.0.items.0"), lambda items: items[0].update(count=3)
    )
    with translation.override("en"):
        (change,) = compare(old, new)
    assert change.place == "requirements.1"
    assert change.lines == [("Way 1 · Paper 1 · How many", "1", "3")]


def place(text: str) -> contents.Place:
    found = contents.read_place(text)
    assert found is not None
    return found


def test_the_key_is_the_same_in_every_language_and_another_for_another_change() -> None:
    old, new = edited(steps=[TEXT])
    keys = []
    for language in ("vi", "th"):
        with translation.override(language):
            keys.append([change.key for change in compare(old, new)])
    assert keys[0] == keys[1]
    assert set(keys[0]).isdisjoint(change.key for change in compare(old, edited(warnings=[TEXT])[1]))


def test_a_new_guide_is_all_new() -> None:
    content = content_of(shipped())
    found = compare(None, content)
    assert {change.kind for change in found} == {Kind.ADDED}
    assert len(found) == 1 + sum(
        len(content["versions"][0][key]) for key in SHOWN if key not in ("about", "keywords")
    )


def test_conditions_are_sentences_in_the_readers_language() -> None:
    content = content_of(shipped())
    rule = {
        "any": [
            {"not": {"fact": "birth_proof", "is": "witness"}},
            {"all": [{"fact": "who", "in": ["parent", "relative"]}, {"fact": "surrogacy", "is": "yes"}]},
        ]
    }
    with translation.override("en"):
        text = condition(content, rule)
    assert text.startswith("not (“")
    assert "” or (“" not in text
    assert ") or (" in text
    assert "“The father or mother” or “" in text
    bounds = {
        "facts": [
            {"id": "born", "type": "date", "question": TEXT},
            {"id": "n", "type": "number", "question": TEXT},
        ]
    }
    content = {"versions": [bounds]}
    with translation.override("en"):
        assert condition(content, {"fact": "born", "age": {"ge": 14, "lt": 16}}) == (
            "“New sentence” makes an age at least 14 and makes an age below 16"
        )
        assert condition(content, {"fact": "n", "le": 1500}) == "“New sentence” at most 1,500"
        assert condition(content, {"fact": "gone", "is": "yes"}) == "“gone” is “yes”"
        assert condition(content, None) == ""


def test_every_fault_of_the_engine_has_plainer_words() -> None:
    """Each broken in one way; what an official reads is never the engine's own sentence."""
    old = content_of(shipped())
    version = old["versions"][0]
    broken: list[dict[str, Any]] = [
        {"sources": []},
        {"steps": [{"vi": "<b>x</b>", "en": "x", "th": "x"}]},
        {"steps": [{"vi": "x" * 1_600, "en": "x", "th": "x"}]},
        {"steps": [{"vi": "x", "en": "x"}]},
        {"steps": [{"vi": "a\u200bb", "en": "x", "th": "x"}]},
        {"requirements": [version["requirements"][0] | {"evidence": []}]},
        {
            "requirements": [
                version["requirements"][0] | {"evidence": [{"items": []}], "why": None, "source": "gone"}
            ]
        },
        {"requirements": [version["requirements"][0] | {"when": {"fact": "gone", "is": "yes"}}]},
        {"requirements": [version["requirements"][0] | {"when": {"fact": "who", "is": "nobody"}}]},
        {"requirements": [version["requirements"][0] | {"when": {"all": []}}]},
        {
            "requirements": [
                version["requirements"][0]
                | {"when": {"all": [{"fact": "surrogacy", "is": "yes"}, {"fact": "surrogacy", "is": "no"}]}}
            ]
        },
        {
            "fees": [
                version["fees"][0] | {"amount": -1, "valid_from": "2027-01-01", "valid_until": "2026-01-01"}
            ]
        },
        {"facts": [*version["facts"], {"id": "x", "type": "choice", "question": TEXT, "options": []}]},
        {"facts": [*version["facts"], version["facts"][0]]},
        {"requirements": [], "steps": []},
    ]
    for change in broken:
        content = edited(**change)[1]
        problems = check_guide(content)
        assert problems, change
        plain = [problem.message for problem in problems if in_words(problem.message) == problem.message]
        assert plain == [], change
        assert all(contents.read_place(fault.place) for fault in faults_of(content))


def test_a_rule_that_can_never_hold_leads_to_its_condition() -> None:
    never = {"all": [{"fact": "surrogacy", "is": "yes"}, {"fact": "surrogacy", "is": "no"}]}
    old = content_of(shipped())
    fees = [old["versions"][0]["fees"][0] | {"when": never}]
    found = [fault for fault in faults_of(edited(fees=fees)[1]) if fault.in_rule]
    assert [(fault.part, fault.place) for fault in found] == [("fees", "fees.0")]
    always = [old["versions"][0]["fees"][0] | {"when": {"fact": "surrogacy", "in": ["yes", "no"]}}]
    content = edited(fees=[*always, *old["versions"][0]["fees"][1:]])[1]
    assert faults_of(content) == []
    assert [fault.place for fault in remarks_of(content)] == ["fees.0"]


def test_the_list_is_tried_from_words_that_are_not_saved(draft: Draft) -> None:
    content = contents.put(draft.content, place("steps.0"), {"text": TEXT})
    with translation.override("vi"):
        found = preview(content, {"birth_proof": "paper_note"}, on=TODAY, province="68", names={})
    assert any("Câu mới" in lines for _title, lines in found.lines)
    assert found.given == 1
    assert not preview({"versions": [{}]}, {}, on=TODAY, province="", names={}).readable


def test_those_not_read_again_for_long(cast: Cast) -> None:
    nation = actor(cast.nation)
    everything = guide_rows(nation, today=TODAY)
    assert len(everything) >= 18
    old = shipped("temporary-residence")
    ProcedureVersion.objects.filter(pk=old.pk).update(checked_on=date(2025, 11, 1))
    for months, expected in ((3, True), (12, True)):
        rows = guide_rows(nation, today=TODAY, months=months)
        assert (rows[0].procedure.pk == "temporary-residence") is expected, "the oldest first"
        assert all(row.days is not None and row.days >= months * 30 for row in rows)
    assert [row.procedure.pk for row in guide_rows(nation, today=TODAY, text="1.001193")] == [
        "birth-registration"
    ]


def test_a_province_sees_its_own_and_the_nations(draft: Draft, cast: Cast, far_province: Member) -> None:
    assert [found.pk for found in open_drafts(actor(cast.province))] == [draft.pk]
    assert [found.pk for found in open_drafts(actor(cast.nation))] == [draft.pk]
    assert not open_drafts(actor(far_province)).exists()
    assert not open_drafts(actor(cast.volunteer)).exists()
    assert [code for code, _name in areas_for(actor(cast.official), Permission.AUTHORING_WRITE)] == ["68"]
    assert len(areas_for(actor(cast.nation), Permission.AUTHORING_WRITE)) == 35


@pytest.mark.parametrize("drafts", [1, 3])
def test_the_list_costs_the_same_for_many(cast: Cast, drafts: int) -> None:
    slugs = ("birth-registration", "temporary-residence", "permanent-residence")[:drafts]
    for slug in slugs:
        services.start_draft(version=shipped(slug), area="", by=actor(cast.nation), now=NOW)
    someone = actor(cast.nation)
    someone.may(Permission.AUTHORING_WRITE)
    with CaptureQueriesContext(connection) as seen:
        rows = guide_rows(someone, today=TODAY)
    assert len(seen) == 4
    assert sum(1 for row in rows if row.draft) == drafts


def test_what_was_published_is_still_compared_with_what_it_changed(draft: Draft, cast: Cast) -> None:
    save(draft, "steps.0", cast.official, text=TEXT)
    draft.refresh_from_db()
    before = [change.key for change in changes_of(draft)]
    services.approve_draft(
        draft_id=draft.pk, revision=draft.revision, ticked=before, by=actor(cast.province), now=NOW
    )
    services.publish_draft(
        draft_id=draft.pk, revision=draft.revision, begins=TODAY, ends=None, by=actor(cast.province), now=NOW
    )
    draft.refresh_from_db()
    assert [change.key for change in changes_of(draft)] == before


def test_a_fault_leads_to_its_very_field(draft: Draft, cast: Cast, client: Client) -> None:
    save(draft, "steps.0", cast.official, text={"vi": "Chỉ tiếng Việt", "en": "English"})
    save(draft, "requirements.0", cast.official, why=None)
    save(draft, "fees.0", cast.official, source="gone")
    draft.refresh_from_db()
    found = {fault.place: fault.anchor for fault in faults_of(draft.content)}
    assert found == {"requirements.0": "f_why__vi", "fees.0": "f_source", "steps.0": "f_text__th"}
    client.force_login(cast.official)
    for place, anchor in found.items():
        page = client.get(reverse("authoring:entry", args=[draft.pk, place])).content.decode()
        assert f'id="{anchor}"' in page
