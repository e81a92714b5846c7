"""What those who go on a visit are told: each in their own language, in the same transaction."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from nhipcau.messaging.enums import Kind
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import Words, tell
from nhipcau.visits.models import Visit


def _when(visit: Visit) -> dict[str, str]:
    """No address and no need: a message may be read over a shoulder."""
    start, end = localtime(visit.starts_at), localtime(visit.ends_at)
    return {
        "day": date_format(visit.day, "d/m"),
        "time": f"{start:%H:%M} – {end:%H:%M}",
        "place": visit.hamlet or visit.commune.name,
    }


def _tell(
    visit: Visit,
    members: Collection[UUID],
    words: Words,
    *,
    but: UUID | None = None,
    now: datetime,
    kind: Kind = Kind.SHIFT_CHANGE,
    link: str = "",
) -> None:
    people = Member.objects.filter(pk__in=set(members) - {but}, is_active=True).order_by("name", "id")
    page = link or reverse("visits:visit", args=[visit.pk])
    tell(people, kind=kind, words=words, link=page, about=visit.pk, now=now)


def tell_sent(visit: Visit, members: Collection[UUID], *, but: UUID, now: datetime) -> None:
    """These members go from now on; whoever planned it needs no message."""

    def words() -> tuple[str, str]:
        return (
            _("You go on a home visit on %(day)s") % _when(visit),
            _("%(day)s, %(time)s, %(place)s. Where exactly is on the page of the visit.") % _when(visit),
        )

    _tell(visit, members, words, but=but, now=now)


def tell_changed(visit: Visit, members: Collection[UUID], *, but: UUID, now: datetime) -> None:
    """Another time, another way to find it, or somebody else comes along."""

    def words() -> tuple[str, str]:
        return (
            _("Your home visit has changed: %(day)s, %(time)s") % _when(visit),
            _("%(day)s, %(time)s, %(place)s. Where exactly is on the page of the visit.") % _when(visit),
        )

    _tell(visit, members, words, but=but, now=now)


def tell_off(visit: Visit, members: Collection[UUID], *, but: UUID, now: datetime) -> None:
    """The visit is called off, or others go."""

    def words() -> tuple[str, str]:
        return (
            _("You do not go on the home visit on %(day)s any more") % _when(visit),
            _("%(day)s, %(time)s, %(place)s: it is called off, or others go.") % _when(visit),
        )

    # Whoever does not go any more may not open its page.
    _tell(visit, members, words, but=but, now=now, link=reverse("visits:mine"))


def tell_counted_once(visit: Visit, member: UUID, *, now: datetime) -> None:
    """Two visitors wrote down the help given: the one that came first counts."""

    def words() -> tuple[str, str]:
        return (
            _("The help at your home visit on %(day)s was written down already") % _when(visit),
            _("It counts once, as the other visitor wrote it. If you helped somebody else too, record that."),
        )

    link = reverse("visits:mine")
    _tell(visit, [member], words, now=now, kind=Kind.FIELD, link=link)
