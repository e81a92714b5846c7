"""The dictionary of indicators: one file each, with its definition, its unit and the rows it counts.

Nothing else in the product defines a figure. An indicator is either *counted* (a number for each
commune and day, kept as a daily fact) or *derived* (a quotient of two counted ones).
"""

from nhipcau.reports.indicators import (
    alone_share,
    came_back,
    came_back_asked,
    came_back_share,
    cases_opened,
    dossiers,
    minutes,
    mostly_alone,
    papers_checked,
    papers_missing,
    papers_ready,
    people,
    ratings,
    ready_share,
    satisfaction,
    sessions,
    stars,
)
from nhipcau.reports.indicators.base import Counted, Derived

COUNTED: dict[str, Counted] = {
    indicator.name: indicator
    for indicator in (
        people.INDICATOR,
        sessions.INDICATOR,
        mostly_alone.INDICATOR,
        dossiers.INDICATOR,
        cases_opened.INDICATOR,
        papers_missing.INDICATOR,
        papers_checked.INDICATOR,
        papers_ready.INDICATOR,
        came_back.INDICATOR,
        came_back_asked.INDICATOR,
        minutes.INDICATOR,
        ratings.INDICATOR,
        stars.INDICATOR,
    )
}
DERIVED: dict[str, Derived] = {
    indicator.name: indicator
    for indicator in (
        alone_share.INDICATOR,
        ready_share.INDICATOR,
        came_back_share.INDICATOR,
        satisfaction.INDICATOR,
    )
}
# What a dashboard shows first, in this order.
HEADLINES: tuple[str, ...] = ("people", "sessions", "dossiers", "satisfaction", "mostly_alone", "ready_share")

__all__ = ["COUNTED", "DERIVED", "HEADLINES", "Counted", "Derived"]
