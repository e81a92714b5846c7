"""Reading what members can do and when, by subject; the plain values other rooms decide by."""

from nhipcau.volunteers.queries.availability import availability as availability
from nhipcau.volunteers.queries.availability import default_limits as default_limits
from nhipcau.volunteers.queries.availability import limits as limits
from nhipcau.volunteers.queries.people import consent_of as consent_of
from nhipcau.volunteers.queries.people import get_person as get_person
from nhipcau.volunteers.queries.people import people_visible_to as people_visible_to
from nhipcau.volunteers.queries.people import places_of as places_of
from nhipcau.volunteers.queries.people import profile_of as profile_of
from nhipcau.volunteers.queries.qualifications import edges as edges
from nhipcau.volunteers.queries.qualifications import qualified as qualified
from nhipcau.volunteers.queries.qualifications import qualified_on as qualified_on
from nhipcau.volunteers.queries.standing import standing as standing
from nhipcau.volunteers.queries.standing import standings as standings
from nhipcau.volunteers.rules import Availability as Availability
from nhipcau.volunteers.rules import Limits as Limits
from nhipcau.volunteers.rules import Qualified as Qualified
from nhipcau.volunteers.rules import Standing as Standing
from nhipcau.volunteers.rules import parts_of as parts_of
