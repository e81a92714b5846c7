"""What those who teach a class are told: each in their own language, in the same transaction."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from nhipcau.cases.queries import need_label
from nhipcau.learning.models import PublicClass
from nhipcau.messaging.enums import Kind
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import Words, tell


def class_name(row: PublicClass) -> str:
    """What a class is called: by its title, else by what it is about."""
    return row.title or need_label(row)


def _when(row: PublicClass) -> dict[str, str]:
    return {
        "class": class_name(row),
        "day": date_format(row.day, "d/m"),
        "time": f"{localtime(row.starts_at):%H:%M}",
        "place": row.place or str(row.service_point),
    }


def _tell(row: PublicClass, members: Collection[UUID], words: Words, *, but: UUID, now: datetime) -> None:
    people = Member.objects.filter(pk__in=set(members) - {but}, is_active=True).order_by("name", "id")
    link = reverse("learning:class", args=[row.pk])
    tell(people, kind=Kind.SHIFT_CHANGE, words=words, link=link, about=row.pk, now=now)


def tell_asked(row: PublicClass, members: Collection[UUID], *, but: UUID, now: datetime) -> None:
    """These members teach the class from now on; whoever did it needs no message."""

    def words() -> tuple[str, str]:
        return (
            _("You teach a class on %(day)s") % _when(row),
            _("%(class)s, %(day)s at %(time)s, %(place)s.") % _when(row),
        )

    _tell(row, members, words, but=but, now=now)


def tell_changed(row: PublicClass, members: Collection[UUID], *, but: UUID, now: datetime) -> None:
    """The class is at another time or place."""

    def words() -> tuple[str, str]:
        return (
            _("Your class has changed: %(day)s at %(time)s") % _when(row),
            _("%(class)s, %(day)s at %(time)s, %(place)s.") % _when(row),
        )

    _tell(row, members, words, but=but, now=now)


def tell_off(row: PublicClass, members: Collection[UUID], *, but: UUID, now: datetime) -> None:
    """The class is cancelled, or others teach it."""

    def words() -> tuple[str, str]:
        return (
            _("You do not teach the class on %(day)s any more") % _when(row),
            _("%(class)s, %(day)s at %(time)s: it is cancelled, or others teach it.") % _when(row),
        )

    _tell(row, members, words, but=but, now=now)
