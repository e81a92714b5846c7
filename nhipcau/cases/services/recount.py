"""Asks for the figures of a day to be counted again, once the change stands."""

from datetime import date

from nhipcau.core import jobs


def recount(day: date) -> None:
    """Queues the recount of a day; one request waits at a time, however many rows change."""
    jobs.enqueue_after("reports.rebuild_day", once=f"reports.rebuild_day:{day}", day=day.isoformat())
