"""Registers the messaging room with Django."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "nhipcau.messaging"
    label = "messaging"
