"""Pages of proposals: asking, looking, changing, publishing; strangers find nothing; queries are counted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.roster import services
from nhipcau.roster.enums import ProposalState
from nhipcau.roster.models import Proposal
from nhipcau.shifts.enums import Reason
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.staffing.services import call_off
from nhipcau.volunteers.models import WeeklyAvailability
from tests.factories.cast import NOW, Cast
from tests.factories.crews import AFTERNOON, MORNING, UNTIL, Crew, make_crew
from tests.factories.rosters import SHIFT_DAY, make_sign_up


@pytest.fixture(autouse=True)
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are looked at on the Thursday before the shifts."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def signed_in(member: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["lang"] = "en"
    client.force_login(member)
    return client


def ready(crew: Crew) -> Proposal:
    row = services.propose(by=None, now=NOW, team=crew.team, start=SHIFT_DAY, end=UNTIL, seconds=10)
    services.work_out(proposals=[row.pk], moment=lambda: NOW)
    row.refresh_from_db()
    return row


def page_of(row: Proposal) -> str:
    return reverse("roster:proposal", args=[row.pk])


def test_from_asking_to_publishing(cast: Cast) -> None:
    crew = make_crew(cast)
    client = signed_in(cast.leader)
    asked = client.post(
        reverse("roster:propose", args=[crew.team.pk]),
        {"first": SHIFT_DAY.isoformat(), "length": "14", "seconds": "10"},
    )
    row = Proposal.objects.get()
    assert asked.headers["Location"] == page_of(row)
    assert "It waits for a free worker." in client.get(page_of(row)).content.decode()
    services.work_out(proposals=[row.pk], moment=lambda: NOW)
    text = client.get(page_of(row)).content.decode()
    assert "20 new, 0 taken off, 0 stay" in text
    assert crew.people[0].name in text
    row.refresh_from_db()
    done = client.post(reverse("roster:publish_proposal", args=[row.pk]), {"seen": row.version}, follow=True)
    assert "The roster is published: 20 new, 0 taken off." in done.content.decode()
    assert SignUp.objects.count() == 20
    # What is published is a record: when a shift is called off later, nobody is asked to mend the proposal.
    call_off(by=None, now=NOW, shift=crew.needs[0].shift, reason=Reason.WEATHER)
    text = client.get(page_of(row)).content.decode()
    assert "See the week" in text
    assert "no longer fit" not in text


def test_a_period_without_shifts_is_refused_on_the_form(cast: Cast) -> None:
    crew = make_crew(cast, days=0)
    answer = signed_in(cast.leader).post(
        reverse("roster:propose", args=[crew.team.pk]),
        {"first": SHIFT_DAY.isoformat(), "length": "14", "seconds": "10"},
    )
    assert answer.status_code == 422
    assert "There are no shifts in these days." in answer.content.decode()


def test_the_page_asks_by_itself_and_comes_anew_when_there_is_an_answer(cast: Cast) -> None:
    crew = make_crew(cast, days=1)
    client = signed_in(cast.leader)
    row = services.propose(by=None, now=NOW, team=crew.team, start=SHIFT_DAY, end=UNTIL, seconds=10)
    assert "HX-Refresh" not in client.get(page_of(row), headers={"HX-Request": "true"}).headers
    services.work_out(proposals=[row.pk], moment=lambda: NOW)
    assert client.get(page_of(row), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in client.get(page_of(row)).headers


def test_what_is_open_is_explained_in_words(cast: Cast) -> None:
    crew = make_crew(cast, people=2, days=1, halves=(MORNING,), qualifications=["vneid"], minimum=1)
    text = signed_in(cast.leader).get(page_of(ready(crew))).content.decode()
    assert "2 people: without a skill that is needed, or not on that day" in text
    assert "1 place below the least number" in text


def test_conflicts_are_shown_row_by_row(cast: Cast) -> None:
    crew = make_crew(cast, people=3, days=1, halves=(MORNING,), ideal=1, maximum=1)
    row = ready(crew)
    other = next(one for one in crew.people if one.pk != row.duties.get().member_id)
    make_sign_up(crew.needs[0], other)
    answer = signed_in(cast.leader).post(
        reverse("roster:publish_proposal", args=[row.pk]), {"seen": row.version}
    )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Nothing is published yet: these rows no longer fit." in text
    assert "no place left" in text
    assert SignUp.objects.count() == 1


def test_changing_by_the_page_of_a_shift(cast: Cast) -> None:
    crew = make_crew(cast, people=3, days=1, halves=(MORNING, AFTERNOON), ideal=1, maximum=2)
    row = ready(crew)
    client = signed_in(cast.leader)
    shift, need = crew.needs[0].shift_id, crew.needs[0].pk
    address = reverse("roster:proposed_shift", args=[row.pk, shift])
    on_draft = set(row.duties.values_list("member_id", flat=True))
    other = next(one for one in crew.people if one.pk not in on_draft)
    WeeklyAvailability.objects.filter(member=other).delete()
    text = client.get(address).content.decode()
    assert "1 more, if you ask them" in text
    duty = row.duties.get(need=need)
    change = reverse("roster:change_proposal", args=[row.pk])

    def send(seen: int, **values: Any) -> Any:
        return client.post(change, {"seen": seen, "shift": shift, **values})

    locked = send(row.version, act="lock", duty=duty.pk, locked="on")
    assert locked.headers["Location"] == address
    assert "Proven" in client.get(reverse("roster:proposal", args=[row.pk])).content.decode()
    stale = send(row.version, act="take_off", duty=duty.pk)
    assert stale.status_code == 409
    assert "Somebody else changed this proposal meanwhile." in stale.content.decode()
    refused = send(row.version + 1, act="put_on", member=other.pk, need=need)
    assert refused.status_code == 409
    assert "not free then, or nothing said of it" in refused.content.decode()
    assert send(
        row.version + 1, act="put_on", member=other.pk, need=need, anyway="on"
    ).status_code == 302  # fmt: skip
    assert row.duties.get(member=other, need=need).locked
    # What the computer proved was proven of its own answer.
    text = client.get(reverse("roster:proposal", args=[row.pk])).content.decode()
    assert "You have changed it by hand." in text
    assert "Proven" not in text
    assert send(row.version + 2, act="take_off", duty=duty.pk, keep_off="on").status_code == 302
    assert send(row.version + 3, act="dance").status_code == 404
    assert send(0, act="lock").status_code == 422


def test_again_stop_and_discard(cast: Cast) -> None:
    row = ready(make_crew(cast, days=1))
    client = signed_in(cast.leader)
    again = reverse("roster:solve_again", args=[row.pk])
    assert client.post(again, {"seen": row.version, "seconds": "1"}).status_code == 422
    assert client.post(again, {"seen": row.version, "seconds": "10"}).status_code == 302
    assert client.post(again, {"seen": row.version, "seconds": "10"}).status_code == 409
    client.post(reverse("roster:stop_proposal", args=[row.pk]))
    assert "Stopped before it was begun." in client.get(page_of(row)).content.decode()
    client.post(reverse("roster:discard_proposal", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == ProposalState.DISCARDED


def test_somebody_is_away(cast: Cast) -> None:
    crew = make_crew(cast, people=4, days=2)
    for duty in ready(crew).duties.select_related("need__shift", "member"):
        make_sign_up(duty.need, duty.member, SignUpState.CONFIRMED)
    client = signed_in(cast.leader)
    address = reverse("roster:mend", args=[crew.team.pk])
    days = {"first": SHIFT_DAY.isoformat(), "last": (SHIFT_DAY + timedelta(days=1)).isoformat()}
    assert client.post(address, {**days, "member": str(cast.outsider.pk)}).status_code == 422
    assert (
        client.post(address, {**days, "member": crew.people[0].pk, "last": "2025-07-01"}).status_code == 422
    )
    sent = client.post(address, {**days, "member": crew.people[0].pk})
    row = Proposal.objects.get(state=ProposalState.QUEUED)
    assert sent.headers["Location"] == page_of(row)
    services.work_out(proposals=[row.pk], moment=lambda: NOW)
    assert not row.duties.filter(member=crew.people[0]).exists()
    assert client.get(page_of(row)).status_code == 200


def test_all_teams_of_a_province(cast: Cast) -> None:
    make_crew(cast, name="Đội Một", days=1)
    make_crew(cast, name="Đội Hai", days=1)
    client = signed_in(cast.province)
    values = {"first": SHIFT_DAY.isoformat(), "length": "28", "seconds": "10"}
    sent = client.post(reverse("roster:propose_all"), values)
    text = client.get(sent.headers["Location"]).content.decode()
    assert "0 of 2 are worked out." in text
    services.work_out(proposals=list(Proposal.objects.values_list("pk", flat=True)), moment=lambda: NOW)
    assert "2 of 2 are worked out." in client.get(sent.headers["Location"]).content.decode()
    assert signed_in(cast.outsider).get(sent.headers["Location"]).status_code == 404


@pytest.mark.parametrize("part", ["outsider", "volunteer", "official", "neighbour_volunteer"])
def test_strangers_find_nothing(cast: Cast, part: str) -> None:
    row = ready(make_crew(cast, days=1))
    client = signed_in(getattr(cast, part))
    assert client.get(page_of(row)).status_code == 404
    assert client.get(reverse("roster:proposals", args=[row.team_id])).status_code == 404
    assert client.get(reverse("roster:proposal_batch", args=[new_id()])).status_code == 404
    for name in ("publish_proposal", "discard_proposal", "stop_proposal", "solve_again", "change_proposal"):
        answer = client.post(reverse(f"roster:{name}", args=[row.pk]), {"seen": row.version, "act": "lock"})
        assert answer.status_code == 404
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
def test_every_page_asks_the_same_number_of_times(cast: Cast, people: int) -> None:
    crew = make_crew(cast, people=people, days=people, name="Đội Một")
    row = ready(crew)
    client = signed_in(cast.leader)
    expected = {
        page_of(row): 10,
        reverse("roster:proposed_shift", args=[row.pk, crew.needs[0].shift_id]): 10,
        reverse("roster:proposals", args=[crew.team.pk]): 6,
    }
    for address, number in expected.items():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        assert len(seen) == number, "\n".join(query["sql"][:150] for query in seen)
