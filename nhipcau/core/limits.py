"""How often one corner of the network may try something: counted once for all processes and machines.

The counts lie in the cache table of the database, under keyed digests: an address of a person is never
written down. A try is taken before it is looked at, so that many at once gain nothing.
"""

import ipaddress
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest

from nhipcau.core.crypto import blind_index

IPV6_HOUSEHOLD = 64


def cache_key(key: str, prefix: str, version: int) -> str:
    """The cache's `KEY_FUNCTION`: what the packages around us put into a key stays secret as well."""
    return blind_index(f"{prefix}:{version}:{key}", purpose="core.cache")


def network_of(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address or the /64 of an IPv6 one, empty when it cannot be read.

    `X-Forwarded-For` counts only as far as our own proxies wrote it (`NHIPCAU_PROXIES`).
    """
    text = request.META.get("REMOTE_ADDR", "")
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if proxies and len(hops) >= proxies:
        text = hops[-proxies]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_HOUSEHOLD), strict=False).network_address)
    return str(address)


def take_try(purpose: str, request: HttpRequest, *, most: int, seconds: int, now: datetime) -> bool:
    """Counts one try; False when `most` were taken within `seconds` of the first one."""
    return _change(purpose, request, 1, most=most, seconds=seconds, now=now)


def give_try_back(purpose: str, request: HttpRequest, *, now: datetime) -> None:
    """A try that was right does not count."""
    _change(purpose, request, -1, most=0, seconds=1, now=now)


def _change(purpose: str, request: HttpRequest, step: int, *, most: int, seconds: int, now: datetime) -> bool:
    key, moment = f"limits:{purpose}:{network_of(request)}", now.timestamp()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        count, until = cache.get(key, (0, moment + seconds))
        if step > 0 and count >= most:
            return False
        cache.set(key, (max(0, count + step), until), max(1, round(until - moment)))
    return True
