"""From the request to people on the shift: both sides and each person say yes, the database still refuses."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from nhipcau.audit.models import Entry
from nhipcau.core import clock
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.messaging.models import Message
from nhipcau.reinforcement import queries, services
from nhipcau.reinforcement.enums import Answer, OfferState, RequestState, Side
from nhipcau.reinforcement.models import Offer, OfferedPerson, Request
from nhipcau.reinforcement.tasks import close_past_requests
from nhipcau.signups.enums import SignUpState, Source
from nhipcau.signups.models import SignUp
from nhipcau.teams import services as teams
from nhipcau.teams.models import Member, MemberLanguage
from nhipcau.volunteers.models import WeeklyAvailability
from tests.factories.cast import NOW
from tests.factories.rosters import SHIFT_DAY, make_member, make_post, make_shift, make_sign_up

from .conftest import Story

pytestmark = pytest.mark.django_db


def say(story: Story, offer: UUID, *, people: bool = True) -> Offer:
    """Both teams say yes, and with `people` everybody who is named."""
    services.answer_for_team(offer_id=offer, side=Side.SENDER, yes=True, by=story.sender, now=NOW)
    services.answer_for_team(offer_id=offer, side=Side.RECEIVER, yes=True, by=story.leader, now=NOW)
    if people:
        for person in OfferedPerson.objects.filter(offer=offer).select_related("member"):
            services.answer_for_oneself(person_id=person.pk, yes=True, by=story.actor(person.member), now=NOW)
    return Offer.objects.get(pk=offer)


def told(member: Member) -> list[str]:
    return list(
        Message.objects.filter(to=member.pk).order_by("created_at", "id").values_list("link", flat=True)
    )


def test_a_request_is_written_down_once_and_the_province_is_told(story: Story) -> None:
    new = story.new()
    first = services.ask_for_help(request=new, by=story.leader, now=NOW)
    assert services.ask_for_help(request=new, by=story.leader, now=NOW).pk == first.pk
    assert Request.objects.count() == 1
    assert first.state == RequestState.ASKED
    assert [row.shift_id for row in first.requested.all()] == [story.need.shift_id]
    assert told(story.cast.province) == [f"/reinforcement/{first.pk}/"]
    assert told(story.cast.nation) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"why": "because"},
        {"qualifications": ("flying",)},
        {"languages": {"tlh": "good"}},
        {"languages": {"kpm": "perfect"}},
        {"note": "x" * 301},
        {"note": "Gọi 0912 345 678 nhé"},
        {"shifts": (new_id(),)},
    ],
)
def test_a_request_that_makes_no_sense_leaves_nothing_behind(
    story: Story, changes: dict[str, object]
) -> None:
    with pytest.raises(UnableTo):
        story.ask(**changes)
    assert not Request.objects.exists()
    assert not Message.objects.exists()


def test_only_who_leads_a_team_asks_for_it(story: Story) -> None:
    for stranger in (story.cast.volunteer, story.cast.outsider, story.cast.official, story.helping_leader):
        with pytest.raises(Http404):
            services.ask_for_help(request=story.new(), by=story.actor(stranger), now=NOW)


def test_the_whole_way_from_asking_to_the_shift(story: Story) -> None:
    request = story.ask()
    offer = story.offer(request)
    request.refresh_from_db()
    assert request.state == RequestState.OFFERED
    assert told(story.helping_leader) == told(story.cast.leader) == [f"/reinforcement/{request.pk}/"]
    assert told(story.people[0]) == ["/reinforcement/mine/"]

    assert say(story, offer, people=False).state == OfferState.OFFERED
    with pytest.raises(services.UnableToSend):
        services.put_on_shifts(
            offer_id=offer, places=[(story.need.pk, story.people[0].pk)], by=story.leader, now=NOW
        )
    for member in story.people:
        person = OfferedPerson.objects.get(offer=offer, member=member)
        services.answer_for_oneself(person_id=person.pk, yes=True, by=story.actor(member), now=NOW)
    request.refresh_from_db()
    assert request.state == RequestState.AGREED

    places = [(story.need.pk, one.pk) for one in story.people]
    assert services.put_on_shifts(offer_id=offer, places=places, by=story.leader, now=NOW) == (2, [])
    request.refresh_from_db()
    story.need.refresh_from_db()
    assert (request.state, story.need.taken) == (RequestState.SENT, 2)
    rows = SignUp.objects.filter(need=story.need)
    assert {(row.member_id, row.source, row.state) for row in rows} == {
        (one.pk, Source.REINFORCEMENT, SignUpState.CONFIRMED) for one in story.people
    }
    assert len(told(story.people[0])) == 3  # asked, agreed, on the shift


def test_nobody_of_another_team_is_on_the_shift_without_an_agreement(story: Story) -> None:
    request = story.ask()
    offer = story.offer(request, story.people[0])
    say(story, offer)
    stranger = make_member("stranger", story.cast.neighbour.code)
    other = make_shift(make_post(story.team, name="Bàn khác"), day=date(2025, 7, 20))
    for pair in (
        (story.need.pk, stranger.pk),
        (story.need.pk, story.people[1].pk),
        (other.pk, story.people[0].pk),
    ):
        with pytest.raises(services.UnableToSend):
            services.put_on_shifts(offer_id=offer, places=[pair], by=story.leader, now=NOW)
    assert not SignUp.objects.exists()


def test_capacity_and_overlap_are_still_refused_one_by_one(story: Story) -> None:
    request = story.ask()
    offer = story.offer(request)
    say(story, offer)
    post = make_post(story.helpers, name="Bàn nhà")
    make_sign_up(make_shift(post, hours=(8, 10)), story.people[0])
    done, refused = services.put_on_shifts(
        offer_id=offer, places=[(story.need.pk, one.pk) for one in story.people], by=story.leader, now=NOW
    )
    assert (done, [one.member for one in refused]) == (1, [story.people[0].pk])
    assert refused[0].why
    assert [row.member_id for row in SignUp.objects.filter(need=story.need)] == [story.people[1].pk]


def test_a_full_shift_takes_nobody(story: Story) -> None:
    request = story.ask()
    offer = story.offer(request)
    say(story, offer)
    for number in range(3):
        make_sign_up(story.need, make_member(f"full{number}"))
    done, refused = services.put_on_shifts(
        offer_id=offer, places=[(story.need.pk, one.pk) for one in story.people], by=story.leader, now=NOW
    )
    assert (done, len(refused)) == (0, 2)
    assert Offer.objects.get(pk=offer).state == OfferState.AGREED


def test_no_commune_is_stripped_below_what_it_needs(story: Story) -> None:
    home = make_shift(make_post(story.helpers, name="Bàn nhà"), minimum=2, ideal=2, maximum=3)
    request = story.ask()
    with pytest.raises(services.UnableToOffer):
        story.offer(request)
    found = queries.candidates(request, for_=story.province, now=NOW)
    assert [(one.own_short, one.spare) for one in found] == [(2, 1)]  # the leader may go too
    make_sign_up(home, make_member("athome", story.cast.neighbour.code))
    make_sign_up(home, story.helping_leader)
    assert [one.spare for one in queries.candidates(request, for_=story.province, now=NOW)] == [3]
    assert Offer.objects.get(pk=story.offer(request)).people.count() == 2


def test_who_is_promised_elsewhere_is_not_promised_twice(story: Story) -> None:
    first = story.ask()
    story.offer(first)
    second = story.ask(id=new_id())
    with pytest.raises(services.UnableToOffer):
        story.offer(second)
    found = queries.candidates(second, for_=story.province, now=NOW)
    assert [(one.promised, one.spare) for one in found] == [(2, 1)]
    with pytest.raises(services.UnableToOffer):
        story.offer(second, story.people[0])
    story.offer(second, story.helping_leader)


def test_skills_languages_and_consent_decide_who_can_be_offered(story: Story) -> None:
    request = story.ask(languages={"kpm": "good"})
    found = queries.candidates(request, for_=story.province, now=NOW)
    assert [person.can_be_offered for person in found[0].people] == [False, False, False]
    with pytest.raises(services.UnableToOffer):
        story.offer(request, story.people[0])
    MemberLanguage.objects.create(member=story.people[0], language="kpm", level="native")
    found = queries.candidates(request, for_=story.province, now=NOW)
    assert (found[0].people[0].id, found[0].people[0].fits) == (story.people[0].pk, True)
    story.offer(request, story.people[0])


def test_candidates_lie_inside_the_places_of_whoever_asks(story: Story) -> None:
    request = story.ask()
    far = teams.make_team(by=None, now=NOW, name="Đội xa", commune=story.cast.far.code)
    member = make_member("faraway", story.cast.far.code)
    teams.add_to_team(by=None, now=NOW, team=far, member=member, starts_on=date(2025, 7, 1))
    assert [one.team for one in queries.candidates(request, for_=story.province, now=NOW)] == [
        story.helpers.pk
    ]
    assert queries.candidates(request, for_=story.leader, now=NOW) == []
    with pytest.raises(services.UnableToOffer):
        services.offer_people(
            request_id=request.pk, team_id=far.pk, members=[member.pk], by=story.province, now=NOW
        )


def test_a_no_lets_the_offer_fall_and_the_request_is_asked_again(story: Story) -> None:
    request = story.ask()
    offer = story.offer(request)
    services.answer_for_team(offer_id=offer, side=Side.SENDER, yes=False, by=story.sender, now=NOW)
    request.refresh_from_db()
    assert (request.state, Offer.objects.get(pk=offer).state) == (RequestState.ASKED, OfferState.DECLINED)
    with pytest.raises(services.UnableToAnswer):
        services.answer_for_team(offer_id=offer, side=Side.RECEIVER, yes=True, by=story.leader, now=NOW)
    assert Offer.objects.get(pk=story.offer(request)).state == OfferState.OFFERED


def test_when_everybody_says_no_the_offer_falls(story: Story) -> None:
    request = story.ask()
    offer = story.offer(request)
    for person in OfferedPerson.objects.filter(offer=offer).select_related("member"):
        services.answer_for_oneself(person_id=person.pk, yes=False, by=story.actor(person.member), now=NOW)
    request.refresh_from_db()
    assert (request.state, Offer.objects.get(pk=offer).state) == (RequestState.ASKED, OfferState.DECLINED)


def test_each_side_speaks_for_itself(story: Story) -> None:
    offer = story.offer(story.ask())
    for side, wrong in (
        (Side.SENDER, story.leader),
        (Side.RECEIVER, story.sender),
        (Side.SENDER, story.province),
        (Side.RECEIVER, story.actor(story.cast.outsider)),
        (Side.SENDER, story.actor(story.people[0])),
    ):
        with pytest.raises(Http404):
            services.answer_for_team(offer_id=offer, side=side, yes=True, by=wrong, now=NOW)
    person = OfferedPerson.objects.filter(offer=offer).order_by("id")[0]
    with pytest.raises(Http404):
        services.answer_for_oneself(person_id=person.pk, yes=True, by=story.leader, now=NOW)


def test_the_database_knows_no_agreement_without_both(story: Story) -> None:
    offer = story.offer(story.ask())
    with pytest.raises(IntegrityError, match="agreed_by_both"), transaction.atomic():
        Offer.objects.filter(pk=offer).update(state=OfferState.AGREED)
    again = Offer.objects.get(pk=offer)
    again.pk = new_id()
    with pytest.raises(IntegrityError, match="offer_once"), transaction.atomic():
        again.save(force_insert=True)


def test_telephones_are_shown_to_both_leaders_once_agreed_and_the_look_is_recorded(story: Story) -> None:
    request = story.ask()
    offer = story.offer(request)
    Member.objects.filter(pk=story.people[0].pk).update(phone="0600 000 001")
    everybody = (story.leader, story.sender, story.province, story.actor(story.people[0]))
    for actor in everybody:
        with pytest.raises(Http404):
            services.show_telephones(offer_id=offer, by=actor, now=NOW)
    say(story, offer)
    for actor in (story.leader, story.sender):
        _offer, people = services.show_telephones(offer_id=offer, by=actor, now=NOW)
        assert "0600 000 001" in {one.number for one in people}
    assert Entry.objects.filter(action="read", entity="teams_member").count() == 2 * len(people)
    for actor in everybody[2:]:
        with pytest.raises(Http404):
            services.show_telephones(offer_id=offer, by=actor, now=NOW)


@pytest.mark.parametrize("end", ["withdraw", "decline"])
def test_a_request_ends_and_takes_its_offers_along(story: Story, end: str) -> None:
    request = story.ask()
    if end == "decline":
        services.decline_request(request_id=request.pk, by=story.province, now=NOW)
        expected = RequestState.DECLINED
    else:
        offer = story.offer(request)
        services.withdraw_request(request_id=request.pk, by=story.leader, now=NOW)
        services.withdraw_request(request_id=request.pk, by=story.leader, now=NOW)
        assert Offer.objects.get(pk=offer).state == OfferState.WITHDRAWN
        assert len(told(story.people[0])) == 2
        expected = RequestState.WITHDRAWN
    request.refresh_from_db()
    assert request.state == expected
    with pytest.raises(services.UnableToMove):
        story.offer(request)


def test_the_province_takes_an_offer_back(story: Story) -> None:
    request = story.ask()
    offer = story.offer(request)
    with pytest.raises(Http404):
        services.withdraw_offer(offer_id=offer, by=story.sender, now=NOW)
    services.withdraw_offer(offer_id=offer, by=story.province, now=NOW)
    request.refresh_from_db()
    assert request.state == RequestState.ASKED


def test_requests_close_by_themselves_when_their_days_are_over(story: Story) -> None:
    sent, waiting = story.ask(), story.ask(id=new_id(), shifts=())
    offer = story.offer(sent)
    say(story, offer)
    services.put_on_shifts(
        offer_id=offer, places=[(story.need.pk, story.people[0].pk)], by=story.leader, now=NOW
    )
    assert services.close_past_requests(now=NOW) == 0
    later = NOW + timedelta(days=9)
    assert services.close_past_requests(now=later) == 2
    assert services.close_past_requests(now=later) == 0
    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert (sent.state, waiting.state) == (RequestState.DONE, RequestState.EXPIRED)
    assert Offer.objects.get(pk=offer).state == OfferState.DONE


def test_who_is_on_a_shift_gives_it_up_there(story: Story) -> None:
    offer = story.offer(story.ask())
    say(story, offer)
    services.put_on_shifts(
        offer_id=offer, places=[(story.need.pk, story.people[0].pk)], by=story.leader, now=NOW
    )
    person = OfferedPerson.objects.get(offer=offer, member=story.people[0])
    with pytest.raises(services.UnableToAnswer):
        services.answer_for_oneself(person_id=person.pk, yes=False, by=story.actor(story.people[0]), now=NOW)
    assert OfferedPerson.objects.get(pk=person.pk).answer == Answer.YES


def test_who_was_put_on_no_shift_may_still_say_no(story: Story) -> None:
    offer = story.offer(story.ask())
    say(story, offer)
    services.put_on_shifts(
        offer_id=offer, places=[(story.need.pk, story.people[0].pk)], by=story.leader, now=NOW
    )
    person = OfferedPerson.objects.get(offer=offer, member=story.people[1])
    services.answer_for_oneself(person_id=person.pk, yes=False, by=story.actor(story.people[1]), now=NOW)
    assert OfferedPerson.objects.get(pk=person.pk).answer == Answer.NO
    SignUp.objects.filter(member=story.people[0]).update(state=SignUpState.CANCELLED, reason="ill")
    first = OfferedPerson.objects.get(offer=offer, member=story.people[0])
    services.answer_for_oneself(person_id=first.pk, yes=False, by=story.actor(story.people[0]), now=NOW)
    assert Offer.objects.get(pk=offer).state == OfferState.SENT, "somebody was sent: that stays true"


def test_leaders_hear_when_a_yes_becomes_a_no_after_the_agreement(story: Story) -> None:
    offer = story.offer(story.ask())
    say(story, offer, people=False)
    first = OfferedPerson.objects.get(offer=offer, member=story.people[0])
    own = story.actor(story.people[0])
    services.answer_for_oneself(person_id=first.pk, yes=True, by=own, now=NOW)
    assert Offer.objects.get(pk=offer).state == OfferState.AGREED
    before = len(told(story.cast.leader)), len(told(story.helping_leader))
    for _tap in range(2):
        services.answer_for_oneself(person_id=first.pk, yes=False, by=own, now=NOW)
    assert (len(told(story.cast.leader)), len(told(story.helping_leader))) == (before[0] + 1, before[1] + 1)
    assert Offer.objects.get(pk=offer).state == OfferState.AGREED, "the other one is still asked"
    bodies = Message.objects.filter(to=story.cast.leader.pk).values_list("body", flat=True)
    assert [body.endswith(": 0.") for body in bodies].count(True) == 1


def test_the_night_closes_all_however_many(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    for _turn in range(3):
        story.ask(id=new_id(), shifts=())
    monkeypatch.setattr("nhipcau.reinforcement.services.closing.BATCH", 2)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=9))
    close_past_requests(0)
    assert set(Request.objects.values_list("state", flat=True)) == {RequestState.EXPIRED}


def test_messages_speak_the_language_of_each(story: Story) -> None:
    Member.objects.filter(pk=story.cast.province.pk).update(preferred_language="en")
    story.ask()
    message = Message.objects.get(to=story.cast.province.pk)
    assert message.language == "en"
    assert "asks for help" in message.subject


def test_who_has_not_said_when_may_be_asked_but_does_not_fit(story: Story) -> None:
    WeeklyAvailability.objects.filter(member=story.people[0]).delete()
    found = queries.candidate(story.ask(), story.helpers.pk, for_=story.province, now=NOW)
    assert found is not None
    person = next(one for one in found.people if one.id == story.people[0].pk)
    assert (person.said, person.fits, person.can_be_offered) == (False, False, True)
    assert SHIFT_DAY.weekday() == 0
