"""Registers the citizens room with Django."""

from django.apps import AppConfig


class CitizensConfig(AppConfig):
    name = "nhipcau.citizens"
    label = "citizens"
