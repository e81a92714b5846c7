"""Who may take which place: each reason alone, and that nothing else is one."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.core.ids import new_id
from nhipcau.shifts.enums import OpenTo, ShiftState
from nhipcau.signups.enums import HARD, Refusal
from nhipcau.signups.rules.eligibility import (
    Days,
    Duty,
    MemberFacts,
    NeedFacts,
    ShiftFacts,
    Spell,
    between_km,
    hard,
    of_places,
    refusals,
)
from tests.factories.cast import NOW
from tests.factories.rosters import at

DAY = date(2025, 7, 7)
TEAM, OTHER = new_id(), new_id()
ALWAYS = Days(date(2025, 1, 1))
SHIFT = ShiftFacts(
    id=new_id(), team=TEAM, commune="24848", day=DAY, starts_at=at(DAY, 7), ends_at=at(DAY, 11, 30)
)
NEED = NeedFacts(id=new_id(), shift=SHIFT, maximum=3)
MEMBER = MemberFacts(id=new_id(), commune="24848", spells=(Spell(TEAM, "24848", ALWAYS),), attended=3)


def duty(start: datetime, hours: float, shift: UUID | None = None) -> Duty:
    return Duty(shift or new_id(), start, start + timedelta(hours=hours))


def why(
    member: MemberFacts = MEMBER, now: datetime = NOW, need: NeedFacts = NEED, **shift: Any
) -> list[Refusal]:
    return refusals(member, replace(need, shift=replace(need.shift, **shift)), now)


def test_nothing_speaks_against_a_member_of_the_team() -> None:
    assert why() == []


def test_account_and_state_of_the_shift() -> None:
    assert why(replace(MEMBER, active=False)) == [Refusal.ACCOUNT_CLOSED]
    assert why(state=ShiftState.DRAFT) == [Refusal.NOT_OPEN]
    assert why(state=ShiftState.CANCELLED) == [Refusal.CALLED_OFF]
    assert why(now=SHIFT.starts_at) == [Refusal.STARTED]
    assert why(now=SHIFT.ends_at) == [Refusal.OVER]
    assert why(release_days=3) == [Refusal.TOO_EARLY]
    assert why(release_days=4) == []


def test_qualification_counts_at_the_date_of_the_shift() -> None:
    need = replace(NEED, qualifications=("vneid",))
    until_then = replace(MEMBER, qualifications={"vneid": (Days(date(2025, 1, 1), DAY),)})
    still = replace(MEMBER, qualifications={"vneid": (Days(date(2025, 1, 1), DAY + timedelta(days=1)),)})
    from_then = replace(MEMBER, qualifications={"vneid": (Days(DAY),)})
    assert why(need=need) == [Refusal.QUALIFICATION]
    assert why(until_then, need=need) == [Refusal.QUALIFICATION]
    assert why(still, need=need) == why(from_then, need=need) == []


@pytest.mark.parametrize(
    ("own", "asked", "refused"),
    [("", "some", True), ("some", "some", False), ("some", "good", True), ("native", "good", False)],
)
def test_language_by_level(own: str, asked: str, refused: bool) -> None:
    member = replace(MEMBER, languages={"kpm": own} if own else {})
    found = why(member, need=replace(NEED, languages={"kpm": asked}))
    assert found == ([Refusal.LANGUAGE] if refused else [])


def test_minors() -> None:
    minor = replace(MEMBER, minor_until=DAY + timedelta(days=1))
    assert why(minor) == [Refusal.NO_CONSENT]
    assert why(replace(minor, consents=(Days(date(2025, 1, 1), DAY),))) == [Refusal.NO_CONSENT]
    with_consent = replace(minor, consents=(ALWAYS,))
    assert why(with_consent) == []
    assert why(with_consent, adults_only=True) == [Refusal.ADULTS_ONLY]
    assert why(replace(MEMBER, minor_until=DAY), adults_only=True) == []


def test_whose_shift_it_is() -> None:
    neighbour = replace(MEMBER, spells=(Spell(OTHER, "24848", ALWAYS),))
    far = replace(MEMBER, commune="24846", spells=(Spell(OTHER, "24846", ALWAYS),))
    assert why(neighbour) == [Refusal.OTHER_TEAM]
    assert why(neighbour, open_to=OpenTo.COMMUNE) == []
    assert why(far, open_to=OpenTo.COMMUNE) == [Refusal.OTHER_TEAM]
    left = replace(MEMBER, spells=(Spell(TEAM, "24848", Days(date(2025, 1, 1), DAY)),))
    assert why(left) == [Refusal.OTHER_TEAM]


def test_as_far_as_one_can_go() -> None:
    at_home = (Spell(OTHER, "24846", ALWAYS),)
    far = replace(MEMBER, commune="24846", latitude=11.94, longitude=108.44, spells=at_home, reach_km=15)
    near, beyond = {"latitude": 12.05, "longitude": 108.44}, {"latitude": 12.1, "longitude": 108.44}
    assert why(far, open_to=OpenTo.REACH, **near) == []
    assert why(replace(far, spells=()), open_to=OpenTo.REACH, **near) == [Refusal.NO_TEAM]
    assert why(far, open_to=OpenTo.REACH, **beyond) == [Refusal.TOO_FAR]
    assert why(far, open_to=OpenTo.REACH) == [Refusal.TOO_FAR]
    assert why(replace(far, commune="24848"), open_to=OpenTo.REACH, **beyond) == []


def test_overlap_is_half_open() -> None:
    assert why(replace(MEMBER, duties=(duty(at(DAY, 11), 2),))) == [Refusal.OVERLAP]
    assert why(replace(MEMBER, duties=(duty(at(DAY, 11, 30), 2),))) == []
    assert why(replace(MEMBER, duties=(duty(at(DAY, 7), 4.5, SHIFT.id),))) == [Refusal.ALREADY_ON]


def test_limits_of_the_week_and_the_day() -> None:
    monday = [duty(at(DAY + timedelta(days=n), 7), 2) for n in range(1, 5)]
    assert why(replace(MEMBER, duties=tuple(monday))) == [Refusal.WEEK_FULL]
    assert why(replace(MEMBER, duties=tuple(monday[:3]))) == []
    before = [duty(at(DAY - timedelta(days=n), 7), 2) for n in range(1, 5)]
    assert why(replace(MEMBER, duties=tuple(before))) == []
    assert why(replace(MEMBER, duties=(duty(at(DAY, 13), 4),))) == [Refusal.DAY_FULL]
    assert why(replace(MEMBER, duties=(duty(at(DAY, 13, 30), 3.5),))) == []


def test_rest_after_an_evening_in_both_directions() -> None:
    sunday = DAY - timedelta(days=1)
    assert why(replace(MEMBER, duties=(duty(at(sunday, 18), 4),))) == [Refusal.NO_REST]
    assert why(replace(MEMBER, duties=(duty(at(sunday, 18), 3),))) == []
    evening = {"starts_at": at(DAY, 18), "ends_at": at(DAY, 22)}
    tuesday = replace(MEMBER, duties=(duty(at(DAY + timedelta(days=1), 7), 4),))
    assert why(tuesday, **evening) == [Refusal.NO_REST]
    assert why(replace(MEMBER, duties=(duty(at(DAY, 7), 4),)), **evening) == []


def test_nobody_hoards() -> None:
    ahead = tuple(duty(at(DAY + timedelta(days=7 * n), 7), 2) for n in range(1, 9))
    assert why(replace(MEMBER, duties=ahead)) == [Refusal.ENOUGH_AHEAD]
    assert why(replace(MEMBER, duties=ahead[1:])) == []


def test_places() -> None:
    assert why(need=replace(NEED, taken=3)) == [Refusal.FULL]
    assert why(need=replace(NEED, taken=2, reserved=1)) == [Refusal.IN_LINE]
    assert why(need=replace(NEED, taken=1, reserved=1)) == []


def test_a_newcomer_is_never_alone() -> None:
    new = replace(MEMBER, attended=2)
    alone = replace(NEED, maximum=1)
    assert why(new, need=alone) == [Refusal.NEWCOMER]
    assert why(need=alone) == []
    assert why(replace(new, qualifications={"experienced": (ALWAYS,)}), need=alone) == []
    assert why(new, need=replace(alone, pairs_newcomers=False)) == []
    # Two places: the second is kept for somebody experienced; close to the shift they must be there.
    two = replace(NEED, maximum=2)
    assert why(new, need=two) == []
    assert why(new, need=replace(two, taken=1, newcomers=1)) == [Refusal.NEWCOMER]
    assert why(new, need=replace(two, taken=1, experienced=1)) == []
    assert why(new, need=two, now=SHIFT.starts_at - timedelta(hours=20)) == [Refusal.NEWCOMER]


@given(
    maximum=st.integers(1, 8),
    arrivals=st.lists(st.booleans(), max_size=16),
)
def test_room_for_the_experienced_is_always_left(maximum: int, arrivals: list[bool]) -> None:
    """Whoever comes in whatever order: once full, nobody new lacks somebody experienced."""
    need = replace(NEED, maximum=maximum)
    for experienced in arrivals:
        if not of_places(replace(MEMBER, attended=9 if experienced else 0), need, NOW):
            need = replace(
                need,
                taken=need.taken + 1,
                experienced=need.experienced + experienced,
                newcomers=need.newcomers + (not experienced),
            )
        left = need.maximum - need.taken
        assert need.newcomers <= need.experienced + left


def test_hard_reasons() -> None:
    assert hard([Refusal.OVERLAP, Refusal.WEEK_FULL, Refusal.QUALIFICATION]) == [
        Refusal.OVERLAP,
        Refusal.QUALIFICATION,
    ]
    assert set(HARD) < set(Refusal)


def test_distance() -> None:
    assert between_km((11.94, 108.44), (11.94, 108.44)) == 0
    assert between_km((21.03, 105.85), (10.78, 106.70)) == pytest.approx(1144, abs=10)  # Hanoi to Saigon
