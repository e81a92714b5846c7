"""Registers the roster room with Django."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "nhipcau.roster"
    label = "roster"
