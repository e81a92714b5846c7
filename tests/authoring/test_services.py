"""Writing, checking and finishing drafts: nothing lost, nobody both writer and second reader."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from nhipcau.audit.queries import entries_of
from nhipcau.authoring import services
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries import changes_of
from nhipcau.authoring.rules import contents
from nhipcau.authoring.rules.contents import read_place
from nhipcau.procedures.models import ProcedureVersion
from nhipcau.procedures.queries import published_versions
from nhipcau.procedures.services import UnableToPublish
from nhipcau.teams import services as teams
from nhipcau.teams.enums import Role
from nhipcau.teams.models import Member
from tests.factories.cast import NOW as JOINED
from tests.factories.cast import Cast

from .conftest import NOW, SLUG, actor, procedure, save, shipped

pytestmark = pytest.mark.django_db
OTHER = {"vi": "Câu khác", "en": "Another sentence", "th": "ประโยคอื่น"}


def approve(draft: Draft, member: Member, **changed: Any) -> Draft:
    draft.refresh_from_db()
    usual = {"revision": draft.revision, "ticked": [change.key for change in changes_of(draft)]}
    return services.approve_draft(draft_id=draft.pk, by=actor(member), now=NOW, **(usual | changed))


def publish(
    draft: Draft, member: Member, begins: date = date(2026, 11, 22), ends: date | None = None
) -> Draft:
    draft.refresh_from_db()
    return services.publish_draft(
        draft_id=draft.pk, revision=draft.revision, begins=begins, ends=ends, by=actor(member), now=NOW
    )


@pytest.fixture
def second_official(cast: Cast) -> Member:
    member = teams.register_member(by=None, now=JOINED, username="second", name="Cán bộ Mẫu", commune="24846")
    teams.grant_role(by=None, now=JOINED, member=member, role=Role.OFFICIAL, unit_code="24846")
    return member


# ---- beginning ------------------------------------------------------------------------------------


def test_one_open_draft_for_a_guide_and_a_place(draft: Draft, cast: Cast) -> None:
    with pytest.raises(services.UnableToStart) as refused:
        services.start_draft(version=shipped(), area="68", by=actor(cast.province), now=NOW)
    assert refused.value.draft == draft.pk
    with pytest.raises(IntegrityError, match="authoring_one_open_draft"), transaction.atomic():
        Draft.objects.create(
            procedure=SLUG, area="68", content={}, written_by=cast.official, editors=[], created_at=NOW,
            updated_at=NOW,
        )  # fmt: skip
    services.start_draft(version=shipped(), area="", by=actor(cast.nation), now=NOW)
    services.discard_draft(draft_id=draft.pk, by=actor(cast.official), now=NOW)
    services.start_draft(version=shipped(), area="68", by=actor(cast.province), now=NOW)


@pytest.mark.parametrize(
    ("who", "area"), [("official", ""), ("official", "66"), ("province", ""), ("volunteer", "68")]
)
def test_a_place_that_is_not_ones_own(cast: Cast, who: str, area: str) -> None:
    with pytest.raises(services.UnableToStart):
        services.start_draft(version=shipped(), area=area, by=actor(getattr(cast, who)), now=NOW)
    assert not Draft.objects.exists()


def test_a_guide_that_exists_is_not_begun_anew(cast: Cast) -> None:
    known = procedure()
    for name, code in (
        (known.names, ""),
        ({"vi": "Khác", "en": "Other"}, known.code),
        ({"vi": "…", "en": "…"}, ""),
    ):
        with pytest.raises(services.UnableToStart):
            services.start_guide(
                name={**name, "en": "birth registration"} if name is known.names else name,
                kind="in_app", life_event="birth", code=code, area="", by=actor(cast.nation), now=NOW,
            )  # fmt: skip


def test_what_a_file_offers_can_be_begun_with(cast: Cast) -> None:
    published = shipped("temporary-residence")
    content = published.guide | {"versions": [published.guide["versions"][0] | {"online": "no"}]}
    offered = ProcedureVersion.objects.create(
        procedure=published.procedure, valid_from=published.valid_from, state="draft", guide=content,
        content_hash="offered", source_title="x", source_kind="law", checked_on=published.checked_on,
        confidence="high",
    )  # fmt: skip
    draft = services.start_draft(version=offered, area="", by=actor(cast.nation), now=NOW)
    assert draft.based_on_id == published.pk
    assert [change.place for change in changes_of(draft)] == ["about"]


# ---- two people at once --------------------------------------------------------------------------


def test_two_people_at_different_entries_lose_nothing(draft: Draft, cast: Cast) -> None:
    first, second = read_place("steps.0"), read_place("warnings.0")
    assert first
    assert second
    seen = {place: contents.seen_at(draft.content, place) for place in (first, second)}
    for place, member in ((first, cast.official), (second, cast.province)):
        services.save_entry(
            draft_id=draft.pk, place=place, entry={"text": OTHER}, seen=seen[place], by=actor(member), now=NOW
        )
    draft.refresh_from_db()
    version = contents.version_of(draft.content)
    assert version["steps"][0] == version["warnings"][0] == OTHER
    assert draft.revision == 3
    assert set(draft.editors) == {cast.official.pk, cast.province.pk}


def test_two_people_at_one_entry_meet_a_conflict(draft: Draft, cast: Cast) -> None:
    place = read_place("steps.0")
    assert place
    seen = contents.seen_at(draft.content, place)
    save(draft, "steps.0", cast.province, text=OTHER)
    with pytest.raises(services.UnableToSaveOver) as refused:
        services.save_entry(
            draft_id=draft.pk, place=place, entry={"text": {"vi": "Của tôi"}}, seen=seen,
            by=actor(cast.official), now=NOW,
        )  # fmt: skip
    assert refused.value.current == {"text": OTHER}
    draft.refresh_from_db()
    assert contents.entry_at(draft.content, place) == {"text": OTHER}


def test_an_entry_that_somebody_moved_is_changed_where_it_is_now(draft: Draft, cast: Cast) -> None:
    place = read_place("steps.0")
    assert place
    seen = contents.seen_at(draft.content, place)
    services.arrange_entry(
        draft_id=draft.pk, place=place, act="down", seen=seen, by=actor(cast.province), now=NOW
    )
    services.save_entry(
        draft_id=draft.pk, place=place, entry={"text": OTHER}, seen=seen, by=actor(cast.official), now=NOW
    )
    draft.refresh_from_db()
    assert contents.version_of(draft.content)["steps"][1] == OTHER


def test_saving_what_is_there_already_is_no_change(draft: Draft, cast: Cast) -> None:
    assert save(draft, "steps.0", cast.province).revision == 1
    draft.refresh_from_db()
    assert cast.province.pk not in draft.editors


def test_the_nations_words_are_not_a_provinces(draft: Draft, cast: Cast) -> None:
    with pytest.raises(services.UnableToEdit):
        save(draft, "about", cast.official, name=OTHER)
    with pytest.raises(services.UnableToEdit):
        save(draft, "keywords", cast.official, keywords={"vi": ["x"], "en": [], "th": []})
    assert save(draft, "about", cast.official, fallbacks=["th"]).content["fallbacks"] == ["th"]


def test_nonsense_in_size_is_refused_whole(draft: Draft, cast: Cast) -> None:
    with pytest.raises(services.UnableToEdit):
        save(draft, "steps.0", cast.official, text={"vi": "x" * 400_000})
    for _number in range(160):
        try:
            save(draft, "steps.new", cast.official, text={"vi": "x"})
        except services.UnableToEdit:
            break
    else:
        pytest.fail("a list without an end")
    rule = {"all": [{"fact": "who", "in": [str(number)]} for number in range(80)]}
    place = read_place("fees.0")
    assert place
    draft.refresh_from_db()
    with pytest.raises(services.UnableToEdit):
        services.set_rule(
            draft_id=draft.pk, place=place, rule=rule, seen=contents.seen_at(draft.content, place),
            by=actor(cast.official), now=NOW,
        )  # fmt: skip


# ---- the second reader ---------------------------------------------------------------------------


def test_nobody_who_changed_a_word_checks(draft: Draft, cast: Cast, second_official: Member) -> None:
    save(draft, "steps.0", cast.official, text=OTHER)
    save(draft, "warnings.0", cast.province, text=OTHER)
    for member in (cast.official, cast.province):
        with pytest.raises(services.UnableToCheck):
            approve(draft, member)
    assert approve(draft, second_official).state == "fact_checked"


@pytest.mark.parametrize("who", ["official", "province"])
def test_the_database_keeps_writer_and_reader_apart(draft: Draft, cast: Cast, who: str) -> None:
    save(draft, "steps.0", cast.province, text=OTHER)
    with pytest.raises(IntegrityError, match="authoring_second_reader"), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(state="fact_checked", checked_by=getattr(cast, who))


@pytest.mark.parametrize(
    ("state", "reader"),
    [("fact_checked", False), ("published", False), ("draft", True), ("unheard_of", True)],
)
def test_the_database_keeps_state_and_reader_together(
    draft: Draft, cast: Cast, state: str, reader: bool
) -> None:
    with pytest.raises(IntegrityError, match="authoring_"), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(state=state, checked_by=cast.nation if reader else None)


def test_every_change_is_ticked_and_the_words_are_those_that_were_read(draft: Draft, cast: Cast) -> None:
    with pytest.raises(services.UnableToCheck):
        approve(draft, cast.province)
    save(draft, "steps.0", cast.official, text=OTHER)
    for wrong in ({"ticked": []}, {"ticked": ["0" * 16]}, {"revision": 1}):
        with pytest.raises(services.UnableToCheck):
            approve(draft, cast.province, **wrong)
    ticked = [change.key for change in changes_of(Draft.objects.get(pk=draft.pk))]
    save(draft, "steps.0", cast.official, text={**OTHER, "vi": "Đổi sau khi đọc"})
    with pytest.raises(services.UnableToCheck):
        approve(draft, cast.province, ticked=ticked)


def test_a_guide_with_faults_is_not_found_right(draft: Draft, cast: Cast) -> None:
    save(draft, "steps.0", cast.official, text={"vi": "Chỉ tiếng Việt"})
    with pytest.raises(services.UnableToCheck):
        approve(draft, cast.province)
    save(draft, "about", cast.official, fallbacks=["en", "th"])
    assert approve(draft, cast.province).state == "fact_checked"


def test_any_change_brings_it_back(draft: Draft, cast: Cast) -> None:
    save(draft, "steps.0", cast.official, text=OTHER)
    approve(draft, cast.province)
    changed = save(draft, "steps.1", cast.official, text=OTHER)
    assert (changed.state, changed.checked_by) == ("draft", None)
    with pytest.raises(services.UnableToFinish):
        publish(draft, cast.province)


def test_sent_back_with_a_note(draft: Draft, cast: Cast) -> None:
    save(draft, "steps.0", cast.official, text=OTHER)
    approve(draft, cast.province)
    services.send_back(draft_id=draft.pk, note="Lệ phí sai", by=actor(cast.province), now=NOW)
    draft.refresh_from_db()
    assert draft.state == "draft"
    last = draft.steps.order_by("-at", "-id").first()
    assert last is not None
    assert (last.act, last.note) == ("sent_back", "Lệ phí sai")


# ---- the end -------------------------------------------------------------------------------------


def test_published_under_two_names(draft: Draft, cast: Cast, second_official: Member) -> None:
    save(draft, "steps.0", cast.official, text=OTHER)
    approve(draft, second_official)
    done = publish(draft, cast.province)
    assert done.published_as is not None
    assert done.published_as.written_by == cast.official.name == second_official.name
    assert done.published_as.checked_by == "Cán bộ Mẫu (second)", "two people of one name are told apart"
    with pytest.raises(services.UnableToEdit):
        save(draft, "steps.0", cast.official, text={**OTHER, "vi": "Sau khi công bố"})


def test_other_words_than_those_read_are_not_published(draft: Draft, cast: Cast) -> None:
    save(draft, "steps.0", cast.official, text=OTHER)
    approve(draft, cast.province)
    with pytest.raises(services.UnableToCheck):
        services.publish_draft(
            draft_id=draft.pk,
            revision=1,
            begins=date(2026, 12, 1),
            ends=None,
            by=actor(cast.province),
            now=NOW,
        )


def test_what_stands_in_the_way_leaves_all_as_it_was(cast: Cast, editor: Member) -> None:
    """The law of 2027 is published already: a change of today's rules needs an end."""
    today = published_versions(SLUG, "").first()
    assert today is not None
    draft = services.start_draft(version=today, area="", by=actor(editor), now=NOW)
    save(draft, "steps.0", editor, text=OTHER)
    approve(draft, cast.nation)
    with pytest.raises(UnableToPublish):
        publish(draft, cast.nation)
    draft.refresh_from_db()
    assert draft.state == "fact_checked"
    done = publish(draft, cast.nation, ends=date(2027, 3, 1))
    periods = [(row.valid_from, row.valid_until) for row in published_versions(SLUG, "")]
    assert periods[0][1] == periods[1][0] == date(2026, 11, 22)
    assert periods[1][1] == periods[2][0] == date(2027, 3, 1)
    assert procedure().kept_here
    assert done.published_as_id == published_versions(SLUG, "")[1].pk


