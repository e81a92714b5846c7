"""Registers the audit room with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "nhipcau.audit"
    label = "audit"
