"""Everything that writes visits, one module a use case."""

from nhipcau.visits.rules import NewVisit as NewVisit
from nhipcau.visits.rules import UnableToMoveVisit as UnableToMoveVisit
from nhipcau.visits.rules import UnableToPlanVisit as UnableToPlanVisit
from nhipcau.visits.rules import UnableToReadResult as UnableToReadResult
from nhipcau.visits.rules import VisitChange as VisitChange
from nhipcau.visits.rules import VisitResult as VisitResult
from nhipcau.visits.rules import states_page as states_page
from nhipcau.visits.services.forgetting import forget_cases as forget_cases
from nhipcau.visits.services.forgetting import forget_due as forget_due
from nhipcau.visits.services.planning import UnableToChangeVisit as UnableToChangeVisit
from nhipcau.visits.services.planning import UnableToPlanTwice as UnableToPlanTwice
from nhipcau.visits.services.planning import cancel_visit as cancel_visit
from nhipcau.visits.services.planning import change_visit as change_visit
from nhipcau.visits.services.planning import plan_visit as plan_visit
from nhipcau.visits.services.results import RecordedResult as RecordedResult
from nhipcau.visits.services.results import UnableToRecordResult as UnableToRecordResult
from nhipcau.visits.services.results import record_result as record_result
from nhipcau.visits.services.results import replace_result as replace_result
from nhipcau.visits.services.steps import UnableToSendVisitor as UnableToSendVisitor
