"""The tracking card: one leaf with QR and short code, on the screen, in print and as PDF."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nhipcau.cases import queries
from nhipcau.cases.enums import CaseState
from nhipcau.cases.models import Case
from nhipcau.cases.rules import NEXT_STEPS
from nhipcau.core.documents import qr_svg, typst_pdf
from nhipcau.core.doors import requires
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

TEMPLATE = Path(__file__).resolve().parent.parent / "documents" / "card.typ"
SIZES = ("a5", "a6")


def _case(request: HttpRequest, case_id: UUID) -> Case:
    """A case the member may work on and that still has its link: who only looks prints nothing."""
    case = queries.get_case(case_id, for_=actor_in(request), reach=queries.EDIT)
    if not case.token:
        raise Http404
    return case


def _address(case: Case) -> str:
    return f"{settings.SITE_URL}{reverse('cases:follow_card', args=[case.token])}"


@requires(Permission.CASES_EDIT_OWN)
@require_safe
def card(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The card as a page that prints on one A5 leaf."""
    case = _case(request, case_id)
    context = {
        "case": case,
        "need": queries.need_label(case),
        "next_step": NEXT_STEPS[CaseState(case.state)],
        "qr": mark_safe(qr_svg(_address(case))),  # noqa: S308  # drawn by us, holds no text of anybody
        "follow_address": f"{settings.SITE_URL}{reverse('cases:follow')}",
    }
    return render(request, "cases/card.html", context)


@requires(Permission.CASES_EDIT_OWN)
@require_safe
def card_pdf(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The card as PDF, A6 for a pocket or A5 for tired eyes (`?size=a5`)."""
    case = _case(request, case_id)
    size = request.GET.get("size", "a6")
    data = {
        "size": size if size in SIZES else "a6",
        "language": get_language() or "vi",
        "title": _("Your tracking card"),
        "need": queries.need_label(case),
        "code": case.code,
        "qr": qr_svg(_address(case), border=0),
        "scan": _("Point the camera of any phone at this square to see how far your case is."),
        "type": _("No camera? Open %(address)s and type the code.")
        % {"address": f"{settings.SITE_URL}{reverse('cases:follow')}"},
        "next_title": _("What to do next"),
        "next": str(NEXT_STEPS[CaseState(case.state)]),
        "place": _place(case),
        "warning": _("Never give your password or OTP code to anyone, not even to a volunteer."),
        "keep": _keep(case),
    }
    response = HttpResponse(typst_pdf(TEMPLATE, data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.code}.pdf"'
    return response


def _place(case: Case) -> str:
    point = case.service_point
    if point is None:
        return case.commune.full_name
    return ", ".join(part for part in (point.name, point.address, point.phone) if part)


def _keep(case: Case) -> str:
    return _("We erase your name and phone number %(count)d months after the end of the case.") % {
        "count": case.keep_months
    }
