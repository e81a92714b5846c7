"""People as the core knows them: what they may, can, want and have carried so far. Ids only, no names."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from nhipcau.roster.plan.source import BOUNDS, LEDGER, PARTS, Drawing, part_of, window
from nhipcau.signups.enums import Refusal, SignUpState, Source
from nhipcau.signups.services import MemberFacts, NeedFacts, ShiftFacts, distance_km, of_member
from nhipcau.teams.enums import LanguageLevel
from nhipcau.volunteers.enums import Liking
from planning import rostering as core

FULL_SHARE: Final = 4  # shifts a week of somebody who carries a full share
IF_NEEDED, NOT_GLADLY, GIVES_UP = 30, 2, 100  # what it costs to pass over such a wish
LEVELS: Final = {level.value: rank for rank, level in enumerate(LanguageLevel, start=1)}
_NEVER: Final = {
    Refusal.ACCOUNT_CLOSED,
    Refusal.ADULTS_ONLY,
    Refusal.NO_CONSENT,
    Refusal.OTHER_TEAM,
    Refusal.NO_TEAM,
}


def strangers(drawing: Drawing) -> frozenset[UUID]:
    """Who holds a seat without being in one of the teams: sent or welcome from elsewhere, they stay."""
    found = set()
    for row in drawing.holders:
        member = drawing.people[row.member_id]
        if drawing.is_own(member):
            continue
        if row.source == Source.REINFORCEMENT or not _never(drawing, member, drawing.shifts[row.shift_id]):
            found.add(row.member_id)
    return frozenset(found)


def _never(drawing: Drawing, member: MemberFacts, shift: ShiftFacts) -> bool:
    return any(one in _NEVER for one in of_member(member, NeedFacts(shift.id, shift), drawing.now))


def guest(drawing: Drawing, key: UUID) -> core.Person:
    """Somebody of another team keeps the seats they hold and is given no more."""
    shifts = [drawing.shifts[shift] for shift in sorted(drawing.held[key])]
    member = drawing.people[key]
    return core.Person(
        id=str(key),
        qualifications=_held(member),
        languages=_languages(member),
        experience=_experience(drawing, member),
        available=tuple(window(drawing, shift.starts_at, shift.ends_at) for shift in shifts),
        elsewhere=_elsewhere(drawing, member),
    )


def person_of(drawing: Drawing, member: MemberFacts) -> core.Person:
    teams = [str(spell.team) for spell in member.spells if spell.team in drawing.teams]
    own = [shift for shift in drawing.shifts.values() if str(shift.team) in teams]
    alone = replace(member, duties=())
    off = {shift for who, shift in drawing.wishes.kept_off if who == member.id}
    rest = max((shift.rest_hours for shift in own), default=0)
    return core.Person(
        id=str(member.id),
        teams=tuple(dict.fromkeys(teams)),
        qualifications=_held(member),
        languages=_languages(member),
        experience=_experience(drawing, member),
        available=_free(drawing, member),
        unavailable=_away(drawing, member),
        elsewhere=_elsewhere(drawing, member),
        forbidden=tuple(str(shift.id) for shift in own if shift.id in off or _never(drawing, alone, shift)),
        wishes=tuple(_wishes(drawing, member)),
        limits=core.Limits(
            duties_per_week=member.shifts_a_week,
            minutes_per_day=member.hours_a_day * 60,
            rest=rest * 60 or None,
        ),
        reach=member.reach_km,
        distances=_distances(drawing, member, own),
        share=min(100, member.shifts_a_week * 100 // FULL_SHARE),
        history=drawing.ledger.get(member.id, core.History()),
    )


def with_late_joiners(drawing: Drawing, people: Sequence[core.Person]) -> Iterable[core.Person]:
    """Who joined within the weeks of the ledger is taken to have carried their part before that."""
    since = drawing.start - LEDGER
    joined = {
        str(key): min(
            (spell.days.starts_on for spell in one.spells if spell.team in drawing.teams), default=since
        )
        for key, one in drawing.people.items()
    }
    old = [one for one in people if joined[one.id] <= since] or list(people)
    load = sum(one.history.load for one in old) / max(1, len(old))
    hard = sum(one.history.unpopular for one in old) / max(1, len(old))
    for one in people:
        part = max(0.0, min(1.0, (joined[one.id] - since) / LEDGER)) * one.share / 100
        more = core.History(one.history.load + round(load * part), one.history.unpopular + round(hard * part))
        yield replace(one, history=more)


def _held(member: MemberFacts) -> tuple[core.Held, ...]:
    one_day = timedelta(days=1)
    return tuple(
        core.Held(code, days.starts_on, days.until - one_day if days.until else None)
        for code, spans in sorted(member.qualifications.items())
        for days in spans
    )


def _languages(member: MemberFacts) -> dict[str, int]:
    return {code: LEVELS[level] for code, level in member.languages.items()}


def _experience(drawing: Drawing, member: MemberFacts) -> core.Experience:
    own = [one for one in drawing.shifts.values() if any(spell.team == one.team for spell in member.spells)]
    known = any(member.is_experienced(shift) for shift in (own or list(drawing.shifts.values()))[:1])
    return core.Experience.EXPERIENCED if known else core.Experience.NEWCOMER


def has_said(member: MemberFacts) -> bool:
    return member.free_hours is not None and (member.free_hours.said or bool(member.free_hours.dates))


def _free(drawing: Drawing, member: MemberFacts) -> tuple[core.Window, ...]:
    """When they said to be free, and the shifts they hold: whoever signed up can come."""
    hours = member.free_hours
    windows = [] if hours is None else [
        core.Window(day, BOUNDS[at], BOUNDS[at + 1])
        for day in range((drawing.end - drawing.start).days + 1)
        for at, part in enumerate(PARTS)
        if hours.free(drawing.start + timedelta(days=day), part)
    ]  # fmt: skip
    held = [drawing.shifts[shift] for shift in sorted(drawing.held.get(member.id, ()))]
    return (*windows, *(window(drawing, shift.starts_at, shift.ends_at) for shift in held))


def _away(drawing: Drawing, member: MemberFacts) -> tuple[core.Window, ...]:
    """Parts of days they said to be away, and the days a leader was told of."""
    dates = member.free_hours.dates if member.free_hours is not None else {}
    windows = [
        core.Window((day - drawing.start).days, BOUNDS[PARTS.index(part)], BOUNDS[PARTS.index(part) + 1])
        for (day, part), free in sorted(dates.items())
        if not free
    ]
    for who, first, back in drawing.wishes.away:
        if who == member.id:
            days = range((first - drawing.start).days, (back - drawing.start).days)
            windows += [core.Window(day) for day in days]
    return tuple(windows)


def _elsewhere(drawing: Drawing, member: MemberFacts) -> tuple[core.Stint, ...]:
    """Shifts fixed outside this problem: before it, of other teams, after it; and drafts of other teams."""
    spans = [(duty.starts_at, duty.ends_at) for duty in member.duties if duty.shift not in drawing.shifts]
    spans += [(starts_at, ends_at) for who, starts_at, ends_at in drawing.wishes.fixed if who == member.id]
    windows = [window(drawing, *span) for span in sorted(set(spans))]
    return tuple(core.Stint(one.day, one.start, one.end, part_of(one.start).value) for one in windows)


def _wishes(drawing: Drawing, member: MemberFacts) -> Iterable[core.Wish]:
    """What is served only if needed, or less gladly than the rest; and shifts they want to give up."""
    hours = member.free_hours
    weekly = hours.weekly if hours is not None else {}
    gladly = Liking.GLADLY in weekly.values()
    prices = {Liking.IF_NEEDED: IF_NEEDED, Liking.CAN: NOT_GLADLY if gladly else 0}
    for day in range((drawing.end - drawing.start).days):
        for part in PARTS:
            on = drawing.start + timedelta(days=day)
            liking = hours.liking_on(on, part) if hours is not None else None
            if liking is not None and (price := prices.get(liking, 0)):
                yield core.Wish(wanted=False, weight=price, day=day, kind=part.value)
    for row in drawing.holders:
        if row.member_id == member.id and row.state == SignUpState.STAND_IN_SOUGHT:
            yield core.Wish(wanted=False, weight=GIVES_UP, duty=str(row.shift_id))


def _distances(drawing: Drawing, member: MemberFacts, own: Iterable[ShiftFacts]) -> dict[str, int]:
    """Kilometres to each post; a post where they hold a shift is never too far."""
    posts = {need.shift_id: need.shift.post_id for need in drawing.needs}
    held = {posts[shift] for shift in drawing.held.get(member.id, ())}
    found: dict[str, int] = {}
    for shift in own:
        post = posts[shift.id]
        if str(post) not in found:
            away = round(distance_km(member, shift) or 0)
            found[str(post)] = min(away, member.reach_km) if post in held else away
    return {post: away for post, away in sorted(found.items()) if away}
