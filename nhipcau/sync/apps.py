"""Registers the room."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "nhipcau.sync"
