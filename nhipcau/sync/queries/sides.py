"""The sides of a conflict in words: what the phone had seen, what stands now, what came from the phone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from nhipcau.attendance.models import Attendance
from nhipcau.cases.enums import AgeBand, Alone, CaseState, Outcome, Papers
from nhipcau.cases.models import Case
from nhipcau.cases.queries import need_choice
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.learning.enums import ClassState
from nhipcau.learning.models import PublicClass
from nhipcau.places.models import ServicePoint, Unit
from nhipcau.shifts.models import Shift
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.sync.enums import Entity
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries.conflicts import content_of
from nhipcau.sync.rules.commands import digest_of
from nhipcau.teams.enums import languages
from nhipcau.visits.enums import NextStep, VisitState
from nhipcau.visits.models import Visit

NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Side:
    """One line of the page. `now` None: nothing of this stands on the server, or it is not to be shown."""

    name: str
    label: str
    base: str
    now: str
    phone: str

    @property
    def differs(self) -> bool:
        return self.now != self.phone


def _choice(choices: type[TextChoices]) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label) if value in choices.values else NOTHING


def _day(value: Any) -> str:
    found = parse_date(str(value))
    return date_format(found, "d/m/Y") if found else NOTHING


def _moment(value: Any) -> str:
    found = value if isinstance(value, datetime) else parse_datetime(str(value))
    return date_format(localtime(found), "d/m/Y H:i") if found else NOTHING


def _yes(value: Any) -> str:
    return _("Yes") if value else _("No")


def _language(value: Any) -> str:
    known = languages().get(str(value))
    return known.name if known else NOTHING


def _need(value: Any) -> str:
    found = need_choice(str(value))
    return str(found.label) if found else NOTHING


def _commune(value: Any) -> str:
    found = Unit.objects.filter(pk=str(value)).first()
    return found.name if found else NOTHING


def _point(value: Any) -> str:
    found = ServicePoint.objects.filter(pk=UUID(str(value))).first()
    return found.name if found else NOTHING


def _many(value: Any) -> str:
    return str(len(value) if isinstance(value, list) else value)


# Every field that a command may carry and a person can read; what is not here is an id or a mark of ours.
_WORDS: Final[Mapping[str, tuple[str | Promise, Callable[[Any], str]]]] = {
    "name": (pgettext_lazy("person", "Name"), str),
    "phone": (gettext_lazy("Phone number"), str),
    "commune": (gettext_lazy("Commune"), _commune),
    "service_point": (gettext_lazy("Service point"), _point),
    "need": (gettext_lazy("Need"), _need),
    "state": (gettext_lazy("State"), _choice(CaseState)),
    "due_on": (gettext_lazy("Look at it again on"), _day),
    "note": (gettext_lazy("Note for the team"), str),
    "code": (gettext_lazy("Dossier code"), str),
    "submitted_on": (gettext_lazy("Submitted on"), _day),
    "submitted_by_citizen": (gettext_lazy("The person pressed “submit” themselves"), _yes),
    "in_hand": (gettext_lazy("Papers in hand"), _many),
    "helping_language": (gettext_lazy("Language that helps"), _language),
    "keep_months": (gettext_lazy("Months for which name and number are kept"), str),
    "consent.purpose": (gettext_lazy("Agreed to"), _choice(Purpose)),
    "consent.method": (gettext_lazy("Agreed by"), _choice(ConsentMethod)),
    "outcome": (gettext_lazy("How it went"), _choice(VisitState)),
    "minutes": (gettext_lazy("Minutes"), str),
    "next_step": (gettext_lazy("What comes next"), _choice(NextStep)),
    "session.outcome": (gettext_lazy("How the help went"), _choice(Outcome)),
    "session.minutes": (gettext_lazy("Minutes of help"), str),
    "session.alone": (gettext_lazy("Done alone"), _choice(Alone)),
    "alone": (gettext_lazy("Done alone"), _choice(Alone)),
    "age_band": (gettext_lazy("Age group"), _choice(AgeBand)),
    "language": (gettext_lazy("Language that helps"), _language),
    "first_time": (gettext_lazy("First time here"), _yes),
    "came_back_for_papers": (gettext_lazy("Came back because papers were missing"), _yes),
    "papers": (gettext_lazy("Papers"), _choice(Papers)),
    "came": (gettext_lazy("At the shift"), _choice(SignUpState)),
    "came_at": (gettext_lazy("Came at"), _moment),
    "seen_at": (gettext_lazy("Came at"), _moment),
    "left_at": (gettext_lazy("Left at"), _moment),
    "class_state": (pgettext_lazy("class", "State"), _choice(ClassState)),
    "people": (gettext_lazy("People who came"), _many),
    "attendees": (gettext_lazy("People who came"), _many),
}
# The same word means another thing in a help session than in a home visit, and elsewhere nothing to read.
_IN: Final[Mapping[tuple[str, str], Callable[[Any], str] | None]] = {
    ("sessions.record", "outcome"): _choice(Outcome),
    ("shifts.check_in", "code"): None,
    ("shifts.check_out", "code"): None,
}
_WHAT: Final[Mapping[str, Promise]] = {
    "sessions.record": gettext_lazy("Help session written down"),
    "cases.open": gettext_lazy("Case opened"),
    "cases.note": gettext_lazy("Note"),
    "cases.change": gettext_lazy("Case changed"),
    "cases.dossier": gettext_lazy("Dossier recorded"),
    "cases.papers": gettext_lazy("Papers checked"),
    "visits.record_result": gettext_lazy("Result of a home visit"),
    "shifts.check_in": gettext_lazy("Check-in"),
    "shifts.check_out": gettext_lazy("Check-out"),
    "classes.add_attendees": gettext_lazy("People who came to a class"),
    "classes.remove_attendee": gettext_lazy("Somebody counted by mistake"),
    "classes.close": gettext_lazy("Class held"),
}


def what(conflict: Conflict) -> str:
    """What came from the phone, in a few words."""
    return str(_WHAT.get(conflict.name, Entity(conflict.entity).label))


def sides_of(conflict: Conflict, *, standing: bool, stood: Mapping[str, Any] | None = None) -> list[Side]:
    """The lines of the page; without `standing` only what came from the phone. `stood`: read already."""
    content = content_of(conflict)
    now = (content.get("stood") or stood or values_now(conflict)) if standing else {}
    fields = content.get("fields") or [
        {"name": name, "base": content.get("base", {}).get(name), "mine": value}
        for name, value in _flat(content.get("data", {}))
    ]
    return [
        Side(
            name=field["name"],
            label=str(_WORDS[field["name"]][0]),
            base=_said(conflict, field["name"], field.get("base")),
            now=_said(conflict, field["name"], now.get(field["name"])),
            phone=_said(conflict, field["name"], field["mine"]),
        )
        for field in fields
        if field["name"] in _WORDS and _IN.get((conflict.name, field["name"]), True) is not None
    ]


def _said(conflict: Conflict, name: str, value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    words = _IN.get((conflict.name, name)) or _WORDS[name][1]
    try:
        return words(value)
    except (ValueError, TypeError, OverflowError):
        # What the phone had seen has no shape that was checked; a moment may lie where no calendar goes.
        return NOTHING


def _flat(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if name in ("session", "consent") and isinstance(value, dict):
            yield from ((f"{name}.{inner}", each) for inner, each in value.items())
        elif name == "set" and isinstance(value, dict):
            yield from value.items()
        elif value is not None:
            yield name, value


def mark_of(values: Mapping[str, Any]) -> str:
    """A mark of what stands: the same values have the same."""
    return digest_of(values)


def values_now(conflict: Conflict) -> dict[str, Any]:
    """What stands on the server now, by the names of the fields."""
    return _READ[Entity(conflict.entity)](conflict)


def _case(conflict: Conflict) -> dict[str, Any]:
    row = Case.objects.filter(pk=conflict.entity_id).first()
    return {"state": row.state, "due_on": row.due_on.isoformat() if row.due_on else None} if row else {}


def _visit(conflict: Conflict) -> dict[str, Any]:
    row = Visit.objects.filter(pk=conflict.entity_id).first()
    if row is None:
        return {}
    names = {"outcome": row.state, "minutes": row.minutes, "next_step": row.next_step}
    return {**names, "note": row.result_note}


def _shift(conflict: Conflict) -> dict[str, Any]:
    mine = {"shift_id": conflict.entity_id, "member_id": conflict.member_id}
    sign_up = SignUp.objects.filter(**mine).order_by("-changed_at", "id").first()
    row = Attendance.objects.filter(**mine).order_by("-recorded_at", "id").first()
    came = row.checked_in_at.isoformat() if row else None
    left = row.checked_out_at.isoformat() if row and row.checked_out_at else None
    state = sign_up.state if sign_up else None
    return {"came": state, "came_at": came, "seen_at": came, "left_at": left}


def _class(conflict: Conflict) -> dict[str, Any]:
    row = PublicClass.objects.filter(pk=conflict.entity_id).first()
    if row is None:
        return {}
    people = row.attendees.filter(removed_at__isnull=True).count()
    return {"class_state": row.state, "people": people, "attendees": people}


_READ: Final[Mapping[Entity, Callable[[Conflict], dict[str, Any]]]] = {
    Entity.CASE: _case,
    Entity.VISIT: _visit,
    Entity.SHIFT: _shift,
    Entity.CLASS: _class,
    Entity.SESSION: lambda conflict: {},
}


def title_of(conflict: Conflict) -> str:
    """What it is about, so that somebody who works there recognises it; no name of a citizen."""
    return titles_of([conflict])[conflict.pk]


def titles_of(conflicts: Sequence[Conflict]) -> dict[UUID, str]:
    """The titles of many, one query a kind of record."""
    about: dict[UUID, str] = {}
    for entity, (model, words) in _ABOUT.items():
        ids = {row.entity_id for row in conflicts if row.entity == entity}
        for row in model.objects.filter(pk__in=ids).order_by("pk") if ids else ():
            about[row.pk] = words(row).strip()
    kinds = {row.pk: str(Entity(row.entity).label) for row in conflicts}
    return {
        row.pk: f"{kinds[row.pk]}: {about[row.entity_id]}" if about.get(row.entity_id) else kinds[row.pk]
        for row in conflicts
    }


_ABOUT: Final[Mapping[str, tuple[type[Any], Callable[[Any], str]]]] = {
    Entity.CASE: (Case, lambda case: case.code),
    Entity.VISIT: (Visit, lambda visit: f"{_day(visit.day)} {visit.hamlet}"),
    Entity.SHIFT: (Shift, lambda shift: _moment(shift.starts_at)),
    Entity.CLASS: (PublicClass, lambda one: f"{_moment(one.starts_at)} {one.title}"),
}
_PAGES: Final[Mapping[str, tuple[type[Any], str, str]]] = {
    Entity.CASE: (Case, "cases:case", "case_id"),
    Entity.VISIT: (Visit, "visits:visit", "visit_id"),
    Entity.SHIFT: (Shift, "attendance:sheet", "shift_id"),
    Entity.CLASS: (PublicClass, "learning:class", "class_id"),
}


def link_to(conflict: Conflict) -> str:
    """The page of the record, where there is one."""
    if conflict.entity not in _PAGES:
        return ""
    model, page, key = _PAGES[conflict.entity]
    there = model.objects.filter(pk=conflict.entity_id).exists()
    return reverse(page, kwargs={key: conflict.entity_id}) if there else ""
