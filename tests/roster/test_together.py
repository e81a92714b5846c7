"""Publishing the proposals of all teams together: what is foretold, what stays behind and why, told once."""

import json
import re
import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.messaging.models import Message
from nhipcau.roster import services
from nhipcau.roster.enums import ProposalState
from nhipcau.roster.models import Proposal
from nhipcau.roster.queries.batches import Standing, standing_of
from nhipcau.roster.rules.proposals import LOST
from nhipcau.roster.tasks import publish
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Shift
from nhipcau.signups.models import SignUp
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.crews import MORNING, UNTIL, Crew, make_crew
from tests.factories.proposing import leader, moment
from tests.factories.rosters import SHIFT_DAY, make_sign_up

NAMES = ("Đội Một", "Đội Hai", "Đội Ba")


@pytest.fixture(autouse=True)
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the Thursday before the shifts."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr("nhipcau.roster.tasks.now", lambda: NOW)


def crews_of(cast: Cast, number: int = 3, **options: Any) -> list[Crew]:
    values: dict[str, Any] = {"people": 2, "days": 1, "halves": (MORNING,), "maximum": 2} | options
    return [make_crew(cast, name=name, **values) for name in NAMES[:number]]


def batch_of(cast: Cast, crews: list[Crew], *, worked_out: bool = True) -> UUID:
    """A batch of the crews' teams."""
    batch = new_id(NOW)
    rows = services.propose_all(
        by=leader(cast), now=NOW, teams=[crew.team for crew in crews], start=SHIFT_DAY, end=UNTIL, seconds=10,
        batch=batch,
    )  # fmt: skip
    if worked_out:
        assert services.work_out(proposals=[row.pk for row in rows], moment=moment) == len(rows)
    return batch


def row_of(crew: Crew) -> Proposal:
    return Proposal.objects.get(team=crew.team)


def standing(cast: Cast, batch: UUID) -> Standing:
    return standing_of(batch, for_=leader(cast), now=NOW)


def signed_in(member: Any) -> Client:
    client = Client()
    client.cookies["lang"] = "en"
    client.force_login(member)
    return client


def page_of(batch: UUID) -> str:
    return reverse("roster:proposal_batch", args=[batch])


def jobs() -> list[dict[str, Any]]:
    """What waits for a worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'roster.publish' ORDER BY id")
        return [json.loads(args) for (args,) in cursor.fetchall()]


def ticks(client: Client, batch: UUID, *, also_unticked: bool = False) -> list[str]:
    page = client.get(page_of(batch)).content.decode()
    return re.findall(rf'name="chosen"[^>]* value="([^"]+)"{"" if also_unticked else " checked"}', page)


def send(client: Client, batch: UUID, chosen: list[str]) -> str:
    address = reverse("roster:publish_together", args=[batch])
    answer = client.post(address, {"chosen": chosen}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def work() -> list[bool]:
    """What a worker does with all that waits."""
    return [publish.func(**args) for args in jobs()]


def test_all_that_are_ticked_are_published_one_by_one_and_people_told(cast: Cast) -> None:
    crews = crews_of(cast)
    batch = batch_of(cast, crews)
    client = signed_in(cast.leader)
    chosen = ticks(client, batch)
    assert len(chosen) == 3
    text = send(client, batch, chosen[:2])
    assert "2 rosters are being published." in text
    assert "2 wait to be published." in text
    assert (standing(cast, batch).publishing, standing(cast, batch).waiting) == (2, 2)
    assert not SignUp.objects.exists()
    assert work() == [True, True]
    published = Proposal.objects.filter(state=ProposalState.PUBLISHED)
    assert {f"{row.pk}:{row.version - 1}" for row in published} == set(chosen[:2])
    assert SignUp.objects.count() == 4
    told = Message.objects.filter(kind="roster_published").values_list("to", flat=True)
    assert sorted(told) == sorted(SignUp.objects.values_list("member_id", flat=True))
    text = client.get(page_of(batch)).content.decode()
    assert "1 is ready: every shift has its least number." in text
    assert "2 are published already." in text
    assert ticks(client, batch, also_unticked=True) == chosen[2:]


def test_what_is_stale_stays_behind_with_its_reason_and_stops_nobody(cast: Cast) -> None:
    """Somebody gives up between the tick and the worker; somebody else's proposal is changed by hand."""
    crews = crews_of(cast)
    given_up = make_sign_up(crews[0].needs[0], crews[0].people[0])
    batch = batch_of(cast, crews)
    client = signed_in(cast.leader)
    send(client, batch, ticks(client, batch))
    given_up.state, given_up.reason = "cancelled", "ill"
    given_up.save()
    hand = row_of(crews[1])
    services.lock(by=leader(cast), now=NOW, proposal_id=hand.pk, seen=hand.version, locked=True)
    assert sorted(work()) == [False, False, True]
    assert [row_of(crew).state for crew in crews] == ["ready", "ready", "published"]
    text = client.get(page_of(batch)).content.decode()
    assert "gave this shift up meanwhile (1)" in text
    assert "It could not be published as it was ticked. Look at it again." in text
    assert ticks(client, batch) == []
    assert (standing(cast, batch).sound, standing(cast, batch).changed) == (0, 2)
    hand = row_of(crews[1])
    services.lock(by=leader(cast), now=NOW, proposal_id=hand.pk, seen=hand.version, locked=False)
    assert ticks(client, batch) == [f"{hand.pk}:{hand.version + 1}"], "looked at again, it may be published"


