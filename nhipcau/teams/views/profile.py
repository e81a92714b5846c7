"""A member's own page, and the first password through a sign-in link."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from nhipcau.core import clock
from nhipcau.core.doors import public, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.teams import queries, services
from nhipcau.teams.access import actor_in
from nhipcau.teams.forms import FirstPasswordForm, ProfileForm

_YEAR = 365 * 24 * 3600


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """My phone, languages and roles; ways to the password and the second factor."""
    actor, now = actor_in(request), clock.now()
    levels = dict(actor.member.languages.values_list("language", "level"))
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm.of(actor.member, levels)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.set_profile(
                by=actor,
                now=now,
                phone=values["phone"],
                preferred_language=values["preferred_language"],
                languages=form.levels(levels),
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            return _saved(request, values["preferred_language"])
    teams = queries.teams_of(actor.id, today=clock.local_date(now))
    return render(request, "teams/profile.html", {"form": form, "member": actor.member, "teams": list(teams)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """I leave a team of mine, after one question."""
    actor, now = actor_in(request), clock.now()
    row = queries.get_own_membership(team_id, for_=actor, today=clock.local_date(now))
    if request.method == "POST":
        try:
            services.leave_team(by=actor, now=now, membership=row)
        except UnableTo as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("You have left the team. Thank you for everything."))
        return redirect("teams:profile")
    return render(request, "teams/leave.html", {"row": row})


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    """Back to the page, which now speaks the chosen language."""
    with override(language):
        messages.success(request, _("Saved."))
    response = redirect("teams:profile")
    response.set_cookie("lang", language, max_age=_YEAR, samesite="Lax", httponly=True)
    return response


@public
@sensitive_post_parameters()
def first_password(request: HttpRequest, member_id: UUID, token: str) -> HttpResponse:
    """The page behind a sign-in link: choose a password, then sign in."""
    try:
        member = services.member_of_link(member_id, token)
    except UnableTo as error:
        return _never_stored(render(request, "teams/spent_link.html", {"reason": str(error)}, status=404))
    form = FirstPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_first_password(
                now=clock.now(), member_id=member_id, token=token, password=form.cleaned_data["password"]
            )
        except services.UnableToSetPassword as error:
            for reason in error.reasons or (str(error),):
                form.add_error("password", reason)
        else:
            messages.success(request, _("Your password is set. Log in with it now."))
            return redirect("account_login")
    return _never_stored(render(request, "teams/first_password.html", {"form": form, "member": member}))


def _never_stored(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
