"""Check what you have: ticks in the address, a result that says what is missing, lists that have changed."""

import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from nhipcau.core import clock
from nhipcau.procedures import services
from nhipcau.procedures.enums import VersionState
from nhipcau.procedures.models import Procedure, ProcedureVersion
from nhipcau.procedures.queries import library, version_on

pytestmark = pytest.mark.django_db
PAPERS = "/guides/birth-registration/papers/"
LIST = "/guides/birth-registration/checklist/"


def ids(client: Client, url: str = PAPERS, **query: Any) -> list[str]:
    groups = client.get(url, query).context["groups"]
    return [item["id"] for group in groups for way in group["ways"] for item in way]


def current(slug: str = "birth-registration") -> ProcedureVersion:
    return version_on(Procedure.objects.get(pk=slug), clock.local_date(clock.now()))


def replace_version(change: Any, begins: date | None = None) -> tuple[ProcedureVersion, ProcedureVersion]:
    """Publishes another version of the guide, from today on by default; (the one before, the new one)."""
    old = current()
    content = {**old.guide, "keywords": {"vi": [], "en": [], "th": []}}
    single = {**content["versions"][0], "valid_from": (begins or clock.local_date(clock.now())).isoformat()}
    content["versions"] = [change(single)]
    new = services.publish_version(
        content=content, written_by="Người Viết Mẫu", checked_by="Người Đọc Mẫu", by=None, now=clock.now()
    )
    return old, new


def one_more_paper(single: dict[str, Any]) -> dict[str, Any]:
    text = {"vi": "Giấy thử", "en": "Trial paper", "th": "เอกสารทดลอง"}
    more = {
        "id": "trial",
        "title": text,
        "why": text,
        "evidence": [{"items": [{"id": "trial", "name": text}]}],
    }
    return {**single, "requirements": [*single["requirements"], more]}


def test_the_list_leads_to_the_check_and_back(client: Client) -> None:
    page = client.get(LIST, {"a.way": "online"})
    url = page.context["papers_url"]
    assert url == f"{PAPERS}?a.way=online&v={current().mark}"
    assert url.replace("&", "&amp;") in page.content.decode()
    assert client.get(url).context["list_url"] == f"{LIST}?a.way=online&v={current().mark}"


def test_nothing_ticked_is_all_missing_and_everything_is_not(client: Client) -> None:
    every = ids(client)
    nothing = client.get(PAPERS, {"checked": "1", "lang": "en"})
    assert nothing.context["state"] == "missing"
    assert "Something is still missing" in nothing.content.decode()
    lacking = [item for need in nothing.context["missing"] for item in need["lacking"]]
    assert lacking
    assert all(item["how"] in nothing.content.decode() for item in lacking if "'" not in item["how"])
    everything = client.get(PAPERS, {"checked": "1", "have": every, "lang": "en"})
    assert everything.context["missing"] == []
    assert everything.context["state"] in ("ready", "ask")


def test_every_guide_can_be_checked(client: Client) -> None:
    for procedure in library():
        url = f"/guides/{procedure.slug}/papers/"
        every = ids(client, url)
        page = client.get(url, {"checked": "1", "have": every})
        assert page.status_code == 200
        assert page.context["missing"] == [], procedure.slug
        assert len(page.content) < 60_000


def test_ticks_stay_when_the_address_is_opened_again(client: Client) -> None:
    first = ids(client)[0]
    page = client.get(PAPERS, {"have": first, "checked": "1"})
    assert page.context["have"] == [first]
    assert page.content.decode().count(" checked>") == 1


@pytest.mark.parametrize(
    "query",
    ["have=<script>alert(1)</script>", "have=%00", "have=" + "x" * 5000, "have=" + "&have=a" * 300, "v=%00",
     "v=<b>", "v=" + "0" * 10, "v=" + "a" * 4000, "v=٠١٢٣٤٥٦٧٨٩", "checked=", "v=..%2F..%2F.."],
)  # fmt: skip
def test_strange_ticks_and_marks_are_ignored(client: Client, query: str) -> None:
    for page in (PAPERS, LIST):
        response = client.get(f"{page}?{query}&lang=en")
        assert response.status_code == 200
        assert response.context["changed"] is None
        assert "<script>alert" not in response.content.decode()
    assert client.get(f"{PAPERS}?{query}").context["have"] == []


def test_nothing_is_written(client: Client) -> None:
    with CaptureQueriesContext(connection) as seen:
        client.get(PAPERS, {"have": "x", "checked": "1"})
    assert len(seen) <= 12
    assert not [query for query in seen if not query["sql"].startswith("SELECT")]


