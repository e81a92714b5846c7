"""A request as our middleware leaves it: who asks, and how large the text is wanted."""

from django.http import HttpRequest

from nhipcau.core.scope import Actor


class OurRequest(HttpRequest):
    """For `cast` only: Django makes the request, the guard and the large view add to it."""

    actor: Actor | None
    large_view: bool
