"""Who leads a commune hears in time of phones that hold unsent work and were not seen for days."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhipcau.audit.services import unit_of_work
from nhipcau.devices.models import Device
from nhipcau.devices.queries import leaders_of, long_unseen
from nhipcau.messaging.enums import Kind
from nhipcau.messaging.services import Draft, send_once_a_day
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import draft_for

_NAMED: Final = 5


def tell_unseen(*, now: datetime) -> int:
    """One message to each leader, about all phones of their communes together; how many were told."""
    phones = long_unseen(now=now)
    waiting: dict[Member, list[Device]] = {}
    for commune, leaders in leaders_of({phone.commune_id for phone in phones}, now=now).items():
        for leader in leaders:
            waiting.setdefault(leader, []).extend(each for each in phones if each.commune_id == commune)
    if not waiting:
        return 0
    with unit_of_work(by=None, now=now):
        send_once_a_day(
            to=[leader.pk for leader in waiting], kind=Kind.FIELD, drafts=lambda: _drafts(waiting), now=now
        )
    return len(waiting)


def _drafts(waiting: Mapping[Member, Iterable[Device]]) -> list[Draft]:
    return [_draft(leader, list(phones)) for leader, phones in waiting.items()]


def _draft(leader: Member, phones: list[Device]) -> Draft:
    def words() -> tuple[str, str]:
        subject = ngettext(
            "%(count)d phone holds work that was not sent",
            "%(count)d phones hold work that was not sent",
            len(phones),
        ) % {"count": len(phones)}
        names = ", ".join(f"{each.member.name} ({each.waiting})" for each in phones[:_NAMED])
        more = " …" if len(phones) > _NAMED else ""
        body = _(
            "Not seen for three days or more: %(names)s. Ask them to open the app where there is signal."
        )
        return subject, body % {"names": names + more}

    return draft_for(leader, kind=Kind.FIELD, words=words, link=reverse("devices:phones"), about=leader.pk)
