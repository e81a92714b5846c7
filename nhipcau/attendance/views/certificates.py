"""Certificates of hours: the signed PDF, the page anybody may open, withdrawing one."""

from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nhipcau.attendance import services
from nhipcau.attendance.forms import NO_SUCH_CODE, CodeForm, ReasonForm
from nhipcau.attendance.models import Certificate
from nhipcau.attendance.queries import certificates
from nhipcau.attendance.queries.certificates import Facts
from nhipcau.attendance.rules.hours import RULE_TEXT
from nhipcau.core import clock, limits
from nhipcau.core.crypto import signing_identity
from nhipcau.core.documents import qr_svg, signed_pdf, typst_pdf
from nhipcau.core.doors import public, requires, signed_in, unlisted
from nhipcau.core.errors import UnableTo
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission

TEMPLATE: Final = Path(__file__).resolve().parent.parent / "documents" / "certificate.typ"
TRIES: Final = "attendance.certificate"
WRONG_TRIES: Final = 10
WAIT_SECONDS: Final = 600
MOST_LINES: Final = 5


@signed_in
@require_safe
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """One certificate for its holder and for who looks after their hours: download, share, withdraw."""
    actor = actor_in(request)
    row = certificates.get_certificate(certificate_id, for_=actor)
    context = {
        "row": row,
        "facts": certificates.facts_in(row),
        "public_url": _address(row),
        "own": row.member_id == actor.id,
    }
    return render(request, "attendance/certificate.html", context)


@signed_in
@require_safe
def certificate_pdf(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The signed PDF, in the language of the screen. One that no longer stands is not given out."""
    row = certificates.get_certificate(certificate_id, for_=actor_in(request))
    facts = certificates.facts_in(row)
    if facts is None or row.revoked_at is not None:
        raise Http404
    pdf = typst_pdf(TEMPLATE, _words(row, facts))
    signed = signed_pdf(pdf, reason=_("Certificate of volunteer hours"), place=facts.commune)
    response = HttpResponse(signed, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="nhip-cau-{row.code}.pdf"'
    return response


def _address(row: Certificate) -> str:
    return f"{settings.SITE_URL}{reverse('attendance:hours', args=[row.token])}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _words(row: Certificate, facts: Facts) -> dict[str, Any]:
    """Everything that stands on the paper."""
    return {
        "language": translation.get_language() or "vi",
        "programme": str(settings.PROGRAMME_NAME),
        "title": _("Certificate of volunteer hours"),
        "says": _("The programme certifies that"),
        "name": facts.name,
        "home": facts.commune,
        "served": _("served as a volunteer, helping people use online public services"),
        "period": _("from %(first)s to %(last)s") % {"first": _day(facts.first), "last": _day(facts.last)},
        "hours_label": _("hours"),
        "hours": clock.hours_text(facts.minutes),
        "shifts": str(facts.shifts),
        "shifts_label": _("shifts"),
        "head": [_("Where"), _("Number of shifts"), _("Hours")],
        "lines": _lines(facts),
        "rule": str(RULE_TEXT),
        "code_label": _("Code"),
        "code": row.code,
        "issued": _("Issued on %(day)s") % {"day": _day(clock.local_date(row.issued_at))},
        "signed_title": _("Signed electronically"),
        "signed_by": _("Nhịp Cầu, at %(site)s") % {"site": settings.SITE_URL},
        "scan": _("Scan to see whether this certificate stands."),
        "type": _("Or open %(address)s and type the code.")
        % {"address": f"{settings.SITE_URL}{reverse('attendance:check')}"},
        "digest_label": _("Fingerprint of what it says"),
        "digest": _grouped(row.digest.upper()),
        "key_label": _("Fingerprint of the key that signed it"),
        "key": _grouped(signing_identity().fingerprint),
        "honest": _("This paper shows measured and approved hours. It is no state certificate."),
        "qr": qr_svg(_address(row), border=0),
    }


def _lines(facts: Facts) -> list[list[str]]:
    """The posts with the most hours; the rest in one line, so that the leaf stays one leaf."""
    shown, rest = facts.lines[:MOST_LINES], facts.lines[MOST_LINES:]
    rows = [(f"{line.post}, {line.place}", line.shifts, line.minutes) for line in shown]
    if rest:
        rows.append((_("Other posts"), sum(row.shifts for row in rest), sum(row.minutes for row in rest)))
    return [[where, str(shifts), clock.hours_text(minutes)] for where, shifts, minutes in rows]


def _grouped(fingerprint: str) -> str:
    """In groups of eight, for eyes that compare."""
    return " ".join(fingerprint[place : place + 8] for place in range(0, len(fingerprint), 8))


@requires(Permission.ATTENDANCE_APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The certificate no longer stands, with the reason."""
    actor = actor_in(request)
    row = certificates.get_certificate(certificate_id, for_=actor)
    if row.member_id == actor.id:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(
                certificate_id=row.pk, reason=form.cleaned_data["reason"], by=actor, now=clock.now()
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The certificate is withdrawn. Its public page says so."))
            return redirect("attendance:certificate", certificate_id=row.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "attendance/withdraw.html", {"row": row, "form": form}, status=status)


@public
@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Without a camera: type the code. Ten wrong ones, and it rests for ten minutes."""
    if request.method != "POST":
        return render(request, "attendance/check.html", {"form": CodeForm()})
    form, now = CodeForm(request.POST), clock.now()
    if not limits.take_try(TRIES, request, most=WRONG_TRIES, seconds=WAIT_SECONDS, now=now):
        form.add_error(None, _("Too many wrong codes. Wait ten minutes and try again."))
        return render(request, "attendance/check.html", {"form": form}, status=429)
    row = certificates.by_code(form.cleaned_data["code"]) if form.is_valid() else None
    if row is not None:
        limits.give_try_back(TRIES, request, now=now)
        return redirect("attendance:hours", token=row.token)
    if form.is_valid():
        form.add_error("code", NO_SUCH_CODE)
    return render(request, "attendance/check.html", {"form": form}, status=422)


@public
@unlisted
@require_safe
def hours(request: HttpRequest, token: str) -> HttpResponse:
    """What a certificate says, and whether it stands, for whoever holds the paper."""
    row = certificates.by_token(token)
    if row is None:
        # A forged paper leads here: whoever checks it is told so, and not sent to look for a page.
        context = {"form": CodeForm(), "missing": True}
        return render(request, "attendance/check.html", context, status=404)
    facts = certificates.facts_in(row)
    context = {
        "row": row,
        "facts": facts,
        "stands": row.revoked_at is None and facts is not None,
        "digest": _grouped(row.digest.upper()),
        "key": _grouped(signing_identity().fingerprint),
        "issued_at": localtime(row.issued_at),
        "rule": RULE_TEXT,
        "site": settings.SITE_URL,
    }
    return render(request, "attendance/hours.html", context)


@public
@require_safe
def signing_certificate(request: HttpRequest) -> HttpResponse:
    """The certificate of the key that signs, to be trusted in a reader of PDF."""
    response = HttpResponse(signing_identity().certificate, content_type="application/pkix-cert")
    response["Content-Disposition"] = 'attachment; filename="nhip-cau.cer"'
    return response
