"""Phones: by their token, and as the people see them who look after a commune."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from nhipcau.core.crypto import blind_index
from nhipcau.core.scope import Actor
from nhipcau.devices.models import Device, ProvinceKey
from nhipcau.devices.rules import KEEP_SECRETS, LONG_UNSEEN
from nhipcau.devices.rules import LEASE as LEASE
from nhipcau.teams.access import ROLES
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Grant, Member


def token_hash(token: str) -> str:
    """By which a token is found; the token itself is not kept."""
    return blind_index(token, purpose="sync.token")


def device_by_token(token: str) -> Device | None:
    """The phone that holds this token, with its member."""
    if not token or len(token) > 64:
        return None
    return Device.objects.select_related("member").filter(token_hash=token_hash(token)).first()


def device_list(actor: Actor) -> QuerySet[Device]:
    """The phones of the actor's places, longest unseen first and shut ones last."""
    return (
        Device.objects.visible_to(actor, Permission.DEVICES_MANAGE)
        .select_related("member", "commune")
        .order_by(F("revoked_at").desc(nulls_first=True), "seen_at", "id")
    )


def own_devices(actor: Actor) -> QuerySet[Device]:
    """One's own phones, the one used last first."""
    return Device.objects.filter(member_id=actor.id).order_by("-seen_at", "id")


def get_device(
    device_id: UUID, *, for_: Actor, permission: str = Permission.DEVICES_MANAGE, lock: bool = False
) -> Device:
    """A phone of the actor's places, or one's own, or 404."""
    rows = Device.objects.filter(Q(member_id=for_.id) | for_.scope(permission).q())
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.select_related("member", "commune__parent", "escrow_key").filter(pk=device_id).first()
    if found is None:
        raise Http404
    return found


def key_in_use(province: str) -> ProvinceKey | None:
    """The key that phones of a province seal to now."""
    return ProvinceKey.objects.filter(province_id=province, retired_at__isnull=True).first()


def device_to_rescue(device_id: UUID, *, for_: Actor) -> Device:
    """A phone of the places where the actor takes in what others could not send, with its keys; or 404."""
    rows = Device.objects.visible_to(for_, Permission.DEVICES_RESCUE).select_related("member", "escrow_key")
    found = rows.filter(pk=device_id).first()
    if found is None:
        raise Http404
    return found


def long_unseen(*, now: datetime) -> list[Device]:
    """Phones that said they still hold work and were not seen for days; those that were shut or given up
    long ago left out.

    The longest unseen first.
    """
    rows = Device.objects.filter(
        waiting__gt=0,
        revoked_at__isnull=True,
        seen_at__lte=now - LONG_UNSEEN,
        lease_until__gt=now - KEEP_SECRETS,
    )
    return list(rows.select_related("member").order_by("seen_at", "id"))


def leaders_of(communes: Collection[str], *, now: datetime) -> dict[str, list[Member]]:
    """Who looks after the phones of each commune, by the commune itself: not who leads its province."""
    roles = [role for role, permissions in ROLES.items() if Permission.DEVICES_MANAGE in permissions]
    grants = Grant.objects.active(now).filter(unit_code__in=communes, role__in=roles, member__is_active=True)
    found: dict[str, dict[UUID, Member]] = {}
    for grant in grants.select_related("member").order_by("member__name", "id"):
        found.setdefault(grant.unit_code, {})[grant.member_id] = grant.member
    return {commune: list(members.values()) for commune, members in found.items()}


def keys_of(actor: Actor) -> list[ProvinceKey]:
    """The keys in use of the provinces that the actor answers for as a whole, with how many `phones`."""
    scope = actor.scope(Permission.DEVICES_RESCUE)
    rows = ProvinceKey.objects.filter(retired_at__isnull=True).select_related("province")
    if not scope.nation:
        rows = rows.filter(province_id__in=scope.provinces)
    sealed = Device.objects.filter(escrow_key=OuterRef("pk"), revoked_at__isnull=True).exclude(escrow="")
    phones = sealed.order_by().values("escrow_key").annotate(number=Count("pk")).values("number")
    return list(rows.annotate(phones=Coalesce(Subquery(phones), 0)).order_by("province__name", "id"))


def get_key(province: str, *, for_: Actor) -> ProvinceKey:
    """The key in use of a province that the actor answers for as a whole, or 404."""
    found = key_in_use(province) if for_.scope(Permission.DEVICES_RESCUE).covers_unit(province) else None
    if found is None:
        raise Http404
    return found
