"""Registers the visits room with Django; when a citizen is erased, the room forgets with it."""

from django.apps import AppConfig

from nhipcau.citizens.signals import erased


class VisitsConfig(AppConfig):
    name = "nhipcau.visits"
    label = "visits"

    def ready(self) -> None:
        from nhipcau.visits.services import forget_citizens  # noqa: PLC0415  # models must be ready

        erased.connect(forget_citizens, dispatch_uid="visits.forget_citizens")
