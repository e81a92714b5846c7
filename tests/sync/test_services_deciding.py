"""A person decides once; what was not taken stays readable until its day, or until the person is erased."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import translation

from nhipcau.cases import services as cases
from nhipcau.cases.models import Case, CaseEvent, HelpSession
from nhipcau.core import clock
from nhipcau.messaging.models import Message
from nhipcau.sync import tasks
from nhipcau.sync.models import Conflict, Receipt
from nhipcau.sync.queries.conflicts import content_of
from nhipcau.sync.queries.sides import mark_of, sides_of, values_now
from nhipcau.sync.rules.keeping import KEEP_RECEIPTS
from nhipcau.sync.services import clearing
from nhipcau.sync.services.deciding import (
    UnableToDecide,
    UnableToDecideUnseen,
    UnableToTake,
    decide,
)
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, make_phone

from .conftest import Send, opening
from .test_operations_cases import change, give_to_leader, results

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def raised(phone: Phone, cast: Cast, send: Send, case: Case) -> Conflict:
    """The leader and the volunteer's phone want another state each."""
    cases.move_case(case_id=case.pk, to="papers_missing", by=actor_of(cast.leader, NOW), now=NOW)
    send(phone, change(phone, case, {"state": "opened"}, state="papers_ready"))
    return Conflict.objects.get()


def by(member: Member) -> Any:
    return actor_of(member, LATER)


@pytest.mark.parametrize(("keep", "state"), [("server", "papers_missing"), ("phone", "papers_ready")])
def test_what_was_decided_stands_and_the_other_can_be_read(
    cast: Cast, case: Case, raised: Conflict, keep: str, state: str
) -> None:
    for _twice in range(2):
        row = decide(conflict_id=raised.pk, keep=keep, by=by(cast.leader), now=LATER)
    case.refresh_from_db()
    assert (case.state, row.decided_by_id, row.keep) == (state, cast.leader.pk, keep)
    with translation.override("en"):
        (side,) = sides_of(row, standing=True)
    assert (side.label, side.base, side.now, side.phone) == (
        "State", "Opened", "Papers missing", "Papers ready",
    )  # fmt: skip
    assert content_of(row)["stood"]["state"] == "papers_missing"
    assert Message.objects.filter(to=cast.volunteer.pk, kind="field").count() == 1
    other = "server" if keep == "phone" else "phone"
    with pytest.raises(UnableToDecide):
        decide(conflict_id=raised.pk, keep=other, by=by(cast.leader), now=LATER)


def test_its_author_decides_while_the_case_is_theirs(
    phone: Phone, cast: Cast, send: Send, case: Case, raised: Conflict
) -> None:
    command = phone.command("conflicts.decide", {"conflict": str(raised.pk), "keep": "phone"}, NOW)
    twin = {**phone.command("conflicts.decide", command["data"], NOW)}
    other = phone.command("conflicts.decide", {"conflict": str(raised.pk), "keep": "server"}, NOW)
    assert results(send(phone, command, twin, other)) == [
        ("applied", ""),
        ("already_applied", ""),
        ("refused", "sync.already_decided"),
    ]
    case.refresh_from_db()
    assert case.state == "papers_ready"


def test_who_may_not_decide(cast: Cast, case: Case, raised: Conflict) -> None:
    strangers = (cast.outsider, cast.neighbour_volunteer, cast.province, cast.administrator)
    for member in strangers:
        with pytest.raises(Http404):
            decide(conflict_id=raised.pk, keep="phone", by=by(member), now=LATER)
    give_to_leader(case, cast)
    with pytest.raises(Http404):
        decide(conflict_id=raised.pk, keep="phone", by=by(cast.volunteer), now=LATER)


