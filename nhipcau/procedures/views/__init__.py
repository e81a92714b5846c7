"""Pages of the guides: find, read, answer, take the list away."""

from nhipcau.procedures.views.checklist import checklist_page, checklist_pdf
from nhipcau.procedures.views.guides import guide_page, search_page
from nhipcau.procedures.views.kiosk import kiosk_page
from nhipcau.procedures.views.national import record_panel
from nhipcau.procedures.views.papers import papers_page
from nhipcau.procedures.views.poster import poster_pdf
from nhipcau.procedures.views.questions import question_page
from nhipcau.procedures.views.recordings import recording

__all__ = [
    "checklist_page",
    "checklist_pdf",
    "guide_page",
    "kiosk_page",
    "papers_page",
    "poster_pdf",
    "question_page",
    "record_panel",
    "recording",
    "search_page",
]
