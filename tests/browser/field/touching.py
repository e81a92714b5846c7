"""Touches as people make them: never two at the very same place, which would be a double tap."""

from itertools import cycle

from playwright.sync_api import Locator

PLACES = cycle((12, 60))


def touch(tile: Locator) -> None:
    tile.click(position={"x": next(PLACES), "y": 12})
