"""Addresses of the national catalogue."""

from django.urls import path

from nhipcau.catalogue import views

app_name = "catalogue"

urlpatterns = [
    path("<str:code>/", views.record_page, name="record"),
]
