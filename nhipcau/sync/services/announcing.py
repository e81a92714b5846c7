"""Who may decide hears that something waits, one message a day; who wrote it hears what was decided.

Both hear of what was forgotten before anybody decided."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from nhipcau.messaging.enums import Kind
from nhipcau.messaging.services import Draft, send_once_a_day
from nhipcau.places.models import Unit
from nhipcau.sync.enums import Keep
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries.conflicts import deciders_of, open_count
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import draft_for, tell


def tell_deciders(conflicts: Collection[Conflict], *, now: datetime) -> None:
    """What has just been raised waits for these people; no names, no values. Within a unit of work."""
    provinces = dict(
        Unit.objects.filter(pk__in={row.commune_id for row in conflicts}).values_list("pk", "parent_id")
    )
    people: dict[UUID, Member] = {}
    for entity, commune in {(row.entity, row.commune_id) for row in conflicts}:
        found = deciders_of(entity, commune, provinces.get(commune) or "", now=now)
        people |= {member.pk: member for member in found}

    def drafts() -> list[Draft]:
        waiting = ((one, open_count(actor_of(one, now))) for one in people.values())
        return [_draft(one, count) for one, count in waiting if count]

    if people:
        send_once_a_day(to=list(people), kind=Kind.CONFLICT, drafts=drafts, now=now)


def _draft(member: Member, count: int) -> Draft:
    def words() -> tuple[str, str]:
        subject = ngettext(
            "%(count)d piece of work from a phone waits for a decision",
            "%(count)d pieces of work from phones wait for a decision",
            count,
        ) % {"count": count}
        return subject, gettext("Look at what stands and at what came, and choose. Nothing is lost.")

    link = reverse("sync:conflicts")
    return draft_for(member, kind=Kind.CONFLICT, words=words, link=link, about=member.pk)


def tell_author(conflict: Conflict, *, now: datetime, but: UUID) -> None:
    """Somebody else has decided about what a member wrote. Within a unit of work."""

    def words() -> tuple[str, str]:
        taken = gettext("What you wrote was taken.")
        kept = gettext("What stood before was kept. What you wrote can still be read.")
        return (
            gettext("It was decided about something you wrote on your phone"),
            taken if conflict.keep == Keep.PHONE else kept,
        )

    members: Iterable[Member] = Member.objects.filter(pk=conflict.member_id, is_active=True).exclude(pk=but)
    link = reverse("sync:conflict", args=[conflict.pk])
    tell(members, kind=Kind.FIELD, words=words, link=link, about=conflict.pk, now=now)


def tell_forgotten(conflict: Conflict, *, now: datetime) -> None:
    """Nobody has decided and nobody need any more; no names, no values. Within a unit of work."""

    def words() -> tuple[str, str]:
        return (
            gettext("Something from a phone was forgotten before anybody decided about it"),
            gettext("What was written is erased: its time is over, or the person asked for it."),
        )

    author = Member.objects.filter(pk=conflict.member_id, is_active=True)
    province = conflict.commune.parent_id or ""
    people = author | deciders_of(conflict.entity, conflict.commune_id, province, now=now)
    link = reverse("sync:conflict", args=[conflict.pk])
    tell(people, kind=Kind.FIELD, words=words, link=link, about=conflict.pk, now=now)
