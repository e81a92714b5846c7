"""Registers the cases room with Django; when a citizen is erased, the room forgets with it."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "nhipcau.cases"
    label = "cases"

    def ready(self) -> None:
        from nhipcau.cases.services import forget_citizens
        from nhipcau.citizens.signals import erased

        erased.connect(forget_citizens, dispatch_uid="cases.forget_citizens")
