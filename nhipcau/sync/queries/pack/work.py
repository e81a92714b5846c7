"""The member's own work of these days: shifts, visits, classes, cases they follow, what waits for them."""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet

from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.models import Attendance
from nhipcau.cases.enums import CLOSED_STATES, CaseState, EventKind
from nhipcau.cases.models import Case, CaseEvent
from nhipcau.cases.queries import EDIT, cases_visible_to, may_follow, need_label, need_value
from nhipcau.core.scope import Actor
from nhipcau.learning.queries import classes_of
from nhipcau.shifts.enums import ShiftState
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries.conflicts import own_decided, own_forgotten, own_open
from nhipcau.sync.queries.pack.things import Thing, Wanted, thing
from nhipcau.sync.queries.sides import mark_of, sides_of, titles_of, values_now, what
from nhipcau.sync.rules.keeping import KEEP_DECIDED, KEEP_RECEIPTS
from nhipcau.teams.enums import Permission
from nhipcau.visits.queries import visits_of

# Tomorrow's work is taken along the evening before, and yesterday's may still have to be written down.
BEFORE: Final = timedelta(days=1)
AHEAD: Final = timedelta(days=3)
MOST_CASES: Final = 60
_NOTES: Final = 3
# So many digits of the digest tell a card from every other.
_MARK: Final = 32
_GONE = (SignUpState.CANCELLED, SignUpState.SWAPPED)


def things(wanted: Wanted) -> Iterator[Thing]:
    """Nothing of anybody else, and nothing of another week."""
    days = (wanted.today - BEFORE, wanted.today + AHEAD)
    yield from _shifts(wanted, days)
    yield from _visits(wanted, days)
    yield from _classes(wanted, days)
    yield from _cases(wanted)
    yield from _conflicts(wanted)


def _shifts(wanted: Wanted, days: tuple[date, date]) -> Iterator[Thing]:
    rows = (
        SignUp.objects.filter(member_id=wanted.actor.id, shift__day__gte=days[0], shift__day__lt=days[1])
        .exclude(state__in=_GONE)
        .exclude(shift__state=ShiftState.CANCELLED)
        .select_related("shift__post__point", "shift__commune", "need", "attendance")
        .order_by("starts_at", "id")
    )
    for row in rows:
        found: Attendance | None = getattr(row, "attendance", None)
        # Whoever it was taken back of comes anew.
        attendance = found if found and found.state != AttendanceState.UNDONE else None
        shift = row.shift
        yield thing(
            "shift",
            shift.pk,
            {
                "id": shift.pk,
                "day": shift.day,
                "starts_at": shift.starts_at,
                "ends_at": shift.ends_at,
                "post": shift.post.name,
                "post_id": shift.post_id,
                "place": shift.post.point.name if shift.post.point else shift.post.place_name,
                "commune": shift.commune_id,
                "role": row.need.title,
                "state": row.state,
                "checked_in_at": attendance.checked_in_at if attendance else None,
                "checked_out_at": attendance.checked_out_at if attendance else None,
            },
        )


def _visits(wanted: Wanted, days: tuple[date, date]) -> Iterator[Thing]:
    for visit in visits_of(wanted.actor, days=days):
        need = (
            f"procedure:{visit.procedure}"
            if visit.procedure
            else f"topic:{visit.topic}"
            if visit.topic
            else None
        )
        yield thing(
            "visit",
            visit.id,
            {
                "id": visit.id,
                "version": visit.version,
                "day": visit.day,
                "starts_at": visit.starts_at,
                "ends_at": visit.ends_at,
                "commune": visit.commune,
                "hamlet": visit.hamlet,
                "address": visit.address,
                "notes": visit.notes,
                "need": need,
                "case": visit.case,
                "companions": [name for name in visit.visitors if name != wanted.actor.name],
                "state": visit.state,
            },
        )


