"""Telling people of their shifts, each in their own language, in the transaction of what is told."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from nhipcau.messaging.enums import Kind
from nhipcau.messaging.services import Draft, send_all
from nhipcau.roster.models import Shift
from nhipcau.teams.models import Member

# Subject and body, made while the recipient's language is the language of the moment.
Words = Callable[[], tuple[str, str]]


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
    return reverse("roster:my_shift", args=[shift_id])


def tell(
    members: Iterable[Member],
    *,
    kind: Kind,
    words: Words,
    link: str,
    about: UUID,
    now: datetime,
    urgent: bool = False,
) -> None:
    """One message to each of the members. Within a unit of work."""
    drafts = []
    for member in members:
        with translation.override(member.preferred_language):
            subject, body = words()
        drafts.append(
            Draft(
                to=member.pk,
                kind=kind,
                subject=subject,
                body=body,
                link=link,
                about=about,
                urgent=urgent,
                language=member.preferred_language,
            )
        )
    send_all(drafts=drafts, now=now)
