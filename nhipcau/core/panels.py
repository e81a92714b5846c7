"""Small views of upper rooms on a lower room's page, registered by dotted name in settings.

A host page (`case`, `member`, `place`, …) renders `{% panels "place" unit %}`; each registered
function gets the request and the object and returns safe HTML, or an empty string for nothing.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

Panel = Callable[[HttpRequest, Any], str]


def panels_of(host: str) -> list[Panel]:
    """The panels of a host page, in the order of `settings.PANELS`."""
    return [import_string(name) for name in settings.PANELS.get(host, ())]
