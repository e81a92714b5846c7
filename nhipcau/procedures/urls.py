"""Addresses of the guides."""

from django.urls import path

from nhipcau.procedures import views

app_name = "procedures"

# The touch screen of a centre shows the same pages under addresses of its own; nothing there leads out.
kiosk_patterns = [
    path("", views.kiosk_page, name="start"),
    path("search/", views.search_page, name="search"),
    path("<str:name>/", views.guide_page, name="guide"),
    path("<str:name>/questions/", views.question_page, name="questions"),
    path("<str:name>/checklist/", views.checklist_page, name="checklist"),
    path("<str:name>/papers/", views.papers_page, name="papers"),
    path("<str:name>/recordings/<uuid:recording_id>/", views.recording, name="recording"),
]

urlpatterns = [
    path("", views.search_page, name="search"),
    path("<str:name>/", views.guide_page, name="guide"),
    path("<str:name>/questions/", views.question_page, name="questions"),
    path("<str:name>/checklist/", views.checklist_page, name="checklist"),
    path("<str:name>/papers/", views.papers_page, name="papers"),
    path("<str:name>/checklist.pdf", views.checklist_pdf, name="checklist_pdf"),
    path("<str:name>/recordings/<uuid:recording_id>/", views.recording, name="recording"),
    path("<str:name>/poster.pdf", views.poster_pdf, name="poster_pdf"),
]
