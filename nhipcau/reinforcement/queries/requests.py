"""Reading requests and offers: through the eyes of the team that asks, the province, and the sender."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from nhipcau.core.scope import NATION, Actor
from nhipcau.reinforcement.enums import AGREED_OFFERS, LIVE_OFFERS, OPEN_REQUESTS, Answer
from nhipcau.reinforcement.models import Offer, OfferedPerson, Request, RequestedShift
from nhipcau.shifts.models import Shift
from nhipcau.teams.access import ROLES
from nhipcau.teams.enums import Permission, TeamRole
from nhipcau.teams.models import Grant, Member, Team, TeamMembership
from nhipcau.volunteers.models import Qualification

ASK: Final = Permission.REINFORCEMENT_ASK
SEND: Final = Permission.REINFORCEMENT_SEND
# Whoever sees the rosters of a place sees who asks for help there, and who is asked to help elsewhere.
VIEW: Final = Permission.ROSTER_VIEW


def requests_visible_to(actor: Actor) -> QuerySet[Request]:
    """Requests of the actor's places, and those to which a team of the actor's places is asked to send."""
    scope = actor.scope(VIEW)
    sending = Offer.objects.filter(scope.q("team__commune"), request_id=OuterRef("pk"))
    return Request.objects.filter(scope.q("commune") | Exists(sending))


def request_list(actor: Actor, *, closed: bool = False) -> QuerySet[Request]:
    """The requests the actor may see: open ones by their first day, closed ones latest first.

    Each with its team and place, `live_offers`, and `people_coming`: those who said yes in agreed offers.
    """
    found = requests_visible_to(actor).select_related("team", "commune")
    found = found.annotate(
        live_offers=Count("offers", distinct=True, filter=Q(offers__state__in=LIVE_OFFERS)),
        people_coming=Count(
            "offers__people",
            distinct=True,
            filter=Q(offers__state__in=AGREED_OFFERS, offers__people__answer=Answer.YES),
        ),
    )
    if closed:
        return found.exclude(state__in=OPEN_REQUESTS).order_by("-changed_at", "id")
    return found.filter(state__in=OPEN_REQUESTS).order_by("starts_on", "asked_at", "id")


def get_request(request_id: UUID, *, for_: Actor, permission: str = "", lock: bool = False) -> Request:
    """A request the actor may see (or, with a permission, act on), or 404. Team and place come along."""
    found = requests_visible_to(for_)
    if permission:
        found = Request.objects.visible_to(for_, permission)
    if lock:
        found = found.select_for_update(of=("self",))
    row = found.select_related("team", "commune__parent", "asked_by").filter(pk=request_id).first()
    if row is None:
        raise Http404
    return row


def shifts_of(request: Request) -> QuerySet[Shift]:
    """The shifts a request grew from, with their needs."""
    return (
        Shift.objects.filter(pk__in=request.requested.values("shift_id"))
        .select_related("post")
        .prefetch_related("needs")
        .order_by("starts_at", "id")
    )


def requests_for(shifts: Iterable[UUID]) -> dict[UUID, UUID]:
    """For which of the shifts help is asked for in a request still open: shift → request; one query."""
    rows = RequestedShift.objects.filter(shift_id__in=list(shifts), request__state__in=OPEN_REQUESTS)
    return dict(rows.order_by("request__asked_at", "id").values_list("shift_id", "request_id"))


def offers_of(request: Request, *, for_: Actor) -> list[Offer]:
    """The offers to a request, newest first, each with team and people.

    Who only sends sees only what their own team was asked.
    """
    scope = for_.scope(VIEW)
    offers = Offer.objects.filter(request=request)
    if not scope.covers(commune=request.commune_id, province=request.commune.parent_id or ""):
        offers = offers.filter(scope.q("team__commune"))
    people = OfferedPerson.objects.select_related("member").order_by("member__name", "id")
    return list(
        offers.select_related("team__commune")
        .prefetch_related(Prefetch("people", people))
        .order_by("-offered_at", "id")
    )


def get_offer(offer_id: UUID, *, for_: Actor, lock: bool = False) -> Offer:
    """An offer of a request the actor may see, or 404. Both teams and their places come along."""
    scope = for_.scope(VIEW)
    offers = Offer.objects.filter(scope.q("team__commune") | scope.q("request__commune"))
    if lock:
        offers = offers.select_for_update(of=("self",))
    row = (
        offers.select_related("team__commune__parent", "request__team", "request__commune__parent")
        .filter(pk=offer_id)
        .first()
    )
    if row is None:
        raise Http404
    return row


def people_of(offer: Offer) -> QuerySet[OfferedPerson]:
    """Those named in an offer, by name."""
    return offer.people.select_related("member").order_by("member__name", "id")


def offers_to_answer(actor: Actor) -> QuerySet[OfferedPerson]:
    """Where the actor in person is asked to help elsewhere, or has said yes; soonest first."""
    return (
        OfferedPerson.objects.filter(member_id=actor.id, offer__state__in=LIVE_OFFERS)
        .select_related("offer__request__team", "offer__request__commune", "offer__team")
        .order_by("offer__request__starts_on", "id")
    )


def get_own_place(person_id: UUID, *, for_: Actor, lock: bool = False) -> OfferedPerson:
    """The actor's own place in an offer, or 404."""
    rows = OfferedPerson.objects.filter(member_id=for_.id)
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.select_related("offer__request__commune", "offer__request__team").filter(pk=person_id).first()
    if row is None:
        raise Http404
    return row


