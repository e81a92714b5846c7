"""Everything that changes members, teams and grants. Each function is one use case and one transaction."""

from nhipcau.teams.services.bulk import NewMember, NewTeam, add_members_in_bulk, add_teams_in_bulk
from nhipcau.teams.services.grants import end_grant, grant_role
from nhipcau.teams.services.members import (
    UnableToSetPassword,
    close_account,
    edit_member,
    end_old_sessions,
    forget_former_members,
    make_sign_in_link,
    member_of_link,
    phone_index,
    register_member,
    set_first_password,
    set_profile,
)
from nhipcau.teams.services.teams import (
    add_to_team,
    edit_team,
    end_membership,
    leave_team,
    make_team,
    register_in_team,
    set_team_role,
    start_campaign,
)

__all__ = [
    "NewMember",
    "NewTeam",
    "UnableToSetPassword",
    "add_members_in_bulk",
    "add_teams_in_bulk",
    "add_to_team",
    "close_account",
    "edit_member",
    "edit_team",
    "end_grant",
    "end_membership",
    "end_old_sessions",
    "forget_former_members",
    "grant_role",
    "leave_team",
    "make_sign_in_link",
    "make_team",
    "member_of_link",
    "phone_index",
    "register_in_team",
    "register_member",
    "set_first_password",
    "set_profile",
    "set_team_role",
    "start_campaign",
]
