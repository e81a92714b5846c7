"""Addresses of the portal."""

from django.urls import path

from nhipcau.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.front, name="front"),
    path("home/", views.home, name="home"),
    path("undelivered/", views.undelivered, name="undelivered"),
    path("undelivered/<uuid:delivery_id>/", views.try_again, name="try_again"),
    path("undelivered/all/<slug:channel>/", views.try_all_again, name="try_all_again"),
    path("privacy/", views.privacy, name="privacy"),
    path("source/", views.source, name="source"),
    path("health/", views.health, name="health"),
]
