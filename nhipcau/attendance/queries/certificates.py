"""Certificates of hours: what one says, and finding one by its link or its code."""

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from nhipcau.attendance.enums import AttendanceState
from nhipcau.attendance.models import Attendance, Certificate
from nhipcau.attendance.queries.hours import in_period
from nhipcau.core.scope import Actor
from nhipcau.places.models import Unit
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member


@dataclass(frozen=True, slots=True)
class Line:
    """The hours at one post."""

    post: str
    place: str
    shifts: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a certificate says. Days are ISO text; `last_on` belongs to the period."""

    name: str
    commune: str
    first_on: str
    last_on: str
    lines: tuple[Line, ...]

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    @property
    def shifts(self) -> int:
        return sum(line.shifts for line in self.lines)

    @property
    def first(self) -> date:
        return date.fromisoformat(self.first_on)

    @property
    def last(self) -> date:
        return date.fromisoformat(self.last_on)

    def as_text(self) -> str:
        """The same facts as the same text, always: what the digest is of."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def digest_of(text: str) -> str:
    """SHA-256 of what a certificate says."""
    return sha256(text.encode()).hexdigest()


def facts_for(member: Member, first: date, until: date) -> Facts:
    """What a certificate of `[first, until)` would say: approved hours only, by post. One query."""
    rows = (
        Attendance.objects.filter(
            in_period(first, until), member=member, state=AttendanceState.APPROVED, minutes_credited__gt=0
        )
        .values("shift__post_id", "shift__post__name", "shift__commune__name", "shift__commune__kind")
        .annotate(number=Count("id"), minutes=Sum("minutes_credited"))
        .order_by("-minutes", "shift__post__name", "shift__post_id")
    )
    return Facts(
        name=member.name,
        commune=member.commune.full_name if member.commune else "",
        first_on=first.isoformat(),
        last_on=(until - timedelta(days=1)).isoformat(),
        lines=tuple(
            Line(
                post=row["shift__post__name"],
                place=_full_name(row["shift__commune__kind"], row["shift__commune__name"]),
                shifts=row["number"],
                minutes=row["minutes"],
            )
            for row in rows
        ),
    )


def _full_name(kind: str, name: str) -> str:
    return Unit(kind=kind, name=name).full_name


def facts_in(certificate: Certificate) -> Facts | None:
    """What a certificate says; None once its holder's name was erased."""
    if not certificate.content:
        return None
    found = json.loads(certificate.content)
    return Facts(**{**found, "lines": tuple(Line(**line) for line in found["lines"])})


def by_token(token: str) -> Certificate | None:
    """A certificate by its link, whoever asks."""
    return Certificate.objects.select_related("member").filter(token=token).first() if token else None


def by_code(code: str) -> Certificate | None:
    """A certificate by its short code."""
    return Certificate.objects.filter(code=code).first()


def certificates_of(member_id: UUID) -> QuerySet[Certificate]:
    """A member's certificates, the latest first."""
    return Certificate.objects.filter(member_id=member_id).order_by("-issued_at", "-id")


def get_certificate(certificate_id: UUID, *, for_: Actor) -> Certificate:
    """A certificate of one's own, or of a member whose hours one looks after, or 404."""
    mine = Q(member_id=for_.id)
    if for_.may(Permission.ATTENDANCE_APPROVE):
        mine |= for_.scope(Permission.ATTENDANCE_APPROVE).q("member__commune")
    found = Certificate.objects.select_related("member").filter(mine, pk=certificate_id).first()
    if found is None:
        raise Http404
    return found
