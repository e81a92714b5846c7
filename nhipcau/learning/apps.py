"""Registers the learning room with Django."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "nhipcau.learning"
    label = "learning"
