"""Registers the shifts room with Django."""

from django.apps import AppConfig


class ShiftsConfig(AppConfig):
    name = "nhipcau.shifts"
    label = "shifts"
