"""Checks what people typed about themselves and others, by subject; choices come from the view."""

from nhipcau.volunteers.forms.grants import ApproveForm as ApproveForm
from nhipcau.volunteers.forms.grants import ClaimForm as ClaimForm
from nhipcau.volunteers.forms.grants import DefinitionForm as DefinitionForm
from nhipcau.volunteers.forms.grants import GiveForm as GiveForm
from nhipcau.volunteers.forms.grants import ReasonForm as ReasonForm
from nhipcau.volunteers.forms.joining import AcceptForm as AcceptForm
from nhipcau.volunteers.forms.joining import ApplyForm as ApplyForm
from nhipcau.volunteers.forms.joining import FileForm as FileForm
from nhipcau.volunteers.forms.people import ClearForm as ClearForm
from nhipcau.volunteers.forms.people import ConsentForm as ConsentForm
from nhipcau.volunteers.forms.people import DaysForm as DaysForm
from nhipcau.volunteers.forms.people import LimitsForm as LimitsForm
from nhipcau.volunteers.forms.people import MinorForm as MinorForm
from nhipcau.volunteers.forms.people import WeekForm as WeekForm
