"""What this room shows on the pages of lower rooms."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Team


def team_panel(request: HttpRequest, team: Team) -> str:
    """On a team's page: the way to its roster, for those who may see it."""
    scope = actor_in(request).scope(Permission.ROSTER_VIEW)
    if not scope.covers(commune=team.commune_id, province=team.commune.parent_id or ""):
        return ""
    return render_to_string("staffing/team_panel.html", {"team": team}, request=request)
