"""Pages of teams: the list, one team, who is in it."""

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
from nhipcau.teams.enums import Permission, TeamKind, TeamRole
from nhipcau.teams.forms import FilterForm, JoinForm, PartForm, SearchForm, TeamEditForm, TeamForm
from nhipcau.teams.models import Team
from nhipcau.teams.rules import can_edit_place
from nhipcau.teams.views.choices import places_to_offer

ROWS = 30


def _editable(request: HttpRequest, team: Team) -> bool:
    return can_edit_place(actor_in(request), commune=team.commune_id, province=team.commune.parent_id or "")


@requires(Permission.TEAMS_VIEW)
def team_list(request: HttpRequest) -> HttpResponse:
    """Teams of my places."""
    form = FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"q": "", "kind": ""}
    actor, today = actor_in(request), clock.local_date(clock.now())
    rows = queries.team_list(actor, today=today, text=chosen["q"].strip(), kind=chosen["kind"])
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "narrowed": bool(chosen["q"] or chosen["kind"]),
        "may_edit": actor.may(Permission.TEAMS_EDIT),
        "may_grant": actor.may(Permission.TEAMS_GRANT),
    }
    return render(request, "teams/teams.html", context)


@requires(Permission.TEAMS_EDIT)
def new_team(request: HttpRequest) -> HttpResponse:
    """A new team in one of my communes."""
    choices = places_to_offer(request, Permission.TEAMS_EDIT)
    initial = {"kind": TeamKind.COMMUNE.value}
    if len(choices.communes) == 1:
        initial["commune"] = choices.communes[0].code
    form = TeamForm(request.POST or None, initial=initial, communes=choices.communes)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = services.make_team(
                by=actor_in(request),
                now=clock.now(),
                name=values["name"],
                commune=values["commune"],
                kind=TeamKind(values["kind"]),
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The team is ready. Now add its members."))
            return redirect("teams:team", made.pk)
    return render(request, "teams/new_team.html", {"form": form, "choices": choices})


@signed_in
def team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """One team: who leads it, who is in it, what they can do."""
    today = clock.local_date(clock.now())
    found = queries.get_team(team_id, for_=actor_in(request), today=today)
    rows = list(queries.team_members(found, today=today))
    reach = actor_in(request).scope(Permission.TEAMS_VIEW)
    context = {
        "team": found,
        "rows": rows,
        "leader": next((row.member for row in rows if row.role == TeamRole.LEADER), None),
        "ended": found.ends_on is not None and found.ends_on <= today,
        "may_edit": _editable(request, found),
        "may_view": reach.covers(commune=found.commune_id, province=found.commune.parent_id or ""),
    }
    return render(request, "teams/team.html", context)


@requires(Permission.TEAMS_EDIT)
def edit_team(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Name, kind and end of a team."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_team(
        team_id, for_=actor, today=clock.local_date(now), permission=Permission.TEAMS_EDIT
    )
    campaigns = list(queries.campaigns_for(found.commune, today=clock.local_date(now)))
    as_it_is = {key: getattr(found, key) for key in ("name", "kind", "ends_on")}
    form = TeamEditForm(
        request.POST or None,
        initial=as_it_is | {"campaign": str(found.campaign_id or "")},
        campaigns=campaigns,
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.edit_team(
                by=actor,
                now=now,
                team=found,
                name=values["name"],
                kind=TeamKind(values["kind"]),
                ends_on=values["ends_on"],
                campaign=next((one for one in campaigns if str(one.pk) == values["campaign"]), None),
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("teams:team", team_id)
    return render(request, "teams/edit_team.html", {"form": form, "team_id": team_id})


@requires(Permission.TEAMS_EDIT)
def add_member(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """Somebody who has an account joins the team."""
    actor, now = actor_in(request), clock.now()
    today = clock.local_date(now)
    found = queries.get_team(team_id, for_=actor, today=today, permission=Permission.TEAMS_EDIT)
    text = SearchForm(request.GET).text
    candidates = queries.members_to_add(actor, found, today=today, text=text)
    page = Paginator(candidates, ROWS).get_page(request.GET.get("page"))
    form = JoinForm(request.POST or None, candidates=page.object_list)
    if request.method == "POST" and form.is_valid():
        joining = next(one for one in page.object_list if str(one.pk) == form.cleaned_data["member"])
        try:
            services.add_to_team(
                by=actor, now=now, team=found, member=joining, role=TeamRole(form.cleaned_data["role"])
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(name)s is in the team.") % {"name": joining.name})
            return redirect("teams:team", team_id)
    context = {"form": form, "team": found, "page": page, "text": text}
    return render(request, "teams/add_member.html", context)


@requires(Permission.TEAMS_EDIT)
def membership(request: HttpRequest, team_id: UUID, membership_id: UUID) -> HttpResponse:
    """A member's part in the team."""
    actor, now = actor_in(request), clock.now()
    today = clock.local_date(now)
    found = queries.get_team(team_id, for_=actor, today=today, permission=Permission.TEAMS_EDIT)
    row = queries.get_membership(membership_id, team=found, today=today)
    form = PartForm(request.POST or None, initial={"role": row.role})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_team_role(
                by=actor, now=now, membership=row, role=TeamRole(form.cleaned_data["role"])
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("teams:team", team_id)
    return render(request, "teams/membership.html", {"form": form, "row": row, "team": found})


@requires(Permission.TEAMS_EDIT)
def end_membership(request: HttpRequest, team_id: UUID, membership_id: UUID) -> HttpResponse:
    """A member leaves the team, after one question."""
    actor, now = actor_in(request), clock.now()
    today = clock.local_date(now)
    found = queries.get_team(team_id, for_=actor, today=today, permission=Permission.TEAMS_EDIT)
    row = queries.get_membership(membership_id, team=found, today=today)
    if request.method == "POST":
        try:
            services.end_membership(by=actor, now=now, membership=row)
        except UnableTo as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("%(name)s has left the team.") % {"name": row.member.name})
        return redirect("teams:team", team_id)
    return render(request, "teams/end_membership.html", {"row": row, "team": found})
