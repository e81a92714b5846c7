"""`{{ minutes|hours }}`: minutes as hours, in the language of the screen."""

from django import template

from nhipcau.core.clock import hours_text

register = template.Library()


@register.filter
def hours(minutes: int | None) -> str:
    """A dash where nothing is measured."""
    return "–" if minutes is None else hours_text(minutes)
