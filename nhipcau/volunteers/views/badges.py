"""Badges: one's own, a team's on paper, and what a citizen sees who scans one."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nhipcau.core import clock
from nhipcau.core.documents import qr_svg, typst_pdf
from nhipcau.core.doors import public, requires, signed_in, unlisted
from nhipcau.core.errors import UnableTo
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Team
from nhipcau.teams.queries import get_team, teams_of
from nhipcau.volunteers import queries, services
from nhipcau.volunteers.models import Badge
from nhipcau.volunteers.views.subject import subject_of

TEMPLATE: Final = Path(__file__).resolve().parent.parent / "documents" / "badge.typ"


def address_of(badge: Badge) -> str:
    """What the square on a badge leads to."""
    return f"{settings.SITE_URL}{reverse('volunteers:check_badge', args=[badge.token])}"


@signed_in
@require_safe
def badge(request: HttpRequest, member_id: UUID | None = None) -> HttpResponse:
    """A member's badge on the screen."""
    subject = subject_of(request, member_id)
    found = queries.badge_of(subject.member.pk)
    context = {
        "subject": subject,
        "badge": found,
        "qr": SafeString(qr_svg(address_of(found))) if found else "",
        "teams": teams_of(subject.member.pk, today=clock.local_date(clock.now())),
        "new_address": subject.address("new_badge"),
        "pdf_address": subject.address("badge_pdf"),
    }
    return render(request, "volunteers/badge.html", context)


@signed_in
@require_POST
def new_badge(request: HttpRequest, member_id: UUID | None = None) -> HttpResponse:
    """A first badge, or a new one that ends a lost one."""
    subject = subject_of(request, member_id)
    try:
        services.renew_badge(by=subject.actor, now=clock.now(), member=subject.member)
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The badge is ready. If there was an earlier one, it no longer counts."))
    return HttpResponse(status=302, headers={"Location": subject.address("badge")})


@signed_in
@require_safe
def badge_pdf(request: HttpRequest, member_id: UUID | None = None) -> HttpResponse:
    """A member's badge as a card to print."""
    subject = subject_of(request, member_id)
    found = queries.badge_of(subject.member.pk)
    if found is None:
        raise Http404
    teams = teams_of(subject.member.pk, today=clock.local_date(clock.now()))
    return _pdf([_card(found, ", ".join(team.name for team in teams))], sheet=False, name="badge")


@requires(Permission.VOLUNTEERS_REVIEW)
@require_POST
def team_badges(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """The badges of a whole team on sheets to cut."""
    actor, now = actor_in(request), clock.now()
    team = get_team(team_id, for_=actor, today=clock.local_date(now))
    scope = actor.scope(Permission.VOLUNTEERS_REVIEW)
    if not scope.covers(commune=team.commune_id, province=team.commune.parent_id or ""):
        raise Http404
    found = services.badges_of_team(by=actor, now=now, team=team)
    return _pdf([_card(row, team.name) for row in found], sheet=True, name="badges")


def _card(found: Badge, teams: str) -> dict[str, Any]:
    home = found.member.commune
    return {
        "name": found.member.name,
        "teams": teams,
        "commune": home.full_name if home else "",
        "issued": _("Issued on %(day)s") % {"day": f"{clock.local_date(found.issued_at):%d/%m/%Y}"},
        "qr": qr_svg(address_of(found), border=0),
    }


def _pdf(cards: list[dict[str, Any]], *, sheet: bool, name: str) -> HttpResponse:
    data = {
        "cards": cards,
        "sheet": sheet,
        "language": get_language() or "vi",
        "programme": str(settings.PROGRAMME_NAME),
        "role": _("Volunteer"),
        "scan": _("Scan to see whether this badge is valid today."),
        "warning": _("Never give your password or OTP code to anyone, not even to a volunteer."),
    }
    response = HttpResponse(typst_pdf(TEMPLATE, data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@public
@unlisted
@require_safe
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever scans a badge sees whether it is good today. The same status whatever the answer."""
    today = clock.local_date(clock.now())
    answer = queries.check_badge(token, today=today)
    return render(request, "volunteers/check_badge.html", {"answer": answer, "today": today})


def team_panel(request: HttpRequest, team: Team) -> str:
    """On a team's page: what its members can do, and their badges."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    scope = actor.scope(Permission.VOLUNTEERS_REVIEW)
    context = {
        "team": team,
        "counts": queries.strengths_of(team, today=today),
        "may_print": scope.covers(commune=team.commune_id, province=team.commune.parent_id or ""),
    }
    return render_to_string("volunteers/team_panel.html", context, request=request)