def _classes(wanted: Wanted, days: tuple[date, date]) -> Iterator[Thing]:
    taught = wanted.actor.scope(Permission.LEARNING_TEACH).q()
    for row in classes_of(wanted.actor.id, days=days).filter(taught):
        yield thing(
            "class",
            row.pk,
            {
                "id": row.pk,
                "version": row.version,
                "day": row.day,
                "starts_at": row.starts_at,
                "ends_at": row.ends_at,
                "commune": row.commune_id,
                "title": row.title or need_label(row),
                "place": row.service_point.name if row.service_point else row.place,
                "expected": row.expected,
                "state": row.state,
                "count": vars(row)["came"],
            },
        )


def _open_cases(actor: Actor) -> QuerySet[Case]:
    """What the member follows and may work on."""
    followed = cases_visible_to(actor, EDIT).filter(Q(assigned_to_id=actor.id), erased_at__isnull=True)
    return followed.exclude(state__in=CLOSED_STATES)


def count_cases(wanted: Wanted) -> int:
    """How many cases the member follows, in the pack or not."""
    return _open_cases(wanted.actor).count()


def _cases(wanted: Wanted) -> Iterator[Thing]:
    """Those to look at first."""
    notes = CaseEvent.objects.filter(kind=EventKind.NOTE).select_related("by").order_by("-id")[:_NOTES]
    rows = (
        _open_cases(wanted.actor)
        .select_related("citizen", "procedure", "procedure_version")
        .prefetch_related(Prefetch("events", notes, to_attr="notes"))
        .order_by("due_on", "opened_at", "id")[:MOST_CASES]
    )
    for case in rows:
        yield thing("case", case.pk, _case(case))


def _case(case: Case) -> dict[str, Any]:
    notes: list[CaseEvent] = vars(case)["notes"]
    return {
        "id": case.pk,
        "code": case.code,
        "need": need_value(case),
        "state": case.state,
        "moves": [state.value for state in CaseState if may_follow(case.state, state)],
        "due_on": case.due_on,
        "commune": case.commune_id,
        "name": case.citizen.name if case.citizen else "",
        "phone": case.citizen.phone if case.citizen else "",
        "opened_at": case.opened_at,
        "notes": [
            {"at": row.at, "by": row.by.name if row.by else "", "text": row.note} for row in notes if row.note
        ],
        "version": case.procedure_version_id,
        # By which a phone knows the citizen's card again; the link itself stays here.
        "card": sha256(case.token.encode()).hexdigest()[:_MARK] if case.token else "",
    }


def _conflicts(wanted: Wanted) -> Iterator[Thing]:
    """What the member may decide, both sides; and what was decided, which their phone has to hear."""
    rows = own_open(wanted.actor, MOST_CASES)
    titles = titles_of(rows)
    for row in rows:
        stood = values_now(row)
        fields = [
            {
                "name": line.name,
                "label": line.label,
                "base": line.base,
                "theirs": line.now,
                "mine": line.phone,
            }
            for line in sides_of(row, standing=True, stood=stood)
        ]
        told = _conflict(row, f"{titles[row.pk]} – {what(row)}", fields)
        yield thing("conflict", row.pk, {**told, "mark": mark_of(stood)})
    # Until it is forgotten; and that as long as a phone that was away may come back.
    decided = own_decided(wanted.actor, wanted.now - KEEP_DECIDED, MOST_CASES)
    for row in (*decided, *own_forgotten(wanted.actor, wanted.now - KEEP_RECEIPTS)):
        yield thing("conflict", row.pk, _conflict(row, what(row), []))


def _conflict(row: Conflict, title: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "command": row.command,
        "about": row.entity_id,
        "entity": row.entity,
        "title": title,
        "reason": row.get_reason_display(),
        "fields": fields,
        # Nothing of it is left here: the phone, too, drops what it still holds.
        "state": "forgotten" if row.emptied_at else row.state,
        "keep": row.keep,
        "raised_at": row.raised_at,
    }
