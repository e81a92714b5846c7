"""Everything that changes posts, shifts, sign-ups and proposals, by use case; each one transaction."""

from nhipcau.staffing.services.changing import call_off as call_off
from nhipcau.staffing.services.closures import end_post as end_post
from nhipcau.staffing.services.reminding import gather_for_leaders as gather_for_leaders
from nhipcau.staffing.services.reminding import send_reminders as send_reminders
from nhipcau.staffing.services.reminding import warn_leaders as warn_leaders
