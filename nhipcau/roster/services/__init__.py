"""Proposed rosters: asking for them and working them out, changing them by hand, publishing them."""

from nhipcau.roster.rules.proposals import UnableToChangeProposal as UnableToChangeProposal
from nhipcau.roster.rules.proposals import UnableToPropose as UnableToPropose
from nhipcau.roster.rules.proposals import proposal_states_page as proposal_states_page
from nhipcau.roster.services.asking import discard as discard
from nhipcau.roster.services.asking import propose as propose
from nhipcau.roster.services.asking import propose_all as propose_all
from nhipcau.roster.services.asking import rescue as rescue
from nhipcau.roster.services.asking import solve_again as solve_again
from nhipcau.roster.services.asking import stop as stop
from nhipcau.roster.services.editing import UnableToServe as UnableToServe
from nhipcau.roster.services.editing import drawn_for as drawn_for
from nhipcau.roster.services.editing import lock as lock
from nhipcau.roster.services.editing import move as move
from nhipcau.roster.services.editing import put_on as put_on
from nhipcau.roster.services.editing import take_off as take_off
from nhipcau.roster.services.publishing import Conflict as Conflict
from nhipcau.roster.services.publishing import UnableToPublish as UnableToPublish
from nhipcau.roster.services.publishing import base_of as base_of
from nhipcau.roster.services.publishing import publish as publish
from nhipcau.roster.services.publishing import still_to_come as still_to_come
from nhipcau.roster.services.together import ask_to_publish as ask_to_publish
from nhipcau.roster.services.together import publish_asked as publish_asked
from nhipcau.roster.services.working import seat_of as seat_of
from nhipcau.roster.services.working import work_out as work_out
