"""Ways from the pages of lower rooms to those of this one: from a shift, a post, a member, a profile."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from nhipcau.core import clock
from nhipcau.shifts.models import Post, Shift
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member


def shift_panel(request: HttpRequest, shift: Shift) -> str:
    """On a shift's page, for who marks attendance there: the sheet and the code."""
    if not _marks(request, shift.commune_id, shift.commune.parent_id):
        return ""
    context = {"shift": shift, "has_begun": shift.starts_at <= clock.now()}
    return render_to_string("attendance/shift_panel.html", context, request=request)


def post_panel(request: HttpRequest, post: Post) -> str:
    """On a post's page, for who marks attendance there: its screens and its calendar."""
    if not _marks(request, post.commune_id, post.commune.parent_id):
        return ""
    return render_to_string("attendance/post_panel.html", {"post": post}, request=request)


def member_panel(request: HttpRequest, member: Member) -> str:
    """On a member's page, for who approves their hours."""
    home = member.commune
    scope = actor_in(request).scope(Permission.ATTENDANCE_APPROVE)
    if home is None or not scope.covers(commune=home.code, province=home.parent_id or ""):
        return ""
    return render_to_string("attendance/member_panel.html", {"member": member}, request=request)


def profile_panel(request: HttpRequest, member: Member) -> str:
    """On one's own profile: the way to one's hours, certificates and calendar."""
    return render_to_string("attendance/profile_panel.html", {}, request=request)


def _marks(request: HttpRequest, commune: str, province: str | None) -> bool:
    return (
        actor_in(request).scope(Permission.ATTENDANCE_MARK).covers(commune=commune, province=province or "")
    )
