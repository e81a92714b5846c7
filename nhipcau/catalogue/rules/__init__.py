"""What a record of the national catalogue may claim, and what of it may be shown. Pure."""

from nhipcau.catalogue.rules.records import ABOUT_THE_READING as ABOUT_THE_READING
from nhipcau.catalogue.rules.records import changed_fields as changed_fields
from nhipcau.catalogue.rules.records import is_code as is_code
from nhipcau.catalogue.rules.records import is_signed_decision as is_signed_decision
from nhipcau.catalogue.rules.records import official_page as official_page
from nhipcau.catalogue.rules.records import one_line as one_line
from nhipcau.catalogue.rules.records import printable as printable
from nhipcau.catalogue.rules.records import standing_of as standing_of
from nhipcau.catalogue.rules.showing import Channel as Channel
from nhipcau.catalogue.rules.showing import Group as Group
from nhipcau.catalogue.rules.showing import Step as Step
from nhipcau.catalogue.rules.showing import channels_of as channels_of
from nhipcau.catalogue.rules.showing import groups_of as groups_of
from nhipcau.catalogue.rules.showing import history_of as history_of
from nhipcau.catalogue.rules.showing import read_on as read_on
