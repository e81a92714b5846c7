"""Registers the authoring room with Django."""

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "nhipcau.authoring"
    label = "authoring"
