"""The poster of a procedure for the wall of a centre: one A3 page, without anybody's answers."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nhipcau.core.documents import qr_svg, typst_pdf
from nhipcau.core.doors import public
from nhipcau.procedures.views import words
from nhipcau.procedures.views.checklist import DOCUMENTS, list_content, printed_words
from nhipcau.procedures.views.visit import open_address, read_visit


@public
def poster_pdf(request: HttpRequest, name: str) -> HttpResponse:
    """What everybody needs, then what some need; `province` gives its fees."""
    visit = read_visit(request, name).without_answers()
    source = visit.guide.versions[0].sources[0]
    content = list_content(visit)
    groups = content.pop("groups")
    data = content | {
        "needed": [group for group in groups if not group["maybe"]],
        "maybe": [group for group in groups if group["maybe"]],
        "language": get_language() or "vi",
        "name": visit.procedure.name,
        "code": visit.procedure.code,
        "qr": qr_svg(open_address("guide", visit)),
        "source": f"{source.title} – {words.day(source.checked_on)}",
        "made": words.day(visit.on.isoformat()),
        "words": printed_words()
        | {
            "sometimes": _("Some people also need"),
            "scan": _("Scan with your phone: the list that fits you"),
        },
    }
    response = HttpResponse(typst_pdf(DOCUMENTS / "poster.typ", data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{visit.procedure.slug}-poster.pdf"'
    return response
