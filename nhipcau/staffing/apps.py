"""Registers the staffing room with Django."""

from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "nhipcau.staffing"
    label = "staffing"