@pytest.mark.parametrize("who", ["official", "far_province"])
def test_only_those_who_answer_for_the_place_publish_and_withdraw(
    draft: Draft, cast: Cast, far_province: Member, who: str
) -> None:
    stranger = far_province if who == "far_province" else cast.official
    save(draft, "steps.0", cast.official, text=OTHER)
    approve(draft, cast.province)
    with pytest.raises(Http404):
        publish(draft, stranger)
    version = publish(draft, cast.province).published_as
    assert version is not None
    with pytest.raises(services.UnableToFinish):
        services.withdraw_guide(version=version, by=actor(stranger), now=NOW)


def test_read_again_by_another_than_the_writer(draft: Draft, cast: Cast, far_province: Member) -> None:
    save(draft, "steps.0", cast.official, text=OTHER)
    approve(draft, cast.province)
    version = publish(draft, cast.province).published_as
    assert version is not None
    later = NOW + timedelta(days=100)
    with pytest.raises(services.UnableToCheck):
        services.confirm_guide(version=version, by=actor(far_province), now=later)
    with pytest.raises(services.UnableToCheck):
        services.confirm_guide(version=version, by=actor(cast.official), now=later)
    services.confirm_guide(version=version, by=actor(cast.province), now=later)
    version.refresh_from_db()
    assert version.checked_on == later.date()


