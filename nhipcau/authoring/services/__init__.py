"""Everything that writes drafts: their words, the second reader's answer, publishing and taking back."""

from nhipcau.authoring.rules.states import UnableToCheck as UnableToCheck
from nhipcau.authoring.rules.states import UnableToEdit as UnableToEdit
from nhipcau.authoring.rules.states import UnableToFinish as UnableToFinish
from nhipcau.authoring.rules.states import states_page as states_page
from nhipcau.authoring.services.checking import approve_draft as approve_draft
from nhipcau.authoring.services.checking import confirm_guide as confirm_guide
from nhipcau.authoring.services.checking import send_back as send_back
from nhipcau.authoring.services.editing import UnableToSaveOver as UnableToSaveOver
from nhipcau.authoring.services.editing import arrange_entry as arrange_entry
from nhipcau.authoring.services.editing import save_entry as save_entry
from nhipcau.authoring.services.editing import set_rule as set_rule
from nhipcau.authoring.services.finishing import discard_draft as discard_draft
from nhipcau.authoring.services.finishing import publish_draft as publish_draft
from nhipcau.authoring.services.finishing import withdraw_guide as withdraw_guide
from nhipcau.authoring.services.starting import UnableToStart as UnableToStart
from nhipcau.authoring.services.starting import start_draft as start_draft
from nhipcau.authoring.services.starting import start_guide as start_guide
