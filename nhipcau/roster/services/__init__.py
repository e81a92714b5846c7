"""Everything that changes posts, shifts, sign-ups and proposals, by use case; each one transaction."""

from nhipcau.roster.rules.states import Mover as Mover
from nhipcau.roster.rules.states import UnableToMoveSignUp as UnableToMoveSignUp
from nhipcau.roster.rules.states import states_page as states_page
from nhipcau.roster.services.seats import UnableToBeInTwoPlaces as UnableToBeInTwoPlaces
from nhipcau.roster.services.seats import UnableToSignUpTwice as UnableToSignUpTwice
from nhipcau.roster.services.seats import UnableToTakeSeat as UnableToTakeSeat
from nhipcau.roster.services.signing import UnableToNoteSignUp as UnableToNoteSignUp
from nhipcau.roster.services.signing import UnableToSignUp as UnableToSignUp
from nhipcau.roster.services.signing import cancel as cancel
from nhipcau.roster.services.signing import confirm as confirm
from nhipcau.roster.services.signing import join as join
from nhipcau.roster.services.signing import move as move
from nhipcau.roster.services.signing import promise as promise
from nhipcau.roster.services.signing import put_on as put_on
from nhipcau.roster.services.waiting import UnableToAnswerOffer as UnableToAnswerOffer
from nhipcau.roster.services.waiting import UnableToWait as UnableToWait
from nhipcau.roster.services.waiting import accept_offer as accept_offer
from nhipcau.roster.services.waiting import join_line as join_line
from nhipcau.roster.services.waiting import leave_line as leave_line
from nhipcau.roster.services.waiting import move_lines_on as move_lines_on
from nhipcau.roster.services.waiting import offer_places as offer_places
from nhipcau.roster.services.waiting import pass_offer as pass_offer
