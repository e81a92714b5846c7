"""Registers the reinforcement room with Django."""

from django.apps import AppConfig


class ReinforcementConfig(AppConfig):
    name = "nhipcau.reinforcement"
    label = "reinforcement"
