"""Before a shift: a reminder to each, and to the leader what is unconfirmed or short. Safe to repeat."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import day_bounds, local_date
from nhipcau.messaging.enums import Kind
from nhipcau.messaging.models import Message
from nhipcau.messaging.services import send_all
from nhipcau.signups.models import SignUp
from nhipcau.signups.queries.leaders import leaders_of
from nhipcau.signups.services import LATE
from nhipcau.signups.services.telling import shift_link, shift_words, tell_of
from nhipcau.staffing.queries.at_risk import Risk, last_given_up, shifts_at_risk, to_remind
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import draft_for

_AT_ONCE: Final = 200
# What the leader reads in the evening: until the end of the day after.
_GATHERED: Final = timedelta(hours=36)
_MOST_LINES: Final = 12


def send_reminders(*, now: datetime) -> int:
    """Reminds everybody whose shift begins within a day, once each; how many."""
    total = 0
    while True:
        with unit_of_work(by=None, now=now):
            rows = list(to_remind(now=now).select_for_update(of=("self",), skip_locked=True)[:_AT_ONCE])
            if not rows:
                return total
            send_all(
                drafts=[
                    draft_for(
                        row.member,
                        kind=Kind.SHIFT_REMINDER,
                        words=partial(_reminder, row),
                        link=shift_link(row.shift_id),
                        about=row.pk,
                    )
                    for row in rows
                ],
                now=now,
            )
            SignUp.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
        total += len(rows)


def _reminder(row: SignUp) -> tuple[str, str]:
    point = row.shift.post.point
    named = (point.name, point.address) if point else (row.shift.post.place_name,)
    where = ", ".join(part for part in named if part)
    body = gettext("Open the page of the shift and press “I will come”. If you cannot come, say so there.")
    subject = gettext("Your shift: %(shift)s") % {"shift": shift_words(row.shift)}
    return subject, f"{where or row.shift.commune.full_name}. {body}"


def warn_leaders(*, now: datetime) -> int:
    """Urgent: a shift that begins within a day is short, or leaves a newcomer alone.

    Once for a shift, and again when somebody gave up a place after that. How many shifts were told of.
    """
    urgent = [risk for risk in shifts_at_risk(now=now, within=LATE) if risk.is_urgent]
    told = 0
    with unit_of_work(by=None, now=now):
        open_ones = _not_told(urgent)
        leaders = _leaders(chain.from_iterable(open_ones), now)
        for risks in open_ones:
            shift = risks[0].shift
            people = [one.pk for one in leaders.get(shift.team_id, [])]
            told += bool(people)
            tell_of(
                shift,
                people,
                kind=Kind.UNDERSTAFFED,
                subject=lambda: gettext("Too few people: %(shift)s"),
                body=partial(_troubles, risks),
                link=_place_to_mend(risks),
                now=now,
                urgent=True,
            )
    return told


def _by_shift(risks: Iterable[Risk]) -> dict[UUID, list[Risk]]:
    """A shift with several roles in trouble is one shift, told of once with all of them."""
    rows: dict[UUID, list[Risk]] = {}
    for risk in risks:
        rows.setdefault(risk.shift.pk, []).append(risk)
    return rows


def _place_to_mend(risks: list[Risk]) -> str:
    """Whom to call for the one role; the shift with all its roles when several are in trouble."""
    if len(risks) > 1:
        return reverse("staffing:shift", args=[risks[0].shift.pk])
    return reverse("staffing:call_list", args=[risks[0].need.pk])


def _not_told(risks: Iterable[Risk]) -> list[list[Risk]]:
    """The risks of each shift of which nobody was told since somebody last gave up a place."""
    rows = _by_shift(risks)
    told: dict[UUID | None, datetime] = {}
    for about, at in Message.objects.filter(about__in=list(rows), kind=Kind.UNDERSTAFFED).values_list(
        "about", "created_at"
    ):
        told[about] = max(at, told.get(about, at))
    given_up = last_given_up(list(rows))
    return [
        some
        for key, some in rows.items()
        if key not in told or (key in given_up and given_up[key] > told[key])
    ]


def gather_for_leaders(*, now: datetime) -> int:
    """One message for each leader and day with everything unconfirmed or short; how many were sent."""
    risks = shifts_at_risk(now=now, within=_GATHERED)
    start, end = day_bounds(local_date(now))
    with unit_of_work(by=None, now=now):
        wanted: dict[UUID, tuple[Member, list[Risk]]] = {}
        for team, people in _leaders(risks, now).items():
            for leader in people:
                mine = wanted.setdefault(leader.pk, (leader, []))[1]
                mine += [risk for risk in risks if risk.shift.team_id == team]
        heard = set(
            Message.objects.filter(
                to__in=list(wanted), about__in=list(wanted), kind=Kind.UNCONFIRMED,
                created_at__gte=start, created_at__lt=end,
            ).values_list("to", flat=True)
        )  # fmt: skip
        drafts = [
            draft_for(
                leader,
                kind=Kind.UNCONFIRMED,
                words=partial(_gathered, mine),
                link=reverse("staffing:at_risk"),
                about=leader.pk,
            )
            for leader, mine in wanted.values()
            if leader.pk not in heard
        ]
        send_all(drafts=drafts, now=now)
    return len(drafts)


def _leaders(risks: Iterable[Risk], now: datetime) -> dict[UUID, list[Member]]:
    return leaders_of({risk.shift.team_id for risk in risks}, local_date(now))


def _gathered(risks: list[Risk]) -> tuple[str, str]:
    rows = _by_shift(risks).values()
    subject = ngettext(
        "%(count)d shift needs your attention", "%(count)d shifts need your attention", len(rows)
    ) % {"count": len(rows)}
    lines = [f"{shift_words(some[0].shift)}: {line}" for some in rows for line in _lines(some)]
    return subject, "\n".join(lines[:_MOST_LINES])


def _troubles(risks: list[Risk]) -> str:
    return "\n".join(_lines(risks))


def _lines(risks: list[Risk]) -> list[str]:
    """What is wrong with each role of a shift; it is named when there are several."""
    if len(risks) == 1:
        return [_trouble(risks[0])]
    return [f"{risk.need.title}: {_trouble(risk)}" for risk in risks]


def _trouble(risk: Risk) -> str:
    """What is wrong with a need, in words."""
    parts = []
    if risk.missing:
        words = ngettext("%(count)d person is missing", "%(count)d people are missing", risk.missing)
        parts.append(words % {"count": risk.missing})
    if risk.newcomers_alone:
        parts.append(gettext("a newcomer has nobody experienced beside them"))
    if risk.unconfirmed:
        parts.append(gettext("not confirmed: %(names)s") % {"names": _names(risk.unconfirmed)})
    if risk.applied:
        parts.append(gettext("waits for your answer: %(names)s") % {"names": _names(risk.applied)})
    if risk.leaving:
        parts.append(gettext("looks for a stand-in: %(names)s") % {"names": _names(risk.leaving)})
    return "; ".join(parts)


def _names(rows: Iterable[SignUp]) -> str:
    return ", ".join(row.member.name for row in rows)