def test_what_changed_since_it_was_looked_at_is_looked_at_again(
    cast: Cast, case: Case, raised: Conflict
) -> None:
    seen = mark_of({"state": "papers_missing", "due_on": None})
    day = (NOW + timedelta(days=3)).date()
    cases.set_due_date(case_id=case.pk, due_on=day, by=by(cast.leader), now=LATER)
    with pytest.raises(UnableToDecideUnseen):
        decide(conflict_id=raised.pk, keep="phone", by=by(cast.leader), now=LATER, seen=seen)
    seen = mark_of({"state": "papers_missing", "due_on": day.isoformat()})
    assert decide(conflict_id=raised.pk, keep="phone", by=by(cast.leader), now=LATER, seen=seen).keep


def test_a_phone_that_saw_something_else_looks_again(
    phone: Phone, cast: Cast, send: Send, case: Case, raised: Conflict
) -> None:
    """Its pack says by a mark what stood; an app of before says nothing of it, and is trusted as before."""
    decision = {"conflict": str(raised.pk), "keep": "phone"}

    def sent(**more: Any) -> list[tuple[str, str]]:
        version = 2 if more else 1
        command = phone.command("conflicts.decide", {**decision, **more}, LATER, v=version)
        return results(send(phone, command, now=LATER))

    seen = mark_of(values_now(raised))
    cases.set_due_date(case_id=case.pk, due_on=date(2025, 8, 1), by=by(cast.leader), now=LATER)
    assert sent(seen=seen) == [("refused", "sync.changed_meanwhile")]
    assert sent(seen=mark_of(values_now(raised))) == [("applied", "")]
    assert sent() == [("already_applied", "")]


def test_who_says_it_anew_needs_no_decision(
    phone: Phone, cast: Cast, send: Send, case: Case, raised: Conflict
) -> None:
    anew = change(phone, case, {"due_on": None}, due_on="2025-07-20")
    assert results(send(phone, {**anew, "replaces": str(raised.command)}, now=LATER)) == [("applied", "")]
    raised.refresh_from_db()
    assert (raised.state, raised.keep, raised.decided_by_id) == ("decided", "server", cast.volunteer.pk)
    case.refresh_from_db()
    assert case.state == "papers_missing"


def test_nobody_withdraws_what_another_wrote(cast: Cast, send: Send, case: Case, raised: Conflict) -> None:
    other = make_phone(cast.leader, NOW)
    anew = change(other, case, {"due_on": None}, due_on="2025-07-20")
    assert results(send(other, {**anew, "replaces": str(raised.command)}, now=LATER)) == [("applied", "")]
    raised.refresh_from_db()
    assert raised.is_open


def test_what_is_no_longer_possible_is_said_and_stays_open(cast: Cast, case: Case, raised: Conflict) -> None:
    cases.move_case(case_id=case.pk, to="closed_not_possible", by=by(cast.leader), now=LATER)
    with pytest.raises(UnableToTake):
        decide(conflict_id=raised.pk, keep="phone", by=by(cast.leader), now=LATER)
    raised.refresh_from_db()
    assert raised.is_open


def test_only_what_was_disputed_is_taken(phone: Phone, cast: Cast, send: Send, case: Case) -> None:
    """The due date of the same command was written at once, and changed again since: that stays."""
    leader = by(cast.leader)
    cases.move_case(case_id=case.pk, to="papers_missing", by=leader, now=NOW)
    seen = {"due_on": None, "state": "opened"}
    send(phone, change(phone, case, seen, due_on="2025-07-20", state="papers_ready"))
    day = date(2025, 8, 1)
    cases.set_due_date(case_id=case.pk, due_on=day, by=leader, now=LATER)
    decide(conflict_id=Conflict.objects.get().pk, keep="phone", by=leader, now=LATER)
    case.refresh_from_db()
    assert (case.state, case.due_on) == ("papers_ready", day)


def test_a_note_on_a_case_given_away_is_taken_by_who_leads(
    phone: Phone, cast: Cast, send: Send, case: Case
) -> None:
    give_to_leader(case, cast)
    send(phone, phone.command("cases.note", {"case": str(case.pk), "note": "Đã gọi điện"}, NOW))
    decide(conflict_id=Conflict.objects.get().pk, keep="phone", by=by(cast.official), now=LATER)
    assert CaseEvent.objects.get(kind="note").note == "Đã gọi điện"


