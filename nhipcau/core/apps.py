"""Registers the ground floor with Django, for its template tags."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "nhipcau.core"
    label = "core"
