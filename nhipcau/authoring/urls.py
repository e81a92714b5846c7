"""Addresses of the authoring room."""

from django.urls import path

from nhipcau.authoring import views

app_name = "authoring"

urlpatterns = [
    path("", views.guides, name="guides"),
    path("new/", views.new_guide, name="new_guide"),
    path("recordings/", views.recordings, name="recordings"),
    path("recordings/<uuid:recording_id>/sound/", views.recording_sound, name="recording_sound"),
    path("recordings/<uuid:recording_id>/approve/", views.approve_recording, name="approve_recording"),
    path("recordings/<uuid:recording_id>/withdraw/", views.withdraw_recording, name="withdraw_recording"),
    path("guides/<slug:slug>/", views.guide, name="guide"),
    path("guides/<slug:slug>/start/", views.start, name="start"),
    path("versions/<uuid:version_id>/confirm/", views.confirm, name="confirm"),
    path("versions/<uuid:version_id>/withdraw/", views.withdraw, name="withdraw"),
    path("drafts/<uuid:draft_id>/", views.draft, name="draft"),
    path("drafts/<uuid:draft_id>/try/", views.try_answers, name="try"),
    path("drafts/<uuid:draft_id>/changes/", views.changes, name="changes"),
    path("drafts/<uuid:draft_id>/approve/", views.approve, name="approve"),
    path("drafts/<uuid:draft_id>/send-back/", views.send_back, name="send_back"),
    path("drafts/<uuid:draft_id>/publish/", views.publish, name="publish"),
    path("drafts/<uuid:draft_id>/discard/", views.discard, name="discard"),
    path("drafts/<uuid:draft_id>/part/<str:place>/", views.entry, name="entry"),
    path("drafts/<uuid:draft_id>/move/<str:place>/", views.move, name="move"),
    path("drafts/<uuid:draft_id>/remove/<str:place>/", views.remove, name="remove"),
    path("drafts/<uuid:draft_id>/condition/<str:place>/", views.condition, name="condition"),
]
