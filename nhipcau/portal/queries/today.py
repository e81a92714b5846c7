"""What a member needs to know today: one's next shift, the shifts one runs, what waits for an answer.

Each number is asked of the room that knows it, in one query; who has nothing to do with it costs none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.attendance.queries.hours import waiting_for as hours_waiting_for
from nhipcau.core.clock import local_date
from nhipcau.reinforcement import queries as reinforcement
from nhipcau.shifts.models import Shift
from nhipcau.signups.models import SignUp
from nhipcau.signups.queries.mine import coming_of
from nhipcau.teams.access import MemberActor
from nhipcau.teams.enums import Permission
from nhipcau.volunteers import queries as volunteers

# A commune has two or three posts, and so a few shifts a day.
MOST_SHIFTS: Final = 12
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for this member: how many, of what, and where."""

    count: int
    label: Promise
    url: str


@dataclass(frozen=True, slots=True)
class Today:
    """What the home page says above its cards; what does not concern the member is empty."""

    next_shift: SignUp | None
    signs_up: bool
    shifts: tuple[Shift, ...]
    runs: bool
    cover: dict[str, int] | None
    waits: tuple[Waits, ...]

    @property
    def percent(self) -> int | None:
        """The share of needed seats that are held, for whoever answers for a province."""
        if not self.cover or not self.cover["needed"]:
            return None
        return 100 * self.cover["held"] // self.cover["needed"]


def today_of(actor: MemberActor, *, now: datetime) -> Today:
    """At most eight queries: two for a volunteer, six more for whoever runs the rosters of a commune."""
    today = local_date(now)
    signs_up = actor.may(Permission.ROSTER_SIGN_UP)
    # Who answers for a whole province has no shift of their own to open: they see the sum.
    runs = bool(actor.scope(Permission.ROSTER_EDIT).communes)
    sends = actor.may(Permission.REINFORCEMENT_SEND)
    return Today(
        next_shift=coming_of(actor.id, now=now).first() if signs_up else None,
        signs_up=signs_up,
        shifts=tuple(reinforcement.shifts_of_day(today, for_=actor)[:MOST_SHIFTS]) if runs else (),
        runs=runs,
        cover=reinforcement.cover_in_short(actor, now, today, today + WEEK) if sends else None,
        waits=tuple(row for row in _waits(actor, now, runs=runs) if row.count),
    )


def _waits(actor: MemberActor, now: datetime, *, runs: bool) -> list[Waits]:
    today = local_date(now)
    found: list[Waits] = []
    if actor.may(Permission.ROSTER_SIGN_UP):
        found.append(
            _of(
                reinforcement.offers_to_answer(actor).filter(answer="asked"),
                _("Asked to help elsewhere"),
                "reinforcement:mine",
            )
        )
    if runs:
        short = reinforcement.short_shifts(now, today, today + WEEK)
        mine = short.filter(actor.scope(Permission.ROSTER_EDIT).q("commune"))
        found += [
            Waits(mine.count(), _("Shifts with too few people, the next 7 days"), _short_page(actor)),
            _of(hours_waiting_for(actor), _("Hours to approve"), "attendance:approve"),
            _of(volunteers.applications_visible_to(actor), _("Requests to join"), "volunteers:applications"),
            _of(volunteers.claims_visible_to(actor, today=today), _("Skills to check"), "volunteers:claims"),
        ]
    if runs or actor.may(Permission.REINFORCEMENT_SEND):
        count = reinforcement.waiting_for(actor)
        found.append(Waits(count, _("Help between teams"), reverse("reinforcement:requests")))
    return found


def _short_page(actor: MemberActor) -> str:
    """The shifts behind the number; most who run rosters do so in one commune."""
    return reverse("reinforcement:short", args=[min(actor.scope(Permission.ROSTER_EDIT).communes)])


def _of(rows: QuerySet[Any], label: Promise, address: str) -> Waits:
    return Waits(rows.count(), label, reverse(address))
