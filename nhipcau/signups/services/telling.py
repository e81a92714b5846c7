"""Telling people of their shifts, each in their own language, in the transaction of what is told."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from nhipcau.messaging.enums import Kind
from nhipcau.shifts.models import Shift
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import tell


def shift_words(shift: Shift) -> str:
    """A shift as people say it: "Monday 07/07, 7:00–11:30, Desk" in the language of the moment."""
    start, end = localtime(shift.starts_at), localtime(shift.ends_at)
    return _("%(weekday)s %(day)s, %(start)s–%(end)s, %(post)s") % {
        "weekday": date_format(start, "l"),
        "day": start.strftime("%d/%m"),
        "start": f"{start.hour}:{start:%M}",
        "end": f"{end.hour}:{end:%M}",
        "post": shift.post.name,
    }


def shift_link(shift_id: UUID) -> str:
    """The page of a shift."""
    return reverse("signups:my_shift", args=[shift_id])


def tell_of(
    shift: Shift,
    people: Iterable[UUID],
    *,
    kind: Kind,
    subject: Callable[[], str],
    body: Callable[[], str],
    now: datetime,
    link: str = "",
    urgent: bool = False,
) -> None:
    """Tells each of the people something about a shift; `%(shift)s` in the subject is the shift in words.

    Within a unit of work. The shift comes with its post. `link` empty: to the page of the shift.
    """

    def words() -> tuple[str, str]:
        return subject() % {"shift": shift_words(shift)}, body()

    members = Member.objects.filter(pk__in=list(people), is_active=True).order_by("id")
    there = link or shift_link(shift.pk)
    tell(members, kind=kind, words=words, link=there, about=shift.pk, now=now, urgent=urgent)