def test_what_the_preview_foretells(cast: Cast) -> None:
    crews = crews_of(cast)
    short = make_crew(cast, name="Đội Ngắn", people=1, days=1, halves=(MORNING,), minimum=2, maximum=2)
    batch = batch_of(cast, [*crews, short])
    expected = Standing(
        total=4, working=0, publishing=0, sound=3, uncovered=1, changed=0, published=0, failed=0
    )
    assert standing(cast, batch) == expected
    later = NOW + timedelta(minutes=1)
    make_sign_up(crews[0].needs[0], cast.volunteer)
    SignUp.objects.update(changed_at=later)
    Shift.objects.filter(team=crews[1].team).update(state=ShiftState.CANCELLED, reason="weather")
    published = row_of(crews[2])
    services.publish(by=leader(cast), now=NOW, proposal_id=published.pk, seen=published.version)
    now = standing(cast, batch)
    assert (now.sound, now.uncovered, now.changed, now.published) == (0, 1, 2, 1)
    client = signed_in(cast.leader)
    text = client.get(page_of(batch)).content.decode()
    assert "2 are ready, but something has changed meanwhile." in text
    assert "1 is ready, but leaves places below the least number." in text
    assert ticks(client, batch) == [f"{row_of(short).pk}:{row_of(short).version}"]
    assert len(ticks(client, batch, also_unticked=True)) == 3, "the leader may tick what has changed"


def test_asked_twice_it_is_done_once(cast: Cast) -> None:
    crews = crews_of(cast, 1)
    batch = batch_of(cast, crews)
    client = signed_in(cast.leader)
    chosen = ticks(client, batch)
    for _again in range(2):
        send(client, batch, chosen)
    assert len(jobs()) == 1
    assert work() == work() == [True]
    assert SignUp.objects.count() == 2
    assert Message.objects.filter(kind="roster_published").count() == 2
    assert "refused" not in row_of(crews[0]).facts
    assert "Nothing was published" in send(client, batch, chosen)
    assert "Nothing was published" in send(client, batch, [])


def test_a_worker_that_died_is_asked_again_after_a_while(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = batch_of(cast, crews_of(cast, 1))
    client = signed_in(cast.leader)
    send(client, batch, ticks(client, batch))
    assert ticks(client, batch, also_unticked=True) == []
    monkeypatch.setattr(clock, "now", lambda: NOW + LOST)
    assert len(ticks(client, batch)) == 1


def test_nothing_is_ticked_while_rows_are_worked_out(cast: Cast) -> None:
    batch = batch_of(cast, crews_of(cast, 2), worked_out=False)
    client = signed_in(cast.leader)
    services.work_out(proposals=[Proposal.objects.order_by("id")[0].pk], moment=moment)
    assert "1 of 2 are worked out." in client.get(page_of(batch)).content.decode()
    assert ticks(client, batch, also_unticked=True) == []


def test_only_those_who_run_the_roster_publish_it(cast: Cast) -> None:
    """Nobody else at the door; another batch is left alone; the worker asks for rights too."""
    one, two = crews_of(cast, 2)
    batch, other = batch_of(cast, [one]), batch_of(cast, [two])
    address = reverse("roster:publish_together", args=[batch])
    chosen = [f"{row_of(crew).pk}:{row_of(crew).version}" for crew in (one, two)]
    for stranger in (cast.outsider, cast.volunteer, cast.official, cast.neighbour_volunteer):
        assert signed_in(stranger).post(address, {"chosen": chosen}).status_code == 404
    client = signed_in(cast.leader)
    assert client.post(address, {"chosen": ["nonsense"]}).status_code == 404
    assert "1 roster is being published." in send(client, batch, chosen)
    assert standing(cast, other).publishing == 0
    grant = cast.leader.grants.get(role="team_leader")
    teams.end_grant(by=None, now=NOW, grant_id=grant.pk)
    assert work() == [False]
    assert row_of(one).state == ProposalState.READY
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_team_and_three(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    batch = batch_of(cast, crews_of(cast, number))
    client = signed_in(cast.leader)
    with django_assert_num_queries(6):
        client.get(page_of(batch))


@pytest.mark.parametrize("number", [1, 3])
def test_asking_costs_two_questions_more_for_each_team(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Each team is a job of its own, queued under a savepoint."""
    batch = batch_of(cast, crews_of(cast, number))
    seen = {row.pk: row.version for row in Proposal.objects.all()}
    by = actor_of(cast.leader, NOW)
    by.holdings  # noqa: B018 - read before counting
    with django_assert_num_queries(5 + 3 * number):
        assert services.ask_to_publish(by=by, now=NOW, batch=batch, seen=seen) == number


def test_what_waits_behind_others_of_a_job_is_not_begun_yet(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run is watched while it is worked out; whoever was only said to run would be taken for dead."""
    monkeypatch.setattr("nhipcau.roster.services.working.JOINTLY", 1)
    crews, running = crews_of(cast), list[int]()
    batch_of(cast, crews, worked_out=False)

    def watched() -> datetime:
        if threading.current_thread() is threading.main_thread():
            running.append(Proposal.objects.filter(state=ProposalState.SOLVING).count())
        return NOW

    keys = [row_of(crew).pk for crew in crews]
    assert services.work_out(proposals=keys, moment=watched) == len(crews)
    assert max(running) == 1
