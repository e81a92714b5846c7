"""Registers the room."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "nhipcau.devices"