def test_the_kiosk_stays_in_its_frame(client: Client) -> None:
    page = client.get("/kiosk/id-card-reissue/papers/", {"checked": "1", "province": "68"})
    content = page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "<svg" in content
    assert 'href="/guides/' not in content
    assert page.context["list_url"].startswith("/kiosk/id-card-reissue/checklist/")


def test_a_held_list_says_since_when_and_what_has_changed(client: Client) -> None:
    old, new = replace_version(one_more_paper)
    for url in (LIST, PAPERS):
        page = client.get(url, {"v": old.mark, "a.way": "online", "lang": "en"})
        changed = page.context["changed"]
        assert changed["since"] == new.valid_from
        assert [(c.what, c.how, c.new["name"]) for c in changed["changes"]] == [
            ("document", "added", "Trial paper")
        ]
        text = page.content.decode()
        assert "This list has changed since" in text
        assert "New on the list: <strong>Trial paper</strong>" in text
    assert f"v={new.mark}" in client.get(LIST, {"v": old.mark}).context["papers_url"]
    assert client.get(LIST, {"v": new.mark}).context["changed"] is None


def test_only_what_matters_for_these_answers_is_told(client: Client) -> None:
    def for_nobody(single: dict[str, Any]) -> dict[str, Any]:
        more = one_more_paper(single)
        more["requirements"][-1]["when"] = {"fact": "way", "is": "direct"}
        return more

    old, _new = replace_version(for_nobody)
    asked = client.get(LIST, {"v": old.mark, "a.way": "online", "lang": "en"})
    assert asked.context["changed"]["changes"] == []
    assert "For your answers nothing is different" in asked.content.decode()
    other = client.get(LIST, {"v": old.mark, "a.way": "direct"})
    assert [change.new["id"] for change in other.context["changed"]["changes"]] == ["trial"]


def test_the_mark_of_a_draft_tells_nothing(client: Client) -> None:
    old, new = replace_version(one_more_paper)
    ProcedureVersion.objects.filter(pk=old.pk).update(state=VersionState.DRAFT)
    assert client.get(LIST, {"v": old.mark}).context["changed"] is None
    ProcedureVersion.objects.filter(pk=old.pk).update(state=VersionState.WITHDRAWN)
    assert client.get(LIST, {"v": old.mark.upper()}).context["changed"]["since"] == new.valid_from


def test_a_correction_counts_from_the_day_it_was_published(client: Client) -> None:
    old, new = replace_version(one_more_paper, begins=current().valid_from)
    assert new.valid_from == old.valid_from
    page = client.get(LIST, {"v": old.mark})
    assert new.published_at is not None
    assert page.context["changed"]["since"] == clock.local_date(new.published_at)


def test_a_correction_in_the_files_counts_from_the_day_it_came(client: Client) -> None:
    old, new = replace_version(one_more_paper, begins=current().valid_from)
    ProcedureVersion.objects.filter(pk=new.pk).update(published_at=None)
    page = client.get(LIST, {"v": old.mark})
    assert page.context["changed"]["since"] == clock.local_date(clock.now())


def test_a_version_typed_from_paper_is_answered(client: Client) -> None:
    mark = current().mark
    same = client.get(LIST, {"v": mark.upper(), "compare": "1", "lang": "en"}).content.decode()
    assert "still the one that counts" in same
    unknown = client.get(LIST, {"v": "0123456789", "compare": "1", "lang": "en"}).content.decode()
    assert "We do not know this version" in unknown


def test_the_printed_list_names_its_version(client: Client) -> None:
    printed = client.get("/guides/birth-registration/checklist.pdf")
    text = PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
    assert current().mark in text.replace("\n", " ")


def test_every_kind_of_change_has_words(client: Client) -> None:
    def all_changed(single: dict[str, Any]) -> dict[str, Any]:
        fees = [{**row, "amount": 123456} for row in single["fees"]] or [{"amount": 123456}]
        times = [{**row, "value": 77, "unit": "working_day"} for row in single["time_limits"]]
        first, *rest = single["requirements"]
        items = [{**item, "count": 9} for item in first["evidence"][0]["items"]]
        first = {**first, "evidence": [{**first["evidence"][0], "items": items}, *first["evidence"][1:]]}
        return {**single, "requirements": [first, *rest[:-1]], "fees": fees, "time_limits": times,
                "channels": single["channels"][1:], "steps": single["steps"][:1]}  # fmt: skip

    old, _new = replace_version(all_changed)
    text = client.get(LIST, {"v": old.mark, "lang": "en"}).content.decode()
    for words in (
        "Changed:",
        "9 ×",
        "123,456 đ",
        "77 working days",
        "no longer applies",
        "The steps are written",
    ):
        assert words in text, words
    assert "No longer" in text
