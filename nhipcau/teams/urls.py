"""Addresses of the teams room, under `/teams/`."""

from django.urls import path

from nhipcau.teams.views import campaigns, members, profile, roles, teams

app_name = "teams"

urlpatterns = [
    path("", teams.team_list, name="teams"),
    path("new/", teams.new_team, name="new_team"),
    path("<uuid:team_id>/", teams.team, name="team"),
    path("<uuid:team_id>/edit/", teams.edit_team, name="edit_team"),
    path("<uuid:team_id>/leave/", profile.leave, name="leave"),
    path("<uuid:team_id>/add/", teams.add_member, name="add_member"),
    path("<uuid:team_id>/members/<uuid:membership_id>/", teams.membership, name="membership"),
    path("<uuid:team_id>/members/<uuid:membership_id>/end/", teams.end_membership, name="end_membership"),
    path("members/", members.member_list, name="members"),
    path("members/new/", members.new_member, name="new_member"),
    path("members/<uuid:member_id>/", members.member, name="member"),
    path("members/<uuid:member_id>/edit/", members.edit_member, name="edit_member"),
    path("members/<uuid:member_id>/link/", members.sign_in_link, name="sign_in_link"),
    path("members/<uuid:member_id>/close/", members.close_account, name="close_account"),
    path("members/<uuid:member_id>/roles/new/", roles.give_role, name="give_role"),
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/<uuid:grant_id>/end/", roles.end_role, name="end_role"),
    path("profile/", profile.profile, name="profile"),
    path("start/<uuid:member_id>/<str:token>/", profile.first_password, name="first_password"),
]
