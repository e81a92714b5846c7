"""Reading requests to join: the list of who answers them, and the page of who sent one."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from nhipcau.core.scope import Actor
from nhipcau.teams.enums import Permission, languages
from nhipcau.teams.models import Member, Team, TeamQuerySet
from nhipcau.volunteers.enums import ApplicationState
from nhipcau.volunteers.models import Application, Qualification


def applications_visible_to(actor: Actor, *, waiting: bool = True) -> QuerySet[Application]:
    """Requests to the communes of the actor: those that wait, oldest first; or the answered, newest first."""
    rows = Application.objects.filter(actor.scope(Permission.VOLUNTEERS_REVIEW).q("commune"))
    rows = rows.select_related("commune__parent")
    if waiting:
        return rows.filter(state=ApplicationState.SENT).order_by("sent_at", "id")
    answered = rows.exclude(state=ApplicationState.SENT)
    return answered.select_related("decided_by").order_by("-decided_at", "-id")


def get_application(application_id: UUID, *, for_: Actor, waiting: bool = True) -> Application:
    """A request to a commune of the actor, or 404."""
    found = applications_visible_to(for_, waiting=waiting).filter(pk=application_id).first()
    if found is None:
        raise Http404
    return found


def application_by_token(token: str) -> Application | None:
    """The request behind a link, whoever holds it."""
    return Application.objects.select_related("commune__parent").filter(token=token).first()


def members_with_phone(phone_index: str) -> list[Member]:
    """Members known by this phone number: perhaps the person is registered already."""
    if not phone_index:
        return []
    rows = Member.objects.filter(phone_index=phone_index, is_active=True)
    return list(rows.select_related("commune").order_by("name", "id")[:5])


def teams_to_join(commune: str, *, today: date) -> TeamQuerySet:
    """The teams of a commune that work today, by name."""
    return Team.objects.active(today).filter(commune_id=commune).order_by("name", "id")


def language_names(spoken: Iterable[str]) -> list[str]:
    """Languages by the names of the screen."""
    known = languages()
    return [known[code].name for code in spoken if code in known]


def qualification_names(codes: Iterable[str]) -> list[str]:
    """Qualifications by the names of the screen."""
    return [row.name for row in Qualification.objects.filter(pk__in=codes).order_by("name_vi", "code")]
