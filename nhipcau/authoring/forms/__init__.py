"""Checks what officials typed: an entry of a guide, a condition, dates, notes."""

from nhipcau.authoring.forms.condition import ConditionForm as ConditionForm
from nhipcau.authoring.forms.entry import EntryForm as EntryForm
from nhipcau.authoring.forms.flow import CheckForm as CheckForm
from nhipcau.authoring.forms.flow import NewGuideForm as NewGuideForm
from nhipcau.authoring.forms.flow import NoteForm as NoteForm
from nhipcau.authoring.forms.flow import PublishForm as PublishForm
from nhipcau.authoring.forms.recording import RecordingForm as RecordingForm
