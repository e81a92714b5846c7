"""Checks what was typed, by subject: the reception, the pages of a case, its papers."""

from nhipcau.cases.forms.cases import AssignForm as AssignForm
from nhipcau.cases.forms.cases import DossierForm as DossierForm
from nhipcau.cases.forms.cases import DueForm as DueForm
from nhipcau.cases.forms.cases import FollowForm as FollowForm
from nhipcau.cases.forms.cases import MoveForm as MoveForm
from nhipcau.cases.forms.cases import NewCaseForm as NewCaseForm
from nhipcau.cases.forms.cases import NoteForm as NoteForm
from nhipcau.cases.forms.cases import RateForm as RateForm
from nhipcau.cases.forms.papers import PapersForm as PapersForm
from nhipcau.cases.forms.reception import ReceptionForm as ReceptionForm
from nhipcau.cases.forms.reception import parse_day as parse_day
