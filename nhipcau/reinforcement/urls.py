"""Addresses of the reinforcement room."""

from django.urls import URLPattern

app_name = "reinforcement"

urlpatterns: list[URLPattern] = []
