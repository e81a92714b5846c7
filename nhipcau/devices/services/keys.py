"""The key of a province is renewed: new phones seal to the new one, what was sealed before stays readable."""

from datetime import datetime

from django.http import Http404

from nhipcau.audit.services import unit_of_work
from nhipcau.core.crypto import new_sealing_key
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.devices.models import ProvinceKey
from nhipcau.places.enums import Level
from nhipcau.places.models import Unit
from nhipcau.teams.enums import Permission


def renew_key(*, province: str, by: Actor, now: datetime) -> ProvinceKey:
    """A new key in use; the one before keeps opening what was sealed to it. Raises 404."""
    if not by.scope(Permission.DEVICES_RESCUE).covers_unit(province):
        raise Http404
    private, public = new_sealing_key()
    with unit_of_work(by=by, now=now):
        # Two at once: the second waits here, and retires what the first has made.
        units = Unit.objects.select_for_update(no_key=True)
        if units.filter(pk=province, level=Level.PROVINCE).first() is None:
            raise Http404
        ProvinceKey.objects.filter(province_id=province, retired_at__isnull=True).update(retired_at=now)
        return ProvinceKey.objects.create(
            id=new_id(now), province_id=province, public=public, private=private, made_at=now
        )
