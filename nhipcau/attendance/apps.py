"""Registers the attendance room with Django."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "nhipcau.attendance"
    label = "attendance"
