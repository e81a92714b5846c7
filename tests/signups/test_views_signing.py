"""What volunteers and leaders press, over HTTP: each button does its one thing, a stranger finds nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nhipcau.audit.models import Entry
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.messaging.models import Message
from nhipcau.shifts.models import ShiftNeed
from nhipcau.signups import services
from nhipcau.signups.enums import AskState, SignUpState, StandInMode, WaitState
from nhipcau.signups.forms.signing import CannotComeForm
from nhipcau.signups.models import Ask, SignUp, Waiting
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_member, make_post, make_shift, make_sign_up, make_team

pytestmark = pytest.mark.django_db
Browse = Callable[[Member], Client]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def browse() -> Browse:
    def make(member: Member) -> Client:
        found = Client()
        found.force_login(member)
        found.cookies["lang"] = "en"
        return found

    return make


@pytest.fixture
def friend(cast: Cast) -> Member:
    return make_member("ban", name="Bạn Tốt")


@pytest.fixture
def need(cast: Cast, friend: Member) -> ShiftNeed:
    return make_shift(make_post(make_team(cast, extra=(friend,))), maximum=1, ideal=1)


@pytest.fixture
def mine(cast: Cast, need: ShiftNeed) -> SignUp:
    return make_sign_up(need, cast.volunteer)


def test_too_late_says_why_and_offers_the_line(
    cast: Cast, need: ShiftNeed, browse: Browse, caplog: pytest.LogCaptureFixture
) -> None:
    make_sign_up(need, cast.leader)
    response = browse(cast.volunteer).post(reverse("signups:join", args=[need.pk]))
    text = response.content.decode()
    assert response.status_code == 409
    assert "The last place was just taken" in text
    assert reverse("signups:join_line", args=[need.pk]) in text
    assert {record.levelname for record in caplog.records} <= {"INFO"}, "no matter for the operator"


def test_another_reason_is_said_on_the_page_of_the_shift(cast: Cast, need: ShiftNeed, browse: Browse) -> None:
    make_sign_up(make_shift(make_post(need.shift.team, name="Chợ"), hours=(8, 9)), cast.volunteer)
    response = browse(cast.volunteer).post(reverse("signups:join", args=[need.pk]))
    assert response.status_code == 409
    assert "There is another shift at the same time." in response.content.decode()


def test_a_stranger_cannot_press(cast: Cast, need: ShiftNeed, mine: SignUp, browse: Browse) -> None:
    stranger = browse(cast.outsider)
    free = make_shift(make_post(need.shift.team, name="Chợ"))
    for name in ("signups:join", "signups:join_line"):
        assert stranger.post(reverse(name, args=[free.pk])).status_code == 404
    for name in ("signups:promise", "signups:come_after_all", "signups:cannot_come"):
        assert stranger.post(reverse(name, args=[mine.pk])).status_code == 404
    for name in ("staffing:confirm", "staffing:take_off"):
        for member in (cast.outsider, cast.volunteer):
            assert browse(member).post(reverse(name, args=[mine.pk])).status_code == 404
    for name in ("staffing:call_ask", "staffing:put_on"):
        for member in (cast.outsider, cast.volunteer, cast.official):
            assert browse(member).post(reverse(name, args=[need.pk])).status_code == 404
    assert stranger.get(reverse("staffing:call_list", args=[need.pk])).status_code == 404


def test_i_cannot_come_asks_everybody(cast: Cast, mine: SignUp, friend: Member, browse: Browse) -> None:
    browser, page = browse(cast.volunteer), reverse("signups:cannot_come", args=[mine.pk])
    text = browser.get(page).content.decode()
    assert "Bạn Tốt" in text
    assert browser.post(page, {"mode": "open"}).status_code == 422
    assert browser.post(page, {"reason": "school", "mode": "named"}).status_code == 422
    assert browser.post(page, {"reason": "school", "mode": "open"}).status_code == 302
    mine.refresh_from_db()
    assert (mine.state, mine.reason) == ("stand_in_sought", "school")
    assert (
        "the place stays yours"
        in browser.get(reverse("signups:my_shift", args=[mine.shift_id])).content.decode()
    )
    taking = browse(friend).post(reverse("signups:take_over", args=[mine.pk]), follow=True)
    assert "You take over this shift" in taking.content.decode()
    mine.refresh_from_db()
    assert mine.state == SignUpState.SWAPPED


def test_one_tap_asks_whoever_may_come_instead(
    cast: Cast, mine: SignUp, friend: Member, browse: Browse
) -> None:
    browser, page = browse(cast.volunteer), reverse("signups:cannot_come", args=[mine.pk])
    shift = browser.get(reverse("signups:my_shift", args=[mine.shift_id])).content.decode()
    assert f'action="{page}"' in shift
    assert 'name="at_once"' in shift
    for _again in range(2):
        assert browser.post(page, {"at_once": "yes"}).headers["Location"] == page
    mine.refresh_from_db()
    assert (mine.state, mine.reason) == (SignUpState.STAND_IN_SOUGHT, "")
    assert Ask.objects.get().mode == "open"
    text = browser.get(page).content.decode()
    assert "Others are asked" in text
    assert reverse("signups:come_after_all", args=[mine.pk]) in text
    browser.post(page, {"reason": "school", "mode": "open"})
    mine.refresh_from_db()
    assert mine.reason == "school"
    browse(friend).post(reverse("signups:take_over", args=[mine.pk]))
    assert browser.post(page, {"at_once": "yes"}).status_code == 409
    mine.refresh_from_db()
    assert mine.state == SignUpState.SWAPPED


def test_one_tap_tells_the_leader_when_nobody_is_free(cast: Cast, mine: SignUp, browse: Browse) -> None:
    ShiftNeed.objects.filter(pk=mine.need_id).update(languages={"kpm": "native"})
    page = reverse("signups:cannot_come", args=[mine.pk])
    answer = browse(cast.volunteer).post(page, {"at_once": "yes"}, follow=True).content.decode()
    assert "Your leader looks for somebody" in answer
    assert not Ask.objects.exists()


def test_when_nobody_is_free_the_leader_is_asked() -> None:
    """Asking everybody would ask nobody."""
    assert CannotComeForm(people=[], late=False)["mode"].value() == "leader"
    assert CannotComeForm(people=[("id", "Bạn Tốt")], late=False)["mode"].value() == "open"


def test_i_ask_one_person_who_answers_by_the_link(
    cast: Cast, mine: SignUp, friend: Member, browse: Browse
) -> None:
    page = reverse("signups:cannot_come", args=[mine.pk])
    browse(cast.volunteer).post(page, {"reason": "school", "mode": "named", "named": str(friend.pk)})
    link = reverse("signups:ask", args=[Ask.objects.get().pk])
    assert link in browse(friend).get(reverse("signups:my_shifts")).content.decode()
    assert "cannot come and looks for a stand-in" in browse(friend).get(link).content.decode()
    assert browse(cast.leader).get(link).status_code == 404
    assert browse(friend).post(link, {"answer": "no"}).status_code == 302
    assert Ask.objects.get().state == AskState.DECLINED
    assert browse(friend).post(link, {"answer": "yes"}).status_code == 409


def test_i_give_up_or_come_after_all(cast: Cast, mine: SignUp, browse: Browse) -> None:
    browser, page = browse(cast.volunteer), reverse("signups:cannot_come", args=[mine.pk])
    browser.post(page, {"reason": "school", "mode": "leader"})
    browser.post(reverse("signups:come_after_all", args=[mine.pk]))
    mine.refresh_from_db()
    assert mine.state == SignUpState.CONFIRMED
    browser.post(page, {"reason": "ill", "mode": "give_up"})
    mine.refresh_from_db()
    assert (mine.state, mine.reason) == ("cancelled", "ill")
    assert browser.post(page, {"reason": "ill", "mode": "open"}).status_code == 409


def test_an_offer_is_taken_by_its_link(
    cast: Cast, need: ShiftNeed, mine: SignUp, friend: Member, browse: Browse
) -> None:
    browser = browse(friend)
    browser.post(reverse("signups:join_line", args=[need.pk]))
    row = Waiting.objects.get()
    page = reverse("signups:offer", args=[row.pk])
    assert "Leave the line" in browser.get(page).content.decode()
    assert browse(cast.leader).get(page).status_code == 404
    services.cancel(sign_up_id=mine.pk, by=actor_of(cast.volunteer, NOW), now=NOW, reason="ill")
    assert "Yes, I take the place" in browser.get(page).content.decode()
    assert browser.post(page, {"answer": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.state == WaitState.TAKEN
    assert need.sign_ups.get(member=friend).state == SignUpState.CONFIRMED


def test_an_offer_is_passed_on_or_too_late(
    cast: Cast, need: ShiftNeed, mine: SignUp, friend: Member, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = services.join_line(need_id=need.pk, by=actor_of(friend, NOW), now=NOW)
    services.cancel(sign_up_id=mine.pk, by=actor_of(cast.volunteer, NOW), now=NOW, reason="ill")
    page, browser = reverse("signups:offer", args=[row.pk]), browse(friend)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=2))
    assert "The time for this offer is over" in browser.get(page).content.decode()
    assert browser.post(page, {"answer": "yes"}).status_code == 409
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    assert browser.post(page, {"answer": "no"}).status_code == 302
    row.refresh_from_db()
    assert row.state == WaitState.PASSED


@pytest.mark.parametrize("count", [1, 3])
def test_the_call_list_costs_the_same_for_many(
    cast: Cast, need: ShiftNeed, count: int, browse: Browse
) -> None:
    people = [make_member(f"nguoi{number}") for number in range(count)]
    team = make_team(cast, name="Đội khác", extra=tuple(people))
    wanted = make_shift(make_post(team))
    make_sign_up(wanted, cast.volunteer)
    browser = browse(cast.leader)
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(reverse("staffing:call_list", args=[wanted.pk]))
    assert (len(queries), response.content.count(b">Put on<")) == (7, count + 1)


def test_the_leader_asks_sees_the_number_and_writes_down_the_answer(
    cast: Cast, need: ShiftNeed, friend: Member, browse: Browse
) -> None:
    Member.objects.filter(pk=friend.pk).update(phone="0633 000 999")
    browser = browse(cast.leader)
    listed = browser.get(reverse("staffing:call_list", args=[need.pk])).content.decode()
    assert "0633" not in listed
    response = browser.post(reverse("staffing:call_ask", args=[need.pk]), {"member": str(friend.pk)})
    call = response["Location"]
    before = Entry.objects.filter(action="read", entity_id=str(friend.pk)).count()
    assert "0633 000 999" in browser.get(call).content.decode()
    assert Entry.objects.filter(action="read", entity_id=str(friend.pk)).count() == before + 1
    assert browse(friend).get(call).status_code == 404
    assert browser.post(call, {"answer": "yes"}).status_code == 302
    assert need.sign_ups.get().member_id == friend.pk
    assert browser.post(call, {"answer": "yes"}).status_code == 302
    assert need.sign_ups.count() == 1


def test_the_leader_puts_on_with_a_note_where_a_rule_is_soft(
    cast: Cast, need: ShiftNeed, browse: Browse
) -> None:
    browser, address = browse(cast.leader), reverse("staffing:put_on", args=[need.pk])
    guest = {"member": str(cast.neighbour_volunteer.pk)}
    refused = browser.post(address, guest)
    assert refused.status_code == 409
    assert "Put on all the same" in refused.content.decode()
    assert browser.post(address, {**guest, "note": "Đã hỏi"}).status_code == 302
    assert need.sign_ups.get().note == "Đã hỏi"
    assert browser.post(address, {"member": "x"}).status_code == 409


def test_the_leader_confirms_and_takes_off(cast: Cast, need: ShiftNeed, browse: Browse) -> None:
    row = make_sign_up(need, cast.volunteer, SignUpState.APPLIED)
    browser = browse(cast.leader)
    browser.post(reverse("staffing:confirm", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == SignUpState.CONFIRMED
    page = reverse("staffing:take_off", args=[row.pk])
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"reason": ""}).status_code == 422
    assert browser.post(page, {"reason": "roster_changed"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason) == ("cancelled", "roster_changed")


@pytest.mark.parametrize("count", [1, 3])
def test_what_needs_attention_costs_the_same_for_many(
    cast: Cast, count: int, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = make_team(cast)
    needs = [
        make_shift(make_post(team, name=f"Bàn {n}"), pairs_newcomers=True, minimum=2) for n in range(count)
    ]
    for need in needs:
        row = make_sign_up(need, make_member(f"ai{need.shift.post.name[-1]}"))
        services.seek_stand_in(
            sign_up_id=row.pk, by=actor_of(row.member, NOW), now=NOW, mode=StandInMode.LEADER, reason="ill"
        )
    monkeypatch.setattr(clock, "now", lambda: needs[0].shift.starts_at - timedelta(hours=20))
    browser = browse(cast.leader)
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(reverse("staffing:at_risk"))
    assert (len(queries), response.content.count(b"people are missing")) == (6, count)
    assert browse(cast.volunteer).get(reverse("staffing:at_risk")).status_code == 404
    assert b"missing" not in browse(cast.outsider).get(reverse("staffing:at_risk")).content


def test_a_tap_with_the_id_of_another_sign_up_is_refused(
    cast: Cast, need: ShiftNeed, friend: Member, browse: Browse
) -> None:
    other = make_sign_up(make_shift(need.shift.post, hours=(13, 17)), friend)
    response = browse(cast.volunteer).post(reverse("signups:join", args=[need.pk]), {"tap": str(other.pk)})
    assert response.status_code == 409
    assert "Look at the shift again." in response.content.decode()
    assert friend.name not in response.content.decode()
    assert not SignUp.objects.filter(member=cast.volunteer).exists()


def test_an_old_page_pressed_again_does_not_claim_a_place_given_up(
    cast: Cast, need: ShiftNeed, browse: Browse
) -> None:
    page, tap = browse(cast.volunteer), str(new_id())
    address = reverse("signups:join", args=[need.pk])
    assert page.post(address, {"tap": tap}).status_code == 302
    page.post(reverse("signups:cannot_come", args=[tap]), {"reason": "ill", "mode": "give_up"})
    page.get(reverse("signups:my_shifts"))  # what was said before is read
    again = page.post(address, {"tap": tap})
    assert again.status_code == 409
    assert "You are on this shift" not in again.content.decode()
    assert SignUp.objects.get().state == SignUpState.CANCELLED


def test_who_gave_up_is_not_asked_again_whom_to_ask(
    cast: Cast, need: ShiftNeed, friend: Member, browse: Browse
) -> None:
    row = make_sign_up(need, cast.volunteer, state=SignUpState.CANCELLED, reason="ill")
    response = browse(cast.volunteer).get(reverse("signups:cannot_come", args=[row.pk]))
    assert response.status_code == 409
    assert friend.name not in response.content.decode()


def test_silence_is_no_answer(
    cast: Cast, need: ShiftNeed, mine: SignUp, friend: Member, browse: Browse
) -> None:
    waiting = services.join_line(need_id=need.pk, by=actor_of(friend, NOW), now=NOW)
    response = browse(friend).post(reverse("signups:offer", args=[waiting.pk]), {"answer": "maybe"})
    assert response.status_code == 409
    waiting.refresh_from_db()
    assert waiting.state == WaitState.WAITING
    services.seek_stand_in(
        sign_up_id=mine.pk, by=actor_of(cast.volunteer, NOW), now=NOW, mode=StandInMode.NAMED,
        named=friend.pk, reason="family",
    )  # fmt: skip
    ask = Ask.objects.get()
    assert browse(friend).post(reverse("signups:ask", args=[ask.pk])).status_code == 409
    ask.refresh_from_db()
    assert ask.state == AskState.OPEN


def test_names_of_other_teams_are_not_shown(
    cast: Cast, need: ShiftNeed, mine: SignUp, friend: Member, browse: Browse
) -> None:
    afar = make_member("doikhac", name="Người Đội Khác")
    team = make_team(cast, name="Đội khác", extra=(afar,))
    team.memberships.filter(member=cast.volunteer).delete()
    type(need.shift).objects.filter(pk=need.shift_id).update(open_to="commune")
    page = browse(cast.volunteer).get(reverse("signups:cannot_come", args=[mine.pk])).content.decode()
    assert friend.name in page
    assert afar.name not in page
    assert "people may take it over" in page, "they are asked all the same"
    services.seek_stand_in(
        sign_up_id=mine.pk, by=actor_of(cast.volunteer, NOW), now=NOW, mode=StandInMode.OPEN, reason="ill"
    )
    told = Message.objects.filter(to=afar.pk).get()
    assert cast.volunteer.name not in told.subject + told.body