@pytest.mark.parametrize("ended", [LATER, NOW + timedelta(minutes=1)], ids=["since", "not heard of yet"])
def test_the_help_of_somebody_whose_role_has_ended_is_theirs(
    phone: Phone, cast: Cast, send: Send, ended: datetime
) -> None:
    cast.volunteer.grants.update(valid_until=ended)
    send(phone, phone.session(NOW + timedelta(hours=1)), now=LATER)
    decide(conflict_id=Conflict.objects.get().pk, keep="phone", by=by(cast.leader), now=LATER)
    assert HelpSession.objects.get().volunteer == cast.volunteer


def test_what_was_written_about_an_erased_person_is_emptied(
    cast: Cast, case: Case, raised: Conflict, phone: Phone, send: Send
) -> None:
    known = opening(phone, known_citizen=str(case.citizen_id))
    cast.volunteer.grants.update(valid_until=LATER)
    send(phone, known, now=LATER)
    assert Conflict.objects.count() == 2
    cases.erase_person(case_id=case.pk, by=by(cast.coordinator), now=LATER)
    for row in Conflict.objects.all():
        assert (row.content, row.is_open, row.keep) == ("", False, "server")


def test_in_time_conflicts_are_emptied_and_receipts_deleted(
    monkeypatch: pytest.MonkeyPatch, cast: Cast, raised: Conflict
) -> None:
    decide(conflict_id=raised.pk, keep="server", by=by(cast.leader), now=LATER)
    assert clearing.forget_due(now=LATER + timedelta(days=80)) == 0
    assert clearing.forget_due(now=LATER + timedelta(days=92)) == 1
    assert clearing.drop_receipts(now=NOW + KEEP_RECEIPTS) == 0
    monkeypatch.setattr(clock, "now", lambda: NOW + KEEP_RECEIPTS + timedelta(days=1))
    assert tasks.forget_conflicts(0) == 2
    assert not Receipt.objects.exists()
    assert Conflict.objects.get().content == ""


def note_after(phone: Phone, case: Case, command: Any) -> dict[str, Any]:
    data = {"case": str(case.pk), "note": "Đã gọi điện"}
    return phone.command("cases.note", data, NOW, needs=[str(command)])


@pytest.mark.parametrize(
    ("keep", "answer"), [("phone", ("applied", "")), ("server", ("refused", "sync.need_refused"))]
)
def test_what_needs_it_goes_the_way_of_what_was_decided(
    phone: Phone, cast: Cast, send: Send, case: Case, raised: Conflict, keep: str, answer: tuple[str, str]
) -> None:
    note = note_after(phone, case, raised.command)
    assert send(phone, note, now=LATER).later
    decision = phone.command(
        "conflicts.decide", {"conflict": str(raised.pk), "keep": keep}, NOW, replaces=str(raised.command)
    )
    other = note_after(phone, case, raised.command)
    # As the phone sends it: the decision takes the matter out of what needs attention.
    assert results(send(phone, decision, other, now=LATER)) == [("applied", ""), answer]
    assert results(send(phone, note, now=LATER)) == [answer]


def test_what_needs_it_goes_the_way_of_what_was_said_anew(
    phone: Phone, cast: Cast, send: Send, case: Case, raised: Conflict
) -> None:
    """Said anew twice: the first time it is disputed, too. Both need no decision any more."""
    again = {
        **change(phone, case, {"state": "opened"}, state="papers_ready"),
        "replaces": str(raised.command),
    }
    assert results(send(phone, again, now=LATER)) == [("needs_person", "sync.same_field")]
    last = {**change(phone, case, {"due_on": None}, due_on="2025-07-20"), "replaces": again["id"]}
    note = note_after(phone, case, raised.command)
    assert results(send(phone, last, now=LATER)) == [("applied", "")]
    assert set(Conflict.objects.values_list("state", "keep")) == {("decided", "server")}
    assert results(send(phone, note, now=LATER)) == [("applied", "")]
