"""Registers the signups room with Django."""

from django.apps import AppConfig


class SignupsConfig(AppConfig):
    name = "nhipcau.signups"
    label = "signups"
