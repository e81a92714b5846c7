"""Everything that writes in the room: classes are planned, changed, closed; who came is counted."""

from nhipcau.learning.rules import NewAttendee as NewAttendee
from nhipcau.learning.rules import NewClass as NewClass
from nhipcau.learning.rules import UnableToAdd as UnableToAdd
from nhipcau.learning.rules import UnableToAddBefore as UnableToAddBefore
from nhipcau.learning.rules import UnableToAddMore as UnableToAddMore
from nhipcau.learning.rules import UnableToAddToCancelled as UnableToAddToCancelled
from nhipcau.learning.rules import UnableToMove as UnableToMove
from nhipcau.learning.rules import UnableToPlan as UnableToPlan
from nhipcau.learning.rules import states_page as states_page
from nhipcau.learning.services.attendees import Added as Added
from nhipcau.learning.services.attendees import UnableToAddTwice as UnableToAddTwice
from nhipcau.learning.services.attendees import UnableToRemove as UnableToRemove
from nhipcau.learning.services.attendees import add_attendees as add_attendees
from nhipcau.learning.services.attendees import correct_attendee as correct_attendee
from nhipcau.learning.services.attendees import remove_attendee as remove_attendee
from nhipcau.learning.services.classes import UnableToBeInTwoPlaces as UnableToBeInTwoPlaces
from nhipcau.learning.services.classes import UnableToCancel as UnableToCancel
from nhipcau.learning.services.classes import UnableToChange as UnableToChange
from nhipcau.learning.services.classes import UnableToPlanTwice as UnableToPlanTwice
from nhipcau.learning.services.classes import cancel_class as cancel_class
from nhipcau.learning.services.classes import change_class as change_class
from nhipcau.learning.services.classes import close_class as close_class
from nhipcau.learning.services.classes import plan_class as plan_class
