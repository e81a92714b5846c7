"""Phones: by their token, and as the people see them who look after a commune."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from nhipcau.core.crypto import blind_index
from nhipcau.core.scope import Actor
from nhipcau.sync.enums import ConflictState
from nhipcau.sync.models import Device, ProvinceKey
from nhipcau.teams.enums import Permission


def token_hash(token: str) -> str:
    """By which a token is found; the token itself is not kept."""
    return blind_index(token, purpose="sync.token")


def device_by_token(token: str) -> Device | None:
    """The phone that holds this token, with its member."""
    if not token or len(token) > 64:
        return None
    return Device.objects.select_related("member").filter(token_hash=token_hash(token)).first()


def device_list(actor: Actor) -> QuerySet[Device]:
    """The phones of the actor's places, longest unseen first, each with `open_conflicts`."""
    return (
        Device.objects.visible_to(actor, Permission.SYNC_DEVICES)
        .select_related("member", "commune")
        .annotate(open_conflicts=Count("conflicts", filter=Q(conflicts__state=ConflictState.OPEN)))
        .order_by("revoked_at", "seen_at", "id")
    )


def own_devices(actor: Actor) -> QuerySet[Device]:
    """One's own phones, the one used last first."""
    return Device.objects.filter(member_id=actor.id).order_by("-seen_at", "id")


def get_device(
    device_id: UUID, *, for_: Actor, permission: str = Permission.SYNC_DEVICES, lock: bool = False
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
