"""Proposed rosters: asking for them and working them out, changing them by hand, publishing them."""

from nhipcau.roster.rules.proposals import UnableToChangeProposal as UnableToChangeProposal
from nhipcau.roster.rules.proposals import UnableToPropose as UnableToPropose
from nhipcau.roster.services.proposals.asking import discard as discard
from nhipcau.roster.services.proposals.asking import propose as propose
from nhipcau.roster.services.proposals.asking import propose_all as propose_all
from nhipcau.roster.services.proposals.asking import rescue as rescue
from nhipcau.roster.services.proposals.asking import solve_again as solve_again
from nhipcau.roster.services.proposals.asking import stop as stop
from nhipcau.roster.services.proposals.editing import UnableToServe as UnableToServe
from nhipcau.roster.services.proposals.editing import drawn_for as drawn_for
from nhipcau.roster.services.proposals.editing import lock as lock
from nhipcau.roster.services.proposals.editing import move as move
from nhipcau.roster.services.proposals.editing import put_on as put_on
from nhipcau.roster.services.proposals.editing import take_off as take_off
from nhipcau.roster.services.proposals.publishing import Conflict as Conflict
from nhipcau.roster.services.proposals.publishing import UnableToPublish as UnableToPublish
from nhipcau.roster.services.proposals.publishing import base_of as base_of
from nhipcau.roster.services.proposals.publishing import publish as publish
from nhipcau.roster.services.proposals.working import seat_of as seat_of
from nhipcau.roster.services.proposals.working import work_out as work_out
