"""Reading of the room: need against cover, requests and offers, candidates."""

from nhipcau.reinforcement.queries.candidates import candidate as candidate
from nhipcau.reinforcement.queries.candidates import candidates as candidates
from nhipcau.reinforcement.queries.cover import Cover as Cover
from nhipcau.reinforcement.queries.cover import cover_of_nation as cover_of_nation
from nhipcau.reinforcement.queries.cover import cover_of_province as cover_of_province
from nhipcau.reinforcement.queries.cover import province_cover as province_cover
from nhipcau.reinforcement.queries.cover import short_shifts as short_shifts
from nhipcau.reinforcement.queries.cover import short_shifts_of_team as short_shifts_of_team
from nhipcau.reinforcement.queries.cover import whole as whole
from nhipcau.reinforcement.queries.requests import agreed_members as agreed_members
from nhipcau.reinforcement.queries.requests import can_answer_for as can_answer_for
from nhipcau.reinforcement.queries.requests import get_offer as get_offer
from nhipcau.reinforcement.queries.requests import get_own_place as get_own_place
from nhipcau.reinforcement.queries.requests import get_request as get_request
from nhipcau.reinforcement.queries.requests import offers_of as offers_of
from nhipcau.reinforcement.queries.requests import offers_to_answer as offers_to_answer
from nhipcau.reinforcement.queries.requests import people_of as people_of
from nhipcau.reinforcement.queries.requests import request_list as request_list
from nhipcau.reinforcement.queries.requests import senders_for as senders_for
from nhipcau.reinforcement.queries.requests import shifts_of as shifts_of
from nhipcau.reinforcement.queries.requests import speakers_for as speakers_for
from nhipcau.reinforcement.queries.requests import teams_to_ask_for as teams_to_ask_for
from nhipcau.reinforcement.queries.requests import waiting_for as waiting_for
