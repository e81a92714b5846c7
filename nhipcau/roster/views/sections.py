"""The sections that this room adds to the pages of a team."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from nhipcau.roster.views import EDIT
from nhipcau.teams.access import actor_in
from nhipcau.teams.models import Team

# Addresses that belong to one section.
_VISITORS = {"visitors", "counts", "import_counts", "demand"}


def team_sections(request: HttpRequest, team: Team) -> str:
    """Links to proposed rosters and to visitors, for those who run the team's roster."""
    match = request.resolver_match
    ours = match is not None and match.namespace == "roster"
    name = match.url_name if match is not None and ours else ""
    reach = actor_in(request).scope(EDIT)
    here = "" if not ours else "visitors" if name in _VISITORS else "proposals"
    may_edit = reach.covers(commune=team.commune_id, province=team.commune.parent_id or "")
    return render_to_string("roster/team_sections.html", {"team": team, "here": here, "may_edit": may_edit})


def team_list(request: HttpRequest, _page: object) -> str:
    """Under the list of teams: rosters for all of them at once, for those who run rosters."""
    may = actor_in(request).may(EDIT)
    return render_to_string("roster/team_list.html", {"may_propose": may})
