"""Drafts of guides for tests that look at pages: one waits for its second reader, one was found right."""

from nhipcau.authoring import services
from nhipcau.authoring.models import Draft
from nhipcau.authoring.queries import changes_of
from nhipcau.authoring.rules.contents import read_place, seen_at
from nhipcau.core import clock
from nhipcau.procedures.queries import published_versions
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member

STEP = {"text": {"vi": "Câu mẫu", "en": "A sample", "th": "ตัวอย่าง"}}


def make_drafts(official: Member, reader: Member) -> dict[str, str]:
    """The ids for addresses: `draft`, `checked`, and the `version` the first one began from."""
    now = clock.now()
    one, two = (_changed(slug, official) for slug in ("birth-registration", "id-card-reissue"))
    keys = [change.key for change in changes_of(two)]
    services.approve_draft(
        draft_id=two.pk, revision=two.revision, ticked=keys, by=actor_of(reader, now), now=now
    )
    return {"draft": str(one.pk), "checked": str(two.pk), "version": str(one.based_on_id)}


def _changed(slug: str, official: Member) -> Draft:
    """A draft for the province in which one sentence is another."""
    now, by = clock.now(), actor_of(official, clock.now())
    version, place = published_versions(slug, "").first(), read_place("steps.0")
    assert version is not None
    assert place is not None
    draft = services.start_draft(version=version, area="68", by=by, now=now)
    seen = seen_at(draft.content, place)
    return services.save_entry(draft_id=draft.pk, place=place, entry=STEP, seen=seen, by=by, now=now)
