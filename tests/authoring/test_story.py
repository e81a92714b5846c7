"""The whole story in pages: an official edits, sees the list change, is refused, approved; people see it."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries import faults_of
from nhipcau.core import clock
from nhipcau.teams.models import Member
from tests.factories.cast import Cast

from .conftest import SLUG, url

pytestmark = pytest.mark.django_db


def fields(page: str) -> dict[str, str]:
    """What the form of an entry would send, unchanged."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or (("checkbox" in tag or "radio" in tag) and "checked" not in tag):
            continue
        found.setdefault(name[1], value[1] if value else "")
    found |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        first = re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else first[1] if first else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def tick_all(client: Client, draft: Draft) -> Any:
    page = client.get(url("changes", draft)).content.decode()
    keys = re.findall(r'name="ticked" value="(\w+)"', page)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert keys
    assert revision
    return client.post(url("approve", draft), {"revision": revision[1], "ticked": keys})


def test_from_the_first_word_to_what_people_see(cast: Cast, as_member: Any) -> None:
    writer, reader, people = as_member(cast.official), as_member(cast.province), Client()
    # The official begins a draft for the own province.
    page = writer.get(url("guide", slug=SLUG)).content.decode()
    version = re.search(r'name="version"><option value="([0-9a-f-]+)"', page)
    assert version
    answer = writer.post(url("start", slug=SLUG), {"version": version[1], "area": "68"})
    draft = Draft.objects.get()
    assert answer["Location"] == url("draft", draft)
    assert draft.area == "68"

    # Edits one paper, looks at the list without saving, then saves.
    place = url("entry", draft, place="requirements.0.evidence.0.items.0")
    form = fields(writer.get(place).content.decode())
    form["name__vi"] = "Giấy chứng sinh mẫu mới"
    tried = writer.post(place, form | {"act": "try", "a.birth_proof": "paper_note"}).content.decode()
    assert tried.count("Giấy chứng sinh mẫu mới") >= 2, "in the form and in the list beside"
    draft.refresh_from_db()
    assert draft.revision == 1, "looking changes nothing"
    assert writer.post(place, form | {"act": "save"}).status_code == 302
    draft.refresh_from_db()
    assert draft.revision == 2
    assert "Giấy chứng sinh mẫu mới" in writer.get(url("changes", draft)).content.decode()

    # The same person cannot check, the coordinator sends back first, then approves.
    assert tick_all_refused(writer, draft)
    assert reader.post(url("approve", draft), {"revision": 2, "ticked": []}).status_code == 409
    assert reader.post(url("send_back", draft), {"note": "Thiếu nguồn"}).status_code == 302
    assert "Thiếu nguồn" in writer.get(url("draft", draft)).content.decode()
    assert tick_all(reader, draft).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.checked_by_id) == ("fact_checked", cast.province.pk)

    # Nobody sees it before it is published; then people of this province do, and only they.
    listed = reverse("procedures:checklist", args=[SLUG])
    today = clock.local_date(clock.now())
    assert "mẫu mới" not in people.get(listed, {"province": "68"}).content.decode()
    assert writer.get(url("publish", draft)).status_code == 404, "an official does not publish"
    dates = {"revision": draft.revision, "begins": today.isoformat(), "ends": "", "act": "publish"}
    assert reader.post(url("publish", draft), dates).status_code == 302
    assert "mẫu mới" in people.get(listed, {"province": "68"}).content.decode()
    assert "mẫu mới" not in people.get(listed, {"province": "66"}).content.decode()
    assert "mẫu mới" not in people.get(listed).content.decode()

    # Withdrawn: the nation's guide counts again.
    draft.refresh_from_db()
    version_id = draft.published_as_id
    assert reader.post(url("withdraw", version_id=version_id)).status_code == 302
    assert "mẫu mới" not in people.get(listed, {"province": "68"}).content.decode()
    draft.refresh_from_db()
    assert draft.state == "withdrawn"


def tick_all_refused(client: Client, draft: Draft) -> bool:
    page = client.get(url("changes", draft)).content.decode()
    assert 'name="ticked"' not in page
    return client.post(url("approve", draft), {"revision": draft.revision}).status_code == 409


def faults(draft: Draft) -> list[str]:
    draft.refresh_from_db()
    return [fault.place for fault in faults_of(draft.content)]


def test_a_new_guide_of_the_country_by_two_editors(cast: Cast, editor: Member, as_member: Any) -> None:
    one, two = as_member(editor), as_member(cast.nation)
    made = one.post(
        url("new_guide"),
        {"name_vi": "Cấp giấy đi thuyền", "name_en": "Boat permit", "name_th": "", "kind": "in_app",
         "code": "", "life_event": "residence", "area": ""},
    )  # fmt: skip
    draft = Draft.objects.get()
    assert made["Location"] == url("draft", draft)
    assert draft.procedure == "boat-permit"

    def add(place: str, **values: str) -> None:
        address = url("entry", draft, place=place)
        form = fields(one.get(address).content.decode()) | values | {"act": "save"}
        answer = one.post(address, form)
        assert answer.status_code == 302, re.findall(
            r"error-message.*?</p>", answer.content.decode(), re.DOTALL
        )

    three = {"vi": "Một", "en": "One", "th": "หนึ่ง"}
    text = {
        key: {f"{key}__{code}": word for code, word in three.items()}
        for key in ("title", "why", "name", "text")
    }
    add("about", **{f"summary__{code}": word for code, word in three.items()}, name__th="ใบอนุญาต")
    add("sources.new", title="Quyết định 1", url="https://example.gov.vn/1", kind="decision",
        checked_on="2026-11-01", confidence="high")  # fmt: skip
    add(
        "facts.new",
        type="yes_no",
        question__vi="Thuyền lớn?",
        question__en="A large boat?",
        question__th="เรือใหญ่",
    )
    add("requirements.new", **text["title"], **text["why"])
    add("requirements.0.evidence.new")
    add("requirements.0.evidence.0.items.new", **text["name"], form="copy", use="show", count="2")
    add("steps.new", **text["text"])
    assert faults(draft) == ["facts.0"], "the question changes nothing yet"

    # The condition: only when the boat is large.
    address = url("condition", draft, place="requirements.0")
    asked = one.get(address, {"fact": "a_large_boat", "join": "all"}).content.decode()
    form = fields(asked) | {"values": "yes", "act": "put"}
    assert form["fact"] == "a_large_boat"
    assert one.post(address, form).status_code == 302
    draft.refresh_from_db()
    assert draft.content["versions"][0]["requirements"][0]["when"] == {"fact": "a_large_boat", "is": "yes"}
    assert faults(draft) == ["facts.0"], "who says no gets nothing at all"
    add("requirements.new", **text["title"], **text["why"])
    add("requirements.1.evidence.new")
    add("requirements.1.evidence.0.items.new", **(text["name"] | {"name__vi": "Hai", "name__en": "Two"}))
    assert faults(draft) == []

    assert tick_all(two, draft).status_code == 302
    draft.refresh_from_db()
    dates = {
        "revision": draft.revision,
        "begins": date(2026, 11, 1).isoformat(),
        "ends": "",
        "act": "publish",
    }
    assert two.post(url("publish", draft), dates).status_code == 302
    listed = Client().get(reverse("procedures:checklist", args=["boat-permit"]), {"a.a_large_boat": "yes"})
    assert listed.status_code == 200
    assert "Hai" in listed.content.decode()
