"""Tables of the room, by what they are about."""

from nhipcau.roster.models.posts import Closure, Post, PostNeed, PostRule, TeamRoster, VisitorCount
from nhipcau.roster.models.proposals import Proposal, ProposedDuty
from nhipcau.roster.models.shifts import Shift, ShiftNeed
from nhipcau.roster.models.signups import Ask, SignUp, SignUpStep, Waiting

__all__ = [
    "Ask",
    "Closure",
    "Post",
    "PostNeed",
    "PostRule",
    "Proposal",
    "ProposedDuty",
    "Shift",
    "ShiftNeed",
    "SignUp",
    "SignUpStep",
    "TeamRoster",
    "VisitorCount",
    "Waiting",
]
