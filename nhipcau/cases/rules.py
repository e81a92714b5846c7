"""Which state of a case may follow which, and what makes a session or a dossier code acceptable."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.cases.enums import (
    CLOSED_STATES,
    AgeBand,
    Alone,
    CaseState,
    Outcome,
    Papers,
    PublicMessage,
    Topic,
)
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo

LONGEST_SESSION: Final = 480
# A phone may have been without signal; older records are brought in by the bulk path.
OLDEST_SESSION: Final = timedelta(days=92)
CLOCK_SKEW: Final = timedelta(minutes=10)
RATING_CHANGES: Final = timedelta(days=7)
LONGEST_NOTE: Final = 1000
OPEN_CASE_DAYS: Final = 365
KEEP_MONTHS: Final = (1, 3, 6, 12)

_S = CaseState
TRANSITIONS: Final[Mapping[CaseState, tuple[CaseState, ...]]] = {
    _S.OPENED: (
        _S.PAPERS_READY, _S.PAPERS_MISSING, _S.CLOSED_DONE, _S.CLOSED_NOT_POSSIBLE, _S.WITHDRAWN,
    ),
    _S.PAPERS_MISSING: (_S.PAPERS_READY, _S.CLOSED_NOT_POSSIBLE, _S.WITHDRAWN),
    _S.PAPERS_READY: (
        _S.SUBMITTED, _S.PAPERS_MISSING, _S.CLOSED_DONE, _S.CLOSED_NOT_POSSIBLE, _S.WITHDRAWN,
    ),
    _S.SUBMITTED: (_S.RESULT_READY, _S.SUPPLEMENT_ASKED, _S.CLOSED_NOT_POSSIBLE, _S.WITHDRAWN),
    _S.SUPPLEMENT_ASKED: (_S.SUBMITTED, _S.CLOSED_NOT_POSSIBLE, _S.WITHDRAWN),
    _S.RESULT_READY: (_S.CLOSED_DONE, _S.SUPPLEMENT_ASKED),
    _S.CLOSED_DONE: (_S.OPENED,),
    _S.CLOSED_NOT_POSSIBLE: (_S.OPENED,),
    _S.WITHDRAWN: (_S.OPENED,),
}  # fmt: skip

# What a button says that brings a case there.
MOVES: Final[Mapping[CaseState, Promise]] = {
    _S.OPENED: _("Open again"),
    _S.PAPERS_MISSING: _("Papers are missing"),
    _S.PAPERS_READY: _("All papers are ready"),
    _S.SUBMITTED: _("The dossier is submitted"),
    _S.SUPPLEMENT_ASKED: _("The authority asks for more"),
    _S.RESULT_READY: _("The result is ready"),
    _S.CLOSED_DONE: _("Finished: close"),
    _S.CLOSED_NOT_POSSIBLE: _("Not possible: close"),
    _S.WITHDRAWN: _("The person wants to stop"),
}

# What the citizen does next, in plain words; also printed on the card.
NEXT_STEPS: Final[Mapping[CaseState, Promise]] = {
    _S.OPENED: _("Gather the papers on your list. Come back to us when you have them."),
    _S.PAPERS_MISSING: _("Bring the missing papers to the service centre. Ask us if one is hard to get."),
    _S.PAPERS_READY: _("Submit the dossier with us at your side. You sign in yourself on your own phone."),
    _S.SUBMITTED: _("Wait for the authority. Keep the receipt with the dossier code."),
    _S.SUPPLEMENT_ASKED: _("Come to us with the message from the authority. We look at it together."),
    _S.RESULT_READY: _("Collect your result. Bring the receipt and your identity card."),
    _S.CLOSED_DONE: _("Nothing more to do. Tell us how the help was."),
    _S.CLOSED_NOT_POSSIBLE: _("Come and ask us why. Often there is another way."),
    _S.WITHDRAWN: _("Nothing more to do. You can come back at any time."),
}


class UnableToMove(UnableTo):
    """The state may not follow the present one."""

    code = "cases.forbidden_transition"


class UnableToRecordSession(UnableTo):
    """A value of the session is impossible."""

    code = "cases.invalid_session"


class UnableToReadDossierCode(UnableTo):
    """The text cannot be a dossier code."""

    code = "cases.unreadable_dossier_code"


class UnableToRate(UnableTo):
    """The case is not finished, or the week for changing the rating is over."""

    code = "cases.rating_closed"


class UnableToNote(UnableTo):
    """The note is empty or too long."""

    code = "cases.invalid_note"


@dataclass(frozen=True, slots=True)
class NewSession:
    """A help session to record. `id` is made by whoever records it; exactly one of procedure and topic.

    `at` None: now. `commune` is a five-digit code, `procedure` a slug, `language` a code of
    `teams.enums.languages()` or empty.
    """

    id: UUID
    commune: str
    minutes: int
    outcome: str
    alone: str
    volunteer: UUID
    procedure: str = ""
    topic: str = ""
    service_point: UUID | None = None
    at: datetime | None = None
    age_band: str = AgeBand.NOT_SAID
    language: str = ""
    first_time: bool = True
    came_back_for_papers: bool | None = None
    team: UUID | None = None
    papers: str = Papers.NOT_CHECKED


def check_session(new: NewSession, now: datetime, *, oldest: timedelta | None = OLDEST_SESSION) -> None:
    """Raises `UnableToRecordSession` for values that cannot be; `oldest` None: any past moment."""
    if bool(new.procedure) == bool(new.topic) or (new.topic and new.topic not in Topic.values):
        raise UnableToRecordSession(_("Choose what the person needed: one procedure or one topic."))
    if not 1 <= new.minutes <= LONGEST_SESSION:
        raise UnableToRecordSession(_("The minutes must be between 1 and 480."))
    if new.outcome not in Outcome.values:
        raise UnableToRecordSession(_("Choose how it went."))
    if new.alone not in Alone.values:
        raise UnableToRecordSession(_("Choose how much the person did alone."))
    if new.age_band not in AgeBand.values:
        raise UnableToRecordSession(_("Choose an age group, or “not said”."))
    if new.papers not in Papers.values:
        raise UnableToRecordSession(_("Choose whether the papers were complete, or “not checked”."))
    _check_moment(new.at, now, oldest)


def _check_moment(at: datetime | None, now: datetime, oldest: timedelta | None) -> None:
    if at is None:
        return
    if at.tzinfo is None or at > now + CLOCK_SKEW:
        raise UnableToRecordSession(_("The time of the session lies in the future. Check the phone's clock."))
    if oldest is not None and at < now - oldest:
        raise UnableToRecordSession(_("The session is too long ago to be recorded here."))


def may_follow(state: str, to: str) -> bool:
    """Whether a case in `state` may go to `to`."""
    return to in TRANSITIONS.get(CaseState(state), ())


def check_transition(state: str, to: str) -> None:
    """Raises `UnableToMove` when `to` may not follow `state`."""
    if to not in CaseState.values or not may_follow(state, to):
        raise UnableToMove(_("This step is not possible from the present state. Look at the case again."))


def can_transition(state: str, to: str) -> bool:
    """`check_transition` as a question."""
    try:
        check_transition(state, to)
    except UnableToMove:
        return False
    return True


def is_closed(state: str) -> bool:
    return state in CLOSED_STATES


def public_message(state: str, to: str) -> PublicMessage:
    """The coded words the citizen reads when a case goes from `state` to `to`."""
    return PublicMessage.REOPENED if is_closed(state) else PublicMessage(to)


def keep_until(state: str, keep_months: int, now: datetime) -> date:
    """The end date of the personal data: a year while open, the agreed months once closed."""
    days = round(keep_months * 365 / 12) if is_closed(state) else OPEN_CASE_DAYS
    return local_date(now) + timedelta(days=days)


def can_rate(state: str, rated_at: datetime | None, now: datetime) -> bool:
    """Once there is a result; a given rating can be changed for a week."""
    finished = state in (CaseState.RESULT_READY, CaseState.CLOSED_DONE, CaseState.CLOSED_NOT_POSSIBLE)
    return finished and (rated_at is None or now < rated_at + RATING_CHANGES)


def check_can_rate(state: str, rated_at: datetime | None, now: datetime) -> None:
    """Raises `UnableToRate`."""
    if not can_rate(state, rated_at, now):
        raise UnableToRate(_("You can rate the help once there is a result, and change it for one week."))


_DOSSIER = re.compile(r"(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:\.\d{1,3}){0,3}-\d{6}-\d{4,6}")
_LONGEST_CODE = 60


def read_dossier_code(text: str) -> tuple[str, bool]:
    """The code in capitals without spaces, and whether its shape is a known one.

    Provinces write codes in their own ways, so an unknown shape is accepted and marked. Raises
    `UnableToReadDossierCode` for what cannot be one, and for a bare identity number.
    """
    bare = "".join(unicodedata.normalize("NFKC", text[:400]).split()).upper()
    code = re.sub(r"[\u2010-\u2015\u2212]", "-", bare)
    if not code or len(code) > _LONGEST_CODE or len(text) > 400:
        raise UnableToReadDossierCode(
            _("Copy the dossier code from the receipt, for example G22.99.08-260921-896048.")
        )
    if not re.fullmatch(r"[A-Z0-9ĐÀ-Ỹ./_\-]+", code) or not any(sign.isdigit() for sign in code):
        raise UnableToReadDossierCode(_("A dossier code has only letters, digits, dots and dashes."))
    if re.fullmatch(r"\d{9}|\d{12}", re.sub(r"[./_\-]", "", code)) and not _DOSSIER.fullmatch(code):
        raise UnableToReadDossierCode(_("This looks like an identity number. Copy the dossier code instead."))
    return code, _DOSSIER.fullmatch(code) is not None


def read_note(text: str) -> str:
    """A note without control characters; raises `UnableToNote`. Numbers are checked by the service."""
    note = "".join(
        sign for sign in text[: LONGEST_NOTE * 2] if sign in "\n\t" or unicodedata.category(sign)[0] != "C"
    ).strip()
    if not note:
        raise UnableToNote(_("Write the note first."))
    if len(note) > LONGEST_NOTE or len(text) > LONGEST_NOTE * 2:
        raise UnableToNote(_("A note has at most 1,000 characters."))
    return note


def states_page() -> str:
    """`docs/reference/case-states.md`: the diagram and the table, written from `TRANSITIONS`."""
    lines = [
        "# States of a case",
        "",
        "Written from the table in `nhipcau/cases/rules.py`; do not edit by hand.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> opened",
    ]
    lines += [f"    {state} --> {to}" for state, targets in TRANSITIONS.items() for to in targets]
    lines += [f"    {state} --> [*]" for state in CLOSED_STATES]
    lines += ["```", "", "| State | Stored as | May be followed by |", "|---|---|---|"]
    for state, targets in TRANSITIONS.items():
        lines.append(f"| {_english(state)} | `{state}` | {', '.join(_english(to) for to in targets)} |")
    return "\n".join(lines) + "\n"


def _english(state: CaseState) -> str:
    return state.name.replace("_", " ").capitalize()
