"""Tables of the room, by what they are about."""

from nhipcau.shifts.models.posts import Closure as Closure
from nhipcau.shifts.models.posts import Post as Post
from nhipcau.shifts.models.posts import PostNeed as PostNeed
from nhipcau.shifts.models.posts import PostRule as PostRule
from nhipcau.shifts.models.posts import Seats as Seats
from nhipcau.shifts.models.posts import TeamRoster as TeamRoster
from nhipcau.shifts.models.shifts import Shift as Shift
from nhipcau.shifts.models.shifts import ShiftNeed as ShiftNeed
