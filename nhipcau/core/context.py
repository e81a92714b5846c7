"""What every template may use: languages with links, the large view, who is signed in."""

from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict


def _link(request: HttpRequest, **changes: str) -> str:
    try:
        query = request.GET.copy()
    except SuspiciousOperation:  # more questions than anybody asks: the page of errors is shown without
        query = QueryDict(mutable=True)
    for key, value in changes.items():
        query[key] = value
    return f"{request.path}?{query.urlencode()}"


def page(request: HttpRequest) -> dict[str, Any]:
    """`languages` (code, own name, link), `large_view`, `large_view_url`, `actor`, `site_name`."""
    large = bool(getattr(request, "large_view", False))
    return {
        "site_name": "Nhịp Cầu",
        "languages": [(code, name, _link(request, lang=code)) for code, name in settings.LANGUAGES],
        "large_view": large,
        "large_view_url": _link(request, view="normal" if large else "large"),
        "actor": getattr(request, "actor", None),
    }
