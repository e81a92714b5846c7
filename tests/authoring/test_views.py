"""Pages under hostile and unlucky input: a clear answer, nothing lost, nothing shown to strangers."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.authoring.models import Draft
from nhipcau.authoring.rules import contents
from nhipcau.authoring.rules.contents import read_place
from nhipcau.teams.models import Member
from tests.factories.cast import Cast

from .conftest import SLUG, save, url
from .test_story import fields

pytestmark = pytest.mark.django_db
OTHER = {"vi": "Câu của người kia", "en": "Theirs", "th": "ของเขา"}
OF_A_DRAFT = ("draft", "changes", "approve", "send_back", "publish", "discard", "try")
IN_A_DRAFT = {"entry": "steps.0", "move": "steps.0", "remove": "steps.0", "condition": "fees.0"}


def addresses(draft: Draft) -> list[str]:
    return [url(name, draft) for name in OF_A_DRAFT] + [
        url(name, draft, place=place) for name, place in IN_A_DRAFT.items()
    ]


def test_a_stranger_finds_nothing(draft: Draft, cast: Cast, far_province: Member, as_member: Any) -> None:
    before = Draft.objects.values().get()
    for member in (far_province, cast.volunteer, cast.leader, cast.coordinator, cast.administrator):
        client = as_member(member)
        for address in addresses(draft):
            for method in (client.get, client.post):
                assert method(address).status_code in (404, 405), (member, address)
    assert Draft.objects.values().get() == before


def test_two_tabs_show_both_and_lose_nothing(draft: Draft, cast: Cast, as_member: Any) -> None:
    client = as_member(cast.official)
    address = url("entry", draft, place="steps.0")
    opened = fields(client.get(address).content.decode())
    save(draft, "steps.0", cast.province, text=OTHER)
    answer = client.post(address, opened | {"text__vi": "Câu của tôi", "act": "save"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Câu của tôi" in page
    assert "Câu của người kia" in page
    draft.refresh_from_db()
    assert contents.version_of(draft.content)["steps"][0] == OTHER, "theirs stays until a person chooses"
    again = client.post(address, fields(page) | {"act": "save"})
    assert again.status_code == 302
    draft.refresh_from_db()
    assert contents.version_of(draft.content)["steps"][0]["vi"] == "Câu của tôi"


def test_an_entry_that_somebody_removed_can_be_saved_anew(draft: Draft, cast: Cast, as_member: Any) -> None:
    client = as_member(cast.official)
    count = len(contents.version_of(draft.content)["steps"])
    address = url("entry", draft, place=f"steps.{count - 1}")
    opened = fields(client.get(address).content.decode())
    other = as_member(cast.province)
    gone = url("remove", draft, place=f"steps.{count - 1}")
    assert other.post(gone, fields(other.get(gone).content.decode())).status_code == 302
    answer = client.post(address, opened | {"text__vi": "Tôi vẫn giữ", "act": "save"})
    assert answer.status_code == 409
    target = re.search(r'id="entry" method="post" action="([^"]+)"', answer.content.decode())
    assert target
    assert target[1].endswith("/steps.new/")
    assert client.post(target[1], fields(answer.content.decode()) | {"act": "save"}).status_code == 302
    draft.refresh_from_db()
    steps = contents.version_of(draft.content)["steps"]
    assert len(steps) == count
    assert steps[-1]["vi"] == "Tôi vẫn giữ"


@pytest.mark.parametrize(
    "text",
    ["x" * 400_000, "\x00", "a\x00b", " \n ", "\u202eđảo", "<script>alert(1)</script>", "{{ settings }}"],
)
def test_texts_that_are_none(draft: Draft, cast: Cast, as_member: Any, text: str) -> None:
    client = as_member(cast.official)
    address = url("entry", draft, place="steps.0")
    opened = fields(client.get(address).content.decode())
    answer = client.post(address, opened | {"text__vi": text, "act": "save"})
    assert answer.status_code in (302, 422)
    page = answer.content.decode() if answer.status_code == 422 else client.get(address).content.decode()
    assert "<script>alert" not in page
    if answer.status_code == 302:
        assert "nc-notice--warn" in client.get(url("draft", draft)).content.decode(), "said as a fault"
    elif text.strip() and "\x00" not in text:
        assert text[:200] in page, "what was typed stays"


@pytest.mark.parametrize(
    "place",
    ["nothing", "steps.999", "steps.-1", "requirements.0.evidence.99.items", "..%2F..%2Fetc", "slug",
     "steps.0.text", "a" * 3_000, "%00", "steps.٠"],
)  # fmt: skip
def test_addresses_inside_a_draft_that_are_none(draft: Draft, cast: Cast, as_member: Any, place: str) -> None:
    client = as_member(cast.official)
    for name in IN_A_DRAFT:
        address = url(name, draft, place="steps.0").replace("steps.0", place)
        for method in (client.get, client.post):
            assert method(address).status_code in (302, 404, 405, 409, 422)
    draft.refresh_from_db()
    assert draft.revision == 1


def test_nothing_is_taken_without_the_token_of_the_form(draft: Draft, cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.official)
    for address in addresses(draft):
        assert client.post(address, {"act": "save", "text__vi": "x"}).status_code == 403


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/authoring//evil", "javascript:x", ""]
)
def test_after_trying_answers_one_stays_here(draft: Draft, cast: Cast, as_member: Any, back: str) -> None:
    answer = as_member(cast.official).post(
        url("try", draft), {"next": back, "a.who": "parent", "a.x": "y" * 999}
    )
    assert answer["Location"].startswith("/authoring/")


def test_answers_tried_stay_for_the_next_page(draft: Draft, cast: Cast, as_member: Any) -> None:
    client = as_member(cast.official)
    client.post(url("try", draft), {"a.birth_proof": "witness", "trial_province": "68"})
    page = client.get(url("entry", draft, place="fees.0")).content.decode()
    assert re.search(r'value="witness" selected', page)


def test_a_form_with_a_fault_keeps_every_word(draft: Draft, cast: Cast, as_member: Any) -> None:
    client = as_member(cast.official)
    address = url("entry", draft, place="sources.new")
    typed = {
        "title": "Quyết định 12",
        "url": "http://khong-an-toan.vn",
        "checked_on": "2026-02-30",
        "act": "save",
    }
    answer = client.post(address, fields(client.get(address).content.decode()) | typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    for text in ("Quyết định 12", "http://khong-an-toan.vn", "2026-02-30"):
        assert text in page
    assert page.count("govuk-error-message") >= 2


def test_a_condition_is_built_turned_and_taken_away(draft: Draft, cast: Cast, as_member: Any) -> None:
    client = as_member(cast.official)
    address = url("condition", draft, place="channels.0")
    read = read_place("channels.0")
    assert read

    def rule() -> Any:
        draft.refresh_from_db()
        return contents.entry_at(draft.content, read).get("when")

    def put(query: dict[str, str], **values: Any) -> int:
        form = fields(client.get(address, query).content.decode().split('id="add"')[1])
        sent = {key: form[key] for key in ("seen", "node", "join", "fact")}
        return client.post(address, {**sent, "act": "put", **values}).status_code

    def act(name: str, node: str = "") -> int:
        seen = fields(client.get(address).content.decode())["seen"]
        return client.post(address, {"seen": seen, "node": node, "act": name}).status_code

    assert put({"fact": "surrogacy"}, values=["yes"]) == 302
    assert rule() == {"fact": "surrogacy", "is": "yes"}
    assert put({"fact": "who", "join": "any"}, values=["parent", "relative"]) == 302
    assert rule()["any"][1] == {"fact": "who", "in": ["parent", "relative"]}
    assert act("turn", "any.0") == 302
    assert rule()["any"][0] == {"not": {"fact": "surrogacy", "is": "yes"}}
    assert put({"fact": "surrogacy", "join": "replace", "node": "any.0.not"}, values=["no"]) == 302
    assert act("remove", "any.1") == 302
    assert rule() == {"not": {"fact": "surrogacy", "is": "no"}}
    # Impossible: told at once, on the page itself.
    assert put({"fact": "surrogacy", "join": "all"}, values=["no"]) == 302
    assert 'class="nc-notice nc-notice--warn" role="alert"' in client.get(address).content.decode()
    assert act("remove") == 302
    assert rule() is None
    # Nonsense changes nothing.
    assert put({"fact": "who"}, values=["nobody"]) == 422
    assert client.post(address, {"act": "put", "fact": "no_such", "values": "yes"}).status_code == 422
    assert client.post(address, {"act": "remove", "node": "any.7.any.7"}).status_code == 422
    assert put({"fact": "surrogacy"}, values=["yes"], seen="0" * 16) == 409
    assert rule() is None


def test_the_second_reader_may_not_edit_the_address_to_check_alone(
    draft: Draft, cast: Cast, as_member: Any
) -> None:
    save(draft, "steps.0", cast.official, text=OTHER)
    writer = as_member(cast.official)
    for data in ({}, {"revision": "2"}, {"revision": "x", "ticked": ["1"]}, {"revision": "9" * 400}):
        assert writer.post(url("approve", draft), data).status_code == 409
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize("version", ["", "x", "00000000-0000-7000-8000-000000000000", "\x00"])
def test_a_draft_of_no_version(cast: Cast, as_member: Any, version: str) -> None:
    client = as_member(cast.official)
    assert client.post(url("start", slug=SLUG), {"version": version, "area": "68"}).status_code == 404
    assert not Draft.objects.exists()


def test_a_closed_draft_is_read_and_not_changed(draft: Draft, cast: Cast, as_member: Any) -> None:
    client = as_member(cast.official)
    address = url("entry", draft, place="steps.0")
    opened = fields(client.get(address).content.decode())
    assert client.post(url("discard", draft)).status_code == 302
    assert client.get(address).status_code == 200
    assert client.post(address, opened | {"text__vi": "x", "act": "save"}).status_code == 409
    assert client.post(url("move", draft, place="steps.1"), {"act": "up", "seen": ""}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.revision) == ("withdrawn", 1)


def test_officials_find_the_way_in_the_navigation(cast: Cast, as_member: Any) -> None:
    home = reverse("portal:home")
    assert reverse("authoring:guides") in as_member(cast.official).get(home).content.decode()
    assert reverse("authoring:guides") not in as_member(cast.volunteer).get(home).content.decode()
