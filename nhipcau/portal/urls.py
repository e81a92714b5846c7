"""Addresses of the portal."""

from django.urls import path

from nhipcau.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.front, name="front"),
    path("home/", views.home, name="home"),
    path("privacy/", views.privacy, name="privacy"),
    path("source/", views.source, name="source"),
    path("health/", views.health, name="health"),
]
