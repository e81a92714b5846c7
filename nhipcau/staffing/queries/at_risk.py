"""Shifts soon to come that are in trouble: too few people, nobody's word, a newcomer alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from nhipcau.core.scope import Actor
from nhipcau.shifts.enums import ShiftState
from nhipcau.shifts.models import Shift, ShiftNeed
from nhipcau.signups.enums import EXPECTED, SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.signups.queries.facts import need_facts, needs_with_facts
from nhipcau.signups.services import LATE, NeedFacts
from nhipcau.teams.enums import Permission

SOON: Final = timedelta(hours=48)
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Risk:
    """A need in trouble: people missing, people who have not confirmed, seats whose holder wants out."""

    need: ShiftNeed
    missing: int
    unconfirmed: list[SignUp]
    applied: list[SignUp]
    leaving: list[SignUp]
    newcomers_alone: bool

    @property
    def shift(self) -> Shift:
        return self.need.shift

    @property
    def is_urgent(self) -> bool:
        """Too few people, or somebody new left alone."""
        return self.missing > 0 or self.newcomers_alone


def shifts_at_risk(*, now: datetime, for_: Actor | None = None, within: timedelta = SOON) -> list[Risk]:
    """Needs of open shifts that begin soon and are in trouble, the soonest first: three queries.

    `for_`: of the places whose rosters the actor runs; None: everywhere.
    """
    rows = _soon(now, within)
    if for_ is not None:
        rows = rows.filter(for_.scope(Permission.ROSTER_EDIT).q("shift__commune"))[:MOST]
    needs = list(rows)
    risks = (_risk(need, facts, now) for need, facts in zip(needs, need_facts(needs), strict=True))
    return [risk for risk in risks if risk is not None]


def _soon(now: datetime, within: timedelta) -> QuerySet[ShiftNeed]:
    on = SignUp.objects.filter(state__in=EXPECTED).select_related("member").order_by("made_at", "id")
    return (
        needs_with_facts(now)
        .filter(shift__state=ShiftState.OPEN, shift__starts_at__gt=now, shift__starts_at__lte=now + within)
        .prefetch_related(Prefetch("sign_ups", on))
        .order_by("shift__starts_at", "shift_id", "position", "id")
    )


def _risk(need: ShiftNeed, facts: NeedFacts, now: datetime) -> Risk | None:
    expected = list(need.sign_ups.all())  # those `_soon` has fetched: expected ones only
    leaving = [row for row in expected if row.state == SignUpState.STAND_IN_SOUGHT]
    found = Risk(
        need=need,
        missing=max(0, need.minimum - (len(expected) - len(leaving))),
        unconfirmed=[row for row in expected if _silent(row, now)],
        applied=[row for row in expected if row.state == SignUpState.APPLIED],
        leaving=leaving,
        newcomers_alone=need.pairs_newcomers and facts.newcomers > facts.experienced,
    )
    troubled = found.is_urgent or found.unconfirmed or found.applied or found.leaving
    return found if troubled else None


def _silent(row: SignUp, now: datetime) -> bool:
    """Reminded some hours ago, without an answer."""
    reminded = row.reminded_at is not None and row.reminded_at <= now - timedelta(hours=2)
    return row.state == SignUpState.CONFIRMED and reminded and row.promised_at is None


def to_remind(*, now: datetime) -> QuerySet[SignUp]:
    """Sign-ups on shifts that begin within a day and were not reminded of.

    Who signed up within that day has just said that they come.
    """
    return (
        SignUp.objects.filter(
            state__in=[SignUpState.APPLIED, SignUpState.CONFIRMED],
            reminded_at__isnull=True,
            starts_at__gt=now,
            starts_at__lte=now + LATE,
            made_at__lt=F("starts_at") - LATE,
            shift__state=ShiftState.OPEN,
        )
        .select_related("member", "shift__post__point", "shift__commune")
        .order_by("starts_at", "id")
    )


def last_given_up(shifts: list[UUID]) -> dict[UUID, datetime]:
    """When somebody last gave up a place on each of the shifts."""
    rows = SignUp.objects.filter(
        shift_id__in=shifts, state__in=[SignUpState.CANCELLED, SignUpState.STAND_IN_SOUGHT]
    )
    return dict(rows.order_by("changed_at", "id").values_list("shift_id", "changed_at"))
