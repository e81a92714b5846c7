"""Registers the visits room with Django; when a case forgets its person, the room forgets with it."""

from django.apps import AppConfig

from nhipcau.cases.signals import forgotten


class VisitsConfig(AppConfig):
    name = "nhipcau.visits"
    label = "visits"

    def ready(self) -> None:
        from nhipcau.visits.services import forget_cases  # noqa: PLC0415  # models must be ready

        forgotten.connect(forget_cases, dispatch_uid="visits.forget_cases")
