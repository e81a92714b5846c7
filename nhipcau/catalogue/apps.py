"""Registers the catalogue room with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "nhipcau.catalogue"
    label = "catalogue"
