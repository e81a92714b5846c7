"""What people are told of help between teams: each in their own language, in the same transaction."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nhipcau.core.clock import local_date
from nhipcau.messaging.enums import Kind
from nhipcau.reinforcement.models import Offer, Request
from nhipcau.reinforcement.queries import senders_for, speakers_for
from nhipcau.teams.models import Member, Team
from nhipcau.teams.services.telling import Words, tell


def _tell(people: Iterable[Member], words: Words, *, link: str, about: UUID, now: datetime) -> None:
    tell(people, kind=Kind.REINFORCEMENT, words=words, link=link, about=about, now=now)


def days_of(request: Request) -> str:
    """The days of a request as the reader writes dates."""
    return f"{date_format(request.starts_on, 'd/m')} – {date_format(request.last_on, 'd/m')}"


def _speakers(team: Team, now: datetime) -> list[Member]:
    return speakers_for(team, now=now, today=local_date(now))


def page_of(request: Request) -> str:
    """The page on which a request and its offers are answered."""
    return reverse("reinforcement:request", args=[request.pk])


def tell_asked(request: Request, *, now: datetime) -> None:
    """Those who move people inside the province hear of a new request."""

    def words() -> tuple[str, str]:
        return (
            _("%(place)s asks for help") % {"place": request.commune.full_name},
            _("%(team)s asks for %(count)d people, %(days)s. See who can be sent.")
            % {"team": request.team.name, "count": request.people, "days": days_of(request)},
        )

    people = senders_for(request.commune.parent_id or "", now=now)
    _tell(people, words, link=page_of(request), about=request.pk, now=now)


def tell_declined(request: Request, *, now: datetime) -> None:
    """The team that asked hears that nobody can be sent."""

    def words() -> tuple[str, str]:
        return (
            _("Nobody can be sent to %(place)s") % {"place": request.commune.full_name},
            _("Your request for %(days)s was answered: nobody can be sent.") % {"days": days_of(request)},
        )

    _tell(_speakers(request.team, now), words, link=page_of(request), about=request.pk, now=now)


def tell_offered(offer: Offer, members: Iterable[Member], *, now: datetime) -> None:
    """Both teams and everybody who is named are asked for their yes."""
    request = offer.request

    def to_sender() -> tuple[str, str]:
        return (
            _("Can you help in %(place)s?") % {"place": request.commune.full_name},
            _("The province proposes that members of %(team)s help there, %(days)s. Say yes or no.")
            % {"team": offer.team.name, "days": days_of(request)},
        )

    def to_receiver() -> tuple[str, str]:
        return (
            _("People are offered to you"),
            _("%(team)s could help you, %(days)s. Say yes or no.")
            % {"team": offer.team.name, "days": days_of(request)},
        )

    def to_person() -> tuple[str, str]:
        return (
            _("Would you help in %(place)s?") % {"place": request.commune.full_name},
            _("%(team)s needs help, %(days)s. You decide: say yes or no.")
            % {"team": request.team.name, "days": days_of(request)},
        )

    link = page_of(request)
    _tell(_speakers(offer.team, now), to_sender, link=link, about=offer.pk, now=now)
    _tell(_speakers(request.team, now), to_receiver, link=link, about=offer.pk, now=now)
    _tell(members, to_person, link=reverse("reinforcement:mine"), about=offer.pk, now=now)


def tell_agreed(offer: Offer, members: Iterable[Member], *, now: datetime) -> None:
    """Both sides have said yes: the receiving team puts people on shifts, the people know."""
    request = offer.request

    def to_leaders() -> tuple[str, str]:
        return (
            _("Agreed: help for %(place)s") % {"place": request.commune.full_name},
            _("%(sender)s helps %(receiver)s, %(days)s. You may telephone each other now.")
            % {"sender": offer.team.name, "receiver": request.team.name, "days": days_of(request)},
        )

    def to_person() -> tuple[str, str]:
        return (
            _("You will help in %(place)s") % {"place": request.commune.full_name},
            _("Both teams have agreed, %(days)s. You will be told your shifts.") % {"days": days_of(request)},
        )

    both = [*_speakers(request.team, now), *_speakers(offer.team, now)]
    _tell(both, to_leaders, link=page_of(request), about=offer.pk, now=now)
    _tell(members, to_person, link=reverse("reinforcement:mine"), about=offer.pk, now=now)


def tell_one_fewer(offer: Offer, *, still: int, now: datetime) -> None:
    """After the agreement somebody's yes became a no: both teams hear how many are left."""
    request = offer.request

    def words() -> tuple[str, str]:
        return (
            _("One person fewer for %(place)s") % {"place": request.commune.full_name},
            _("Somebody of %(team)s who had said yes cannot come, %(days)s. Have still said yes: %(count)d.")
            % {"team": offer.team.name, "days": days_of(request), "count": still},
        )

    both = [*_speakers(request.team, now), *_speakers(offer.team, now)]
    _tell(both, words, link=page_of(request), about=offer.pk, now=now)


def tell_fell_through(offer: Offer, members: Iterable[Member], *, now: datetime) -> None:
    """An offer will not come about: both teams, the province and the people named hear of it."""
    request = offer.request

    def words() -> tuple[str, str]:
        return (
            _("The help for %(place)s will not come about") % {"place": request.commune.full_name},
            _("The offer of %(team)s for %(days)s was declined or taken back.")
            % {"team": offer.team.name, "days": days_of(request)},
        )

    leaders = [*_speakers(request.team, now), *_speakers(offer.team, now)]
    leaders += senders_for(request.commune.parent_id or "", now=now)
    _tell(leaders, words, link=page_of(request), about=offer.pk, now=now)
    known = {one.pk for one in leaders}
    people = [one for one in members if one.pk not in known]
    _tell(people, words, link=reverse("reinforcement:mine"), about=offer.pk, now=now)
