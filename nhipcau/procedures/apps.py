"""Registers the procedures room with Django."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "nhipcau.procedures"
    label = "procedures"
