"""Everything that writes the library: guides that ship as files, and guides published here."""

from nhipcau.procedures.services.files import Loaded as Loaded
from nhipcau.procedures.services.files import UnableToLoadGuides as UnableToLoadGuides
from nhipcau.procedures.services.files import load_guides as load_guides
from nhipcau.procedures.services.publishing import UnableToPublish as UnableToPublish
from nhipcau.procedures.services.publishing import check_guide as check_guide
from nhipcau.procedures.services.publishing import confirm_version as confirm_version
from nhipcau.procedures.services.publishing import publish_version as publish_version
from nhipcau.procedures.services.publishing import remarks_on as remarks_on
from nhipcau.procedures.services.publishing import withdraw_version as withdraw_version
from nhipcau.procedures.services.recordings import UnableToKeepRecording as UnableToKeepRecording
from nhipcau.procedures.services.recordings import add_recording as add_recording
from nhipcau.procedures.services.recordings import approve_recording as approve_recording
from nhipcau.procedures.services.recordings import withdraw_recording as withdraw_recording
