"""Registers the teams room with Django."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "nhipcau.teams"
    label = "teams"
