"""A request as our middleware leaves it: who asks, how large the text is wanted, what was pressed."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import Actor


class OurRequest(HttpRequest):
    """For `cast` only: Django makes the request, the guard and the large view add to it."""

    actor: Actor | None
    large_view: bool


class UnableToReadAnswer(UnableTo):
    """Neither button was pressed."""

    code = "core.no_answer"


def read_answer(request: HttpRequest) -> str:
    """What was pressed, "yes" or "no"; silence is no answer. Raises `UnableToReadAnswer`."""
    answer = request.POST.get("answer", "")
    if answer not in ("yes", "no"):
        raise UnableToReadAnswer(_("Press yes or no."))
    return answer
