"""The tables of moves, the geometry of the map, and what makes a team a candidate."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.reinforcement.enums import AGREED_OFFERS, LIVE_OFFERS, OPEN_REQUESTS, OfferState, RequestState
from nhipcau.reinforcement.rules import map as drawing
from nhipcau.reinforcement.rules.candidates import (
    Candidate,
    Person,
    Slot,
    UnableToOffer,
    check_offer,
    lacking,
    slots_of,
    speaks,
)
from nhipcau.reinforcement.rules.states import (
    OFFER_MOVES,
    REQUEST_MOVES,
    UnableToAsk,
    UnableToMove,
    can_move_offer,
    can_move_request,
    check_offer_move,
    check_request,
    check_request_move,
    request_state_from,
    states_page,
)
from nhipcau.volunteers.enums import DayPart

PLACES = st.tuples(st.floats(8.5, 23.4), st.floats(102.1, 109.5))


def test_every_state_is_in_its_table_and_closed_ones_lead_nowhere() -> None:
    assert set(REQUEST_MOVES) == set(RequestState)
    assert set(OFFER_MOVES) == set(OfferState)
    assert {state for state, moves in REQUEST_MOVES.items() if moves} == set(OPEN_REQUESTS)
    assert {state for state, moves in OFFER_MOVES.items() if moves} == set(LIVE_OFFERS)
    assert set(AGREED_OFFERS) - set(LIVE_OFFERS) == {OfferState.DONE}


def test_what_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(UnableToMove):
        check_request_move(RequestState.SENT, RequestState.WITHDRAWN)
    with pytest.raises(UnableToMove):
        check_offer_move(OfferState.DECLINED, OfferState.AGREED)
    assert can_move_request("asked", "declined")
    assert not can_move_offer("offered", "sent")


@given(st.lists(st.sampled_from(list(OfferState)), max_size=6))
def test_a_request_is_as_far_as_its_furthest_offer(offers: list[OfferState]) -> None:
    reached = request_state_from(offers)
    order = [RequestState.ASKED, RequestState.OFFERED, RequestState.AGREED, RequestState.SENT]
    for offer in offers:
        if offer in LIVE_OFFERS:
            assert order.index(reached) >= order.index(RequestState(offer))
    if not set(offers) & {*LIVE_OFFERS, OfferState.DONE}:
        assert reached == RequestState.ASKED


@pytest.mark.parametrize(
    "changes",
    [
        {"parts": ()},
        {"parts": ("midnight",)},
        {"people": 0},
        {"people": 61},
        {"ends_on": date(2025, 7, 7)},
        {"starts_on": date(2025, 6, 1), "ends_on": date(2025, 6, 3)},
        {"ends_on": date(2025, 10, 1)},
    ],
)
def test_what_cannot_be_asked_for(changes: dict[str, object]) -> None:
    values: dict[str, object] = {
        "starts_on": date(2025, 7, 7),
        "ends_on": date(2025, 7, 12),
        "parts": ("morning",),
        "people": 2,
    }
    check_request(**values, today=date(2025, 7, 3))  # type: ignore[arg-type]  # the values of a test
    with pytest.raises(UnableToAsk):
        check_request(**(values | changes), today=date(2025, 7, 3))  # type: ignore[arg-type]  # as above


def test_the_page_of_states_draws_every_move() -> None:
    page = states_page()
    moves = [
        (state, to) for table in (REQUEST_MOVES, OFFER_MOVES) for state, tos in table.items() for to in tos
    ]
    assert all(f"    {state} --> {to}" in page for state, to in moves)


def test_distances_are_those_of_the_globe() -> None:
    da_lat, hanoi = (11.94, 108.44), (21.03, 105.85)
    assert drawing.distance_km(da_lat, da_lat) == 0
    assert 1030 < drawing.distance_km(da_lat, hanoi) < 1060


@given(st.lists(st.tuples(PLACES, st.integers(0, 400)), max_size=60))
def test_every_spot_stands_inside_the_frame(rows: list[tuple[tuple[float, float], int]]) -> None:
    places, sizes = [place for place, _size in rows], [size for _place, size in rows]
    drawn = drawing.draw(places, sizes)
    assert len(drawn.spots) == len(places)
    for spot in drawn.spots:
        assert spot.x - spot.radius >= 0
        assert spot.x + spot.radius <= drawing.WIDTH
        assert spot.y - spot.radius >= 0
        assert spot.y + spot.radius <= drawn.height
    assert drawn.bar <= drawing.WIDTH / 2
    for one, size in zip(drawn.spots, sizes, strict=True):
        for other, larger in zip(drawn.spots, sizes, strict=True):
            if size < larger:
                assert one.radius <= other.radius


@given(st.lists(PLACES, max_size=40))
def test_spots_to_press_never_touch_and_names_never_lie_on_each_other(
    places: list[tuple[float, float]],
) -> None:
    drawn = drawing.draw(places, [1] * len(places))
    kept = drawing.apart(list(enumerate(drawn.spots)))
    assert bool(kept) == bool(places)
    for row, one in enumerate(kept):
        for other in kept[row + 1 :]:
            a, b = drawn.spots[one], drawn.spots[other]
            assert (a.x - b.x) ** 2 + (a.y - b.y) ** 2 >= (2 * drawing.TARGET) ** 2
    named = drawing.labels([(index, spot, "Xã Lạc Dương") for index, spot in enumerate(drawn.spots)])
    assert len(named) <= 6
    for row, one_label in enumerate(named):
        for label in named[row + 1 :]:
            width = 12 * 6.2
            left = [found.x - width if found.at_end else found.x for found in (one_label, label)]
            apart = abs(left[0] - left[1]) >= width - 0.2 or abs(one_label.y - label.y) >= 12.8
            assert apart


def person(name: str, *, fits: bool = True, busy: int = 0) -> Person:
    return Person(
        id=uuid4(), name=name, may_serve=True, qualified=fits, speaks=True, said=True,
        free=3 - busy, busy=busy, slots=3,
    )  # fmt: skip


def team(
    *people: Person, distance: float = 10, short: int = 0, promised: int = 0, travels: bool = False
) -> Candidate:
    return Candidate(
        team=uuid4(), name="Đội", place="Xã", kind="commune", distance=distance, travels=travels,
        people=people, own_short=short, promised=promised,
    )  # fmt: skip


def test_a_team_spares_only_whom_its_own_place_does_not_need() -> None:
    people = [person("An"), person("Bình"), person("Chi", busy=3), person("Dung", fits=False)]
    assert team(*people).spare == 2
    assert team(*people, short=1).spare == 1
    assert team(*people, short=1, promised=1).spare == 0
    found = team(*people, short=1)
    check_offer(found, [people[0].id])
    for wrong in ([], [people[0].id, people[1].id], [people[2].id], [people[3].id], [uuid4()]):
        with pytest.raises(UnableToOffer):
            check_offer(found, wrong)
    with pytest.raises(UnableToOffer):
        check_offer(None, [people[0].id])


def test_useful_and_near_teams_come_first() -> None:
    near, far = team(person("An"), distance=5), team(person("An"), distance=40)
    empty = team(person("An", fits=False), distance=1)
    travelling = team(person("An"), distance=40, travels=True)
    assert sorted([empty, far, travelling, near], key=lambda one: one.rank) == [near, travelling, far, empty]


def test_slots_and_what_is_lacking_in_them() -> None:
    slots = slots_of(date(2025, 7, 7), date(2025, 7, 9), ["afternoon", "morning"])
    assert [(slot.day.day, slot.part) for slot in slots] == [
        (7, DayPart.MORNING),
        (7, DayPart.AFTERNOON),
        (8, DayPart.MORNING),
        (8, DayPart.AFTERNOON),
    ]
    at_home = {
        Slot(date(2025, 7, 7), DayPart.MORNING): 1,
        Slot(date(2025, 7, 8), DayPart.MORNING): 3,
        Slot(date(2025, 7, 8), DayPart.EVENING): 9,
    }
    assert lacking(at_home, slots) == 4
    assert lacking({}, slots) == 0


def test_languages_are_asked_for_at_a_level() -> None:
    assert speaks({"kpm": "native"}, {"kpm": "good"})
    assert not speaks({"kpm": "some"}, {"kpm": "good"})
    assert not speaks({}, {"kpm": "some"})
    assert speaks({}, {})
