"""Registers the places room with Django."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "nhipcau.places"
    label = "places"