def test_every_step_leaves_a_trace(draft: Draft, cast: Cast) -> None:
    save(draft, "steps.0", cast.official, text=OTHER)
    save(draft, "steps.1", cast.official, text=OTHER)
    approve(draft, cast.province)
    publish(draft, cast.province)
    steps = list(draft.steps.order_by("at", "id").values_list("act", flat=True))
    assert steps == ["begun", "edited", "checked", "published"], "changes of one part in a row are one line"
    trail = [entry.changes.get("state", [None])[-1] for entry in entries_of("authoring_draft", str(draft.pk))]
    assert [state for state in trail if state] == ["draft", "fact_checked", "published"]


def test_people_are_told_where_a_translation_is_missing(draft: Draft, cast: Cast, client: Client) -> None:
    save(draft, "about", cast.official, fallbacks=["th"])
    save(draft, "steps.0", cast.official, text={"vi": "Chỉ có tiếng Việt", "en": "English"})
    approve(draft, cast.province)
    publish(draft, cast.province, begins=date(2026, 1, 1))
    for language, told in (("th", True), ("en", False), ("vi", False)):
        for page in ("guide", "checklist"):
            address = reverse(f"procedures:{page}", args=[SLUG])
            text = client.get(address, {"province": "68", "lang": language}).content.decode()
            with translation.override(language):
                words = gettext("Parts of this guide are not translated yet. They are shown in Vietnamese.")
            assert (words in text) is told, (language, page)
