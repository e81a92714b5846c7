"""Registers the cases room with Django; when a citizen is erased, the room forgets with it."""

from django.apps import AppConfig

from nhipcau.citizens.signals import erased


class CasesConfig(AppConfig):
    name = "nhipcau.cases"
    label = "cases"

    def ready(self) -> None:
        from nhipcau.cases.services import forget_citizens  # noqa: PLC0415  # models must be ready

        erased.connect(forget_citizens, dispatch_uid="cases.forget_citizens")
