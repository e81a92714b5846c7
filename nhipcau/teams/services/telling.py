"""Telling members something, each in their own language, in the transaction of what is told."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.utils import translation

from nhipcau.messaging.enums import Kind
from nhipcau.messaging.services import Draft, send_all
from nhipcau.teams.models import Member

# Subject and body, made while the recipient's language is the language of the moment.
Words = Callable[[], tuple[str, str]]


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
    """One message to each of the members, however many: a fixed number of queries. Within a unit of work."""
    each = {member.pk: member for member in members}.values()
    drafts = [
        draft_for(member, kind=kind, words=words, link=link, about=about, urgent=urgent) for member in each
    ]
    send_all(drafts=drafts, now=now)


def draft_for(
    member: Member, *, kind: Kind, words: Words, link: str, about: UUID, urgent: bool = False
) -> Draft:
    """One message in the member's language."""
    with translation.override(member.preferred_language):
        subject, body = words()
    return Draft(
        to=member.pk,
        kind=kind,
        subject=subject,
        body=body,
        link=link,
        about=about,
        urgent=urgent,
        language=member.preferred_language,
    )
