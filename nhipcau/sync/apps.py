"""Registers the room; when a citizen is erased, what phones sent about them is forgotten too."""

from django.apps import AppConfig

from nhipcau.citizens.signals import erased


class SyncConfig(AppConfig):
    name = "nhipcau.sync"

    def ready(self) -> None:
        from nhipcau.sync.services.clearing import forget_citizens  # noqa: PLC0415  # models must be ready

        erased.connect(forget_citizens, dispatch_uid="sync.forget_citizens")
