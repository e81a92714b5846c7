"""Addresses of the field app that a browser opens; what the app says afterwards goes to `api`."""

from django.urls import path

from nhipcau.sync.views import phones

app_name = "sync"

urlpatterns = [
    path("me", phones.me, name="me"),
    path("devices", phones.enrol, name="enrol"),
    path("devices/<uuid:device_id>/renew", phones.renew, name="renew"),
]
