"""Pages of members: the list, one member, their account."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nhipcau.core import clock
from nhipcau.core.documents import qr_svg
from nhipcau.core.doors import requires, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.teams import queries, services
from nhipcau.teams.access import MemberActor, actor_in
from nhipcau.teams.enums import LanguageLevel, Permission
from nhipcau.teams.forms import MemberEditForm, MemberForm, SearchForm
from nhipcau.teams.models import Member, Team
from nhipcau.teams.rules import can_edit_place, can_end_grant, can_manage_account
from nhipcau.teams.views.choices import places_to_offer

ROWS = 30


def _editable(actor: MemberActor, member: Member) -> bool:
    unit = member.commune
    return can_edit_place(
        actor, commune=unit.code if unit else "", province=(unit.parent_id or "") if unit else ""
    )


@requires(Permission.TEAMS_VIEW)
def member_list(request: HttpRequest) -> HttpResponse:
    """Members of my places."""
    actor = actor_in(request)
    text = SearchForm(request.GET).text
    rows = queries.member_list(actor, today=clock.local_date(clock.now()), text=text)
    context = {
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "text": text,
        "may_edit": actor.may(Permission.TEAMS_EDIT),
    }
    return render(request, "teams/members.html", context)


@requires(Permission.TEAMS_EDIT)
def new_member(request: HttpRequest) -> HttpResponse:
    """A new member; the role comes next, then the sign-in link."""
    actor, now = actor_in(request), clock.now()
    team = _team_of(request)
    choices = places_to_offer(request, Permission.TEAMS_EDIT)
    whole_country = actor.scope(Permission.TEAMS_EDIT).nation
    initial = {"commune": choices.communes[0].code} if len(choices.communes) == 1 else {}
    form = MemberForm(
        request.POST or None, initial=initial, communes=choices.communes, may_be_empty=whole_country
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = services.register_in_team(
                by=actor,
                now=now,
                team=team,
                username=values["username"] or queries.free_username(values["name"]),
                name=values["name"],
                commune=values["commune"],
                phone=values["phone"],
                languages=dict.fromkeys(values["languages"], LanguageLevel.GOOD.value),
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(name)s is registered.") % {"name": made.name})
            return redirect("teams:give_role", made.pk)
    return render(request, "teams/new_member.html", {"form": form, "choices": choices, "team": team})


def _team_of(request: HttpRequest) -> Team | None:
    """The team from whose page somebody is registered, if it was from one."""
    chosen = request.GET.get("team", "")
    if not chosen:
        return None
    try:
        team_id = UUID(chosen)
    except ValueError as error:
        raise Http404 from error
    today = clock.local_date(clock.now())
    return queries.get_team(team_id, for_=actor_in(request), today=today, permission=Permission.TEAMS_EDIT)


@signed_in
def member(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """One member: teams, languages, roles, and what I may do about them."""
    actor, now = actor_in(request), clock.now()
    today = clock.local_date(now)
    found = queries.get_member(member_id, for_=actor, today=today)
    roles = queries.roles_of(found, now=now)
    reach = actor.scope(Permission.TEAMS_VIEW)
    own, editable = found.pk == actor.id, _editable(actor, found)
    manageable = can_manage_account(actor, member=found, held=[role.holding for role in roles])
    context = {
        "member": found,
        "own": own,
        "teams": [
            (row, own or reach.covers(commune=row.team.commune_id, province=row.team.commune.parent_id or ""))
            for row in queries.memberships_of(found, today=today)
        ],
        "may_view": bool(reach),
        "spoken": found.languages.order_by("language"),
        "roles": [(role, can_end_grant(actor, grant=role.grant, province=role.province)) for role in roles],
        "may_edit": editable and not own,
        "may_see_phone": editable or own,
        "may_manage": editable and manageable and found.is_active,
        "may_grant": actor.may(Permission.TEAMS_GRANT) and not own and found.is_active,
    }
    return render(request, "teams/member.html", context)


@requires(Permission.TEAMS_EDIT)
def edit_member(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Name, phone and home of a member."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_member(
        member_id, for_=actor, today=clock.local_date(now), permission=Permission.TEAMS_EDIT
    )
    choices = places_to_offer(request, Permission.TEAMS_EDIT)
    communes = list(choices.communes)
    if found.commune and found.commune.code not in {place.code for place in communes}:
        communes.insert(0, queries.place_of(found.commune))
    whole_country = actor.scope(Permission.TEAMS_EDIT).nation
    form = MemberEditForm(
        request.POST or None,
        initial={"name": found.name, "phone": found.phone, "commune": found.commune_id or ""},
        communes=communes,
        may_be_empty=whole_country,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_member(by=actor, now=now, member=found, **form.cleaned_data)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("teams:member", member_id)
    return render(
        request, "teams/edit_member.html", {"form": form, "member_id": member_id, "choices": choices}
    )


@requires(Permission.TEAMS_EDIT)
def sign_in_link(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """The link with which a member sets a password. It is shown in one answer and kept nowhere."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_member(
        member_id, for_=actor, today=clock.local_date(now), permission=Permission.TEAMS_EDIT
    )
    if request.method != "POST":
        return render(request, "teams/sign_in_link.html", {"member": found})
    try:
        token = services.make_sign_in_link(by=actor, now=now, member=found)
    except UnableTo as error:
        messages.error(request, str(error))
        return redirect("teams:member", member_id)
    address = settings.SITE_URL + reverse("teams:first_password", args=[found.pk, token])
    context = {"member": found, "address": address, "svg": SafeString(qr_svg(address))}
    return render(request, "teams/sign_in_link.html", context)


@requires(Permission.TEAMS_EDIT)
def close_account(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """A member leaves the programme, after one question."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_member(
        member_id, for_=actor, today=clock.local_date(now), permission=Permission.TEAMS_EDIT
    )
    if request.method == "POST":
        try:
            services.close_account(by=actor, now=now, member=found)
        except UnableTo as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The account is closed."))
        return redirect("teams:member", member_id)
    return render(request, "teams/close_account.html", {"member": found})
