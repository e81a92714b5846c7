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
    class_people,
    cover_share,
    dossiers,
    expected,
    minutes,
    mostly_alone,
    no_show_share,
    no_shows,
    papers_checked,
    papers_missing,
    papers_ready,
    people,
    ratings,
    ready_share,
    satisfaction,
    seats_asked,
    seats_held,
    sessions,
    shifts_held,
    stars,
    volunteer_hours,
    volunteer_minutes,
    volunteers_active,
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
        shifts_held.INDICATOR,
        seats_asked.INDICATOR,
        seats_held.INDICATOR,
        volunteers_active.INDICATOR,
        volunteer_minutes.INDICATOR,
        expected.INDICATOR,
        no_shows.INDICATOR,
        class_people.INDICATOR,
    )
}
DERIVED: dict[str, Derived] = {
    indicator.name: indicator
    for indicator in (
        alone_share.INDICATOR,
        ready_share.INDICATOR,
        came_back_share.INDICATOR,
        satisfaction.INDICATOR,
        cover_share.INDICATOR,
        volunteer_hours.INDICATOR,
        no_show_share.INDICATOR,
    )
}
# What a dashboard shows first, in this order.
HEADLINES: tuple[str, ...] = ("people", "sessions", "dossiers", "satisfaction", "mostly_alone", "ready_share")
# What it shows of the posts, and what is counted again every night: rosters change after their days.
AT_THE_POSTS: tuple[str, ...] = (
    "shifts_held",
    "cover_share",
    "volunteers_active",
    "volunteer_hours",
    "no_show_share",
)
OF_ROSTERS: tuple[str, ...] = (
    "shifts_held",
    "seats_asked",
    "seats_held",
    "volunteers_active",
    "volunteer_minutes",
    "expected",
    "no_shows",
)

__all__ = ["AT_THE_POSTS", "COUNTED", "DERIVED", "HEADLINES", "OF_ROSTERS", "Counted", "Derived"]
