"""Addresses of the field app that a browser opens, and of what a person decides or hands in for a phone."""

from django.urls import path

from nhipcau.sync.views import conflicts, rescue, shell

app_name = "sync"

urlpatterns = [
    path("field/", shell.shell, name="shell"),
    path("field/sw.js", shell.worker, name="worker"),
    path("field/manifest.webmanifest", shell.manifest, name="manifest"),
    path("phones/rescue/", rescue.hand_in, name="rescue"),
    path("phones/decide/", conflicts.conflicts, name="conflicts"),
    path("phones/decide/<uuid:conflict_id>/", conflicts.conflict, name="conflict"),
]
