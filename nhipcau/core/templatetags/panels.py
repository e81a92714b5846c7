"""`{% panels "place" unit %}`: the upper rooms' small views of an object."""

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from nhipcau.core.panels import panels_of

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: dict[str, Any], host: str, subject: Any) -> SafeString:
    """All panels of `host` for the object, one after the other."""
    request = context["request"]
    # Each panel renders its own template, which escapes; nothing here is built from user text.
    parts = [(mark_safe(panel(request, subject)),) for panel in panels_of(host)]  # noqa: S308
    return format_html_join("\n", "{}", parts)
