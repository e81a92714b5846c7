"""Registers the volunteers room with Django."""

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "nhipcau.volunteers"
    label = "volunteers"
