"""Pages of roles: who holds one on a place, giving and ending."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from nhipcau.core import clock
from nhipcau.core.doors import requires, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.teams import queries, services
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission, Role
from nhipcau.teams.forms import RoleForm
from nhipcau.teams.rules import APPOINTS, UnableToGrant, can_end_grant, check_end_grant
from nhipcau.teams.views.choices import places_to_offer

ROWS = 30


@requires(Permission.TEAMS_GRANT)
def role_list(request: HttpRequest) -> HttpResponse:
    """Who holds which role on my places."""
    actor, now = actor_in(request), clock.now()
    chosen = request.GET.get("role", "")
    grants = queries.role_list(actor, now=now, role=chosen if chosen in Role.values else "")
    page = Paginator(grants, ROWS).get_page(request.GET.get("page"))
    rows = [
        (held, can_end_grant(actor, grant=held.grant, province=held.province))
        for held in queries.named(page.object_list)
    ]
    context = {
        "page": page,
        "rows": rows,
        "kinds": [(role.value, role.label, role.value == chosen) for role in Role],
        "chosen": chosen,
    }
    return render(request, "teams/roles.html", context)


@requires(Permission.TEAMS_GRANT)
def give_role(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Gives a member a role on one of my places."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_member(
        member_id, for_=actor, today=clock.local_date(now), permission=Permission.TEAMS_GRANT
    )
    choices = places_to_offer(request, Permission.TEAMS_GRANT)
    may = {role for holding in actor.holdings for role in APPOINTS[holding.role]}
    roles = [role for role in Role if role in may]
    initial = {"place": choices.places[0].code} if len(choices.places) == 1 else {}
    initial |= {"role": roles[0].value} if len(roles) == 1 else {}
    form = RoleForm(
        request.POST or None,
        initial=initial,
        roles=roles,
        places=choices.places,
    )
    could_sign_in = found.has_usable_password()
    if request.method == "POST" and form.is_valid():
        try:
            services.grant_role(
                by=actor,
                now=now,
                member=found,
                role=Role(form.cleaned_data["role"]),
                unit_code=form.cleaned_data["place"],
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The role is given. It works from now on."))
            if found.has_usable_password():
                return redirect("teams:member", member_id)
            if could_sign_in:
                messages.warning(request, _("A higher role begins with a new password. Make them a link."))
            return redirect("teams:sign_in_link", member_id)
    return render(request, "teams/give_role.html", {"form": form, "member": found, "choices": choices})


@signed_in
def end_role(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Ends a role, after one question. Everyone may lay down their own."""
    actor, now = actor_in(request), clock.now()
    grant = queries.get_grant(grant_id, for_=actor, now=now)
    held = queries.named([grant])[0]
    try:
        check_end_grant(actor, grant=grant, province=held.province)
        if request.method == "POST":
            services.end_grant(by=actor, now=now, grant_id=grant_id)
    except UnableToGrant as error:
        messages.error(request, str(error))
        return redirect("teams:member", grant.member_id)
    if request.method != "POST":
        return render(request, "teams/end_role.html", {"held": held, "member": grant.member})
    messages.success(request, _("The role has ended."))
    return redirect("teams:member", grant.member_id)
