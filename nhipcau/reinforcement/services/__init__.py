"""Everything that writes in the room: asking, offering, answering, putting on shifts, closing."""

from nhipcau.reinforcement.rules.candidates import UnableToOffer as UnableToOffer
from nhipcau.reinforcement.rules.states import UnableToAsk as UnableToAsk
from nhipcau.reinforcement.rules.states import UnableToMove as UnableToMove
from nhipcau.reinforcement.rules.states import states_page as states_page
from nhipcau.reinforcement.services.answering import UnableToAnswer as UnableToAnswer
from nhipcau.reinforcement.services.answering import answer_for_oneself as answer_for_oneself
from nhipcau.reinforcement.services.answering import answer_for_team as answer_for_team
from nhipcau.reinforcement.services.answering import show_telephones as show_telephones
from nhipcau.reinforcement.services.asking import NewRequest as NewRequest
from nhipcau.reinforcement.services.asking import ask_for_help as ask_for_help
from nhipcau.reinforcement.services.asking import decline_request as decline_request
from nhipcau.reinforcement.services.asking import withdraw_request as withdraw_request
from nhipcau.reinforcement.services.closing import close_past_requests as close_past_requests
from nhipcau.reinforcement.services.offering import offer_people as offer_people
from nhipcau.reinforcement.services.offering import withdraw_offer as withdraw_offer
from nhipcau.reinforcement.services.sending import Refused as Refused
from nhipcau.reinforcement.services.sending import UnableToSend as UnableToSend
from nhipcau.reinforcement.services.sending import put_on_shifts as put_on_shifts
