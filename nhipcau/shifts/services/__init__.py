"""Everything that changes posts and shifts, by use case; and the rules other rooms share."""

from nhipcau.shifts.rules.calendar import MOST_DAYS as MOST_DAYS
from nhipcau.shifts.rules.calendar import Dated as Dated
from nhipcau.shifts.rules.calendar import closure_on as closure_on
from nhipcau.shifts.rules.calendar import holidays_between as holidays_between
from nhipcau.shifts.rules.calendar import span as span
from nhipcau.shifts.rules.calendar import worked_in_lieu as worked_in_lieu
from nhipcau.shifts.rules.editing import check_edit_roster as check_edit_roster
from nhipcau.shifts.rules.needs import LONGEST_TITLE as LONGEST_TITLE
from nhipcau.shifts.rules.needs import MOST_NEEDS as MOST_NEEDS
from nhipcau.shifts.rules.needs import NeedSpec as NeedSpec
from nhipcau.shifts.rules.needs import RuleSpec as RuleSpec
from nhipcau.shifts.rules.needs import UnableToSetNeeds as UnableToSetNeeds
from nhipcau.shifts.rules.needs import check_needs as check_needs
from nhipcau.shifts.rules.needs import cover_of as cover_of
from nhipcau.shifts.rules.needs import cover_of_all as cover_of_all
