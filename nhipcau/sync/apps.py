"""Registers the room; when a person is forgotten, what phones sent about them is forgotten too."""

from django.apps import AppConfig

from nhipcau.cases.signals import forgotten
from nhipcau.citizens.signals import erased


class SyncConfig(AppConfig):
    name = "nhipcau.sync"

    def ready(self) -> None:
        from nhipcau.sync.services import clearing  # noqa: PLC0415  # models must be ready

        erased.connect(clearing.forget_citizens, dispatch_uid="sync.forget_citizens")
        forgotten.connect(clearing.forget_cases, dispatch_uid="sync.forget_cases")
