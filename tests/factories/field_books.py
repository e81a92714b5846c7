"""What must stand in the books after work in the field, what does stand there, and the difference.

The first is told from the commands alone, the second read from the tables alone: neither asks the other.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from nhipcau.attendance.models import Attendance
from nhipcau.cases.models import Case, CaseEvent, Dossier, HelpSession, PapersCheck
from nhipcau.citizens.models import Citizen, Consent
from nhipcau.learning.models import Attendee
from nhipcau.teams.models import Member
from nhipcau.visits.models import Visit

from .field_work import Command, Right

SESSION: Final = ("minutes", "outcome", "alone", "age_band", "papers", "first_time")


@dataclass
class Books:
    """Rows by what they are about. `counted`: what has no id that a phone made, and how often it is there."""

    sessions: dict[str, Any] = field(default_factory=dict)
    cases: dict[str, Any] = field(default_factory=dict)
    papers: dict[str, Any] = field(default_factory=dict)
    visits: dict[str, Any] = field(default_factory=dict)
    attendees: dict[str, Any] = field(default_factory=dict)
    shifts: dict[str, Any] = field(default_factory=dict)
    counted: Counter[tuple[str, ...]] = field(default_factory=Counter)


@dataclass
class Difference:
    """`lost`: not there; `doubled`: too often, or though it must not be; `changed`: otherwise than said."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def expected_books(commands: Iterable[Command], expected: Mapping[str, Right]) -> Books:
    """What commands come to that do something, whatever order they arrive in."""
    books = Books()
    # Where somebody was asked first whose number it is, a case is opened later than it is written of.
    for command in sorted(commands, key=lambda each: str(each["name"]) != "cases.open"):
        if any(result == "applied" for result, _code in expected[command["id"]]):
            _WRITE[command["name"]](books, command["data"])
    return books


def _record(books: Books, data: Command) -> None:
    books.sessions[data["id"]] = tuple(data[name] for name in SESSION)


def _undo(books: Books, data: Command) -> None:
    books.sessions.pop(data["session"], None)


def _open(books: Books, data: Command) -> None:
    books.cases[data["id"]] = {"state": "opened", "due_on": None}
    if data["known_citizen"] is None:
        books.counted["person", data["phone"]] += 1
        books.counted["consent", data["phone"]] += 1


def _note(books: Books, data: Command) -> None:
    books.counted["note", data["case"], data["note"]] += 1


def _change(books: Books, data: Command) -> None:
    books.cases[data["case"]] |= data["set"]


def _dossier(books: Books, data: Command) -> None:
    books.counted["dossier", data["case"], data["code"]] += 1


def _papers(books: Books, data: Command) -> None:
    if data["id"] not in books.papers:
        books.counted["papers", data["case"]] += 1
    books.papers[data["id"]] = data["case"]
    books.cases[data["case"]]["state"] = "papers_missing"


def _visit(books: Books, data: Command) -> None:
    # It was planned, and something came of it: two versions, and no third.
    books.visits[data["visit"]] = (data["outcome"], data["minutes"], data["note"], 2)


def _add(books: Books, data: Command) -> None:
    books.attendees |= {person["id"]: (data["class"], True) for person in data["attendees"]}


def _remove(books: Books, data: Command) -> None:
    books.attendees[data["attendee"]] = (data["class"], False)


def _come(books: Books, data: Command) -> None:
    books.shifts.setdefault(data["shift"], "here")


def _leave(books: Books, data: Command) -> None:
    books.shifts[data["shift"]] = "gone"


_WRITE: Final[Mapping[str, Callable[[Books, Command], None]]] = {
    "sessions.record": _record,
    "sessions.undo": _undo,
    "cases.open": _open,
    "cases.note": _note,
    "cases.change": _change,
    "cases.dossier": _dossier,
    "cases.papers": _papers,
    "visits.record_result": _visit,
    "classes.add_attendees": _add,
    "classes.remove_attendee": _remove,
    "shifts.check_in": _come,
    "shifts.check_out": _leave,
}


def books_of(member: Member) -> Books:
    """All that stands in the name of a member who has done nothing but what the model says."""
    rows = Case.objects.filter(opened_by=member).order_by("id")
    return Books(
        sessions={
            str(key): tuple(values)
            for key, *values in HelpSession.objects.filter(volunteer=member).values_list("pk", *SESSION)
        },
        cases={
            str(row.pk): {"state": row.state, "due_on": row.due_on.isoformat() if row.due_on else None}
            for row in rows
        },
        papers=_by_id(PapersCheck.objects.filter(checked_by=member).values_list("pk", "case_id")),
        visits={
            str(row.pk): (row.state, row.minutes or 0, row.result_note, row.version)
            for row in Visit.objects.filter(result_by=member)
        },
        attendees={
            str(key): (str(group), gone is None)
            for key, group, gone in Attendee.objects.filter(recorded_by=member).values_list(
                "pk", "public_class_id", "removed_at"
            )
        },
        shifts={
            str(row.shift_id): "gone" if row.checked_out_at else row.state
            for row in Attendance.objects.filter(member=member)
        },
        counted=_count(member),
    )


def _by_id(pairs: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    return {str(key): str(value) for key, value in pairs}


def _count(member: Member) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    mine = Case.objects.filter(opened_by=member)
    for event in CaseEvent.objects.filter(case__in=mine, kind__in=["note", "papers"]):
        found[(event.kind, str(event.case_id), *([event.note] if event.kind == "note" else []))] += 1
    for case, code in Dossier.objects.filter(case__in=mine).values_list("case_id", "code"):
        found["dossier", str(case), code] += 1
    people = Citizen.objects.filter(pk__in=mine.values("citizen"))
    numbers = {row.pk: row.phone.replace("+84", "0") for row in people}
    found.update(("person", number) for number in numbers.values())
    for citizen in Consent.objects.filter(citizen__in=people).values_list("citizen_id", flat=True):
        found["consent", numbers[citizen]] += 1
    return found


def difference(right: Books, found: Books) -> Difference:
    """`right`: as it must be."""
    result = Difference()
    for name in ("sessions", "cases", "papers", "visits", "attendees", "shifts"):
        said, there = getattr(right, name), getattr(found, name)
        result.lost += [f"{name} {key}" for key in said.keys() - there.keys()]
        result.doubled += [f"{name} {key}" for key in there.keys() - said.keys()]
        result.changed += [
            f"{name} {key}: {said[key]} is {there[key]}"
            for key in said.keys() & there.keys()
            if said[key] != there[key]
        ]
    result.lost += [" ".join(key) for key in (right.counted - found.counted).elements()]
    result.doubled += [" ".join(key) for key in (found.counted - right.counted).elements()]
    return result