def can(actor: Actor, permission: str, request: Request) -> bool:
    """Whether the actor holds a permission where a request comes from; its place must be in hand."""
    place = request.commune
    return actor.scope(permission).covers(commune=place.pk, province=place.parent_id or "")


def can_answer_for(actor: Actor, team: Team) -> bool:
    """Whether the actor leads the place of a team, and so speaks for it; its place must be in hand."""
    scope = actor.scope(ASK)
    return scope.covers(commune=team.commune_id, province=team.commune.parent_id or "")


def teams_to_ask_for(actor: Actor, *, today: date) -> QuerySet[Team]:
    """The teams for which the actor may ask for help."""
    found = Team.objects.visible_to(actor, ASK).active(today)
    return found.select_related("commune").order_by("name", "id")


def speakers_for(team: Team, *, now: datetime, today: date) -> list[Member]:
    """Who answers for a team: its leader if they may, else everybody who may for its commune."""
    roles = [role for role, permissions in ROLES.items() if ASK in permissions]
    may = Grant.objects.active(now).filter(unit_code=team.commune_id, role__in=roles)
    leads = TeamMembership.objects.active(today).filter(
        team=team, member_id=OuterRef("pk"), role=TeamRole.LEADER
    )
    people = Member.objects.filter(is_active=True, pk__in=may.values("member_id"))
    rows = list(people.annotate(leads=Exists(leads)).order_by("name", "id"))
    leaders: list[Member] = [one for one in rows if one.leads]
    return leaders or [*rows]


def senders_for(province: str, *, now: datetime) -> list[Member]:
    """Who moves people inside a province."""
    roles = [role for role, permissions in ROLES.items() if SEND in permissions]
    may = Grant.objects.active(now).filter(unit_code=province, role__in=roles)
    return list(Member.objects.filter(is_active=True, pk__in=may.values("member_id")).order_by("name", "id"))


def qualifications_of(province: str) -> QuerySet[Qualification]:
    """What can be asked for in a province."""
    return Qualification.objects.filter(active=True, unit_code__in=[NATION, province]).order_by("code")


def qualifications_named(codes: Iterable[str]) -> QuerySet[Qualification]:
    """The qualifications of these codes, to show their names."""
    return Qualification.objects.filter(code__in=list(codes)).order_by("code")


def waiting_for(actor: Actor) -> int:
    """How many requests and offers wait for the actor's answer; one query."""
    ask, send = actor.scope(ASK), actor.scope(SEND)
    offers = Offer.objects.filter(state="offered").filter(
        (ask.q("team__commune") & Q(sender_at__isnull=True))
        | (ask.q("request__commune") & Q(receiver_at__isnull=True))
    )
    if not send:
        return offers.count()
    return Request.objects.filter(send.q("commune"), state="asked").count()
