"""Waiting for what a page can only promise: `wait_for_function` takes a promise itself for a yes."""

from time import monotonic

from playwright.sync_api import Page

SECONDS = 30
EVERY_MS = 100


def wait_until_told(page: Page, question: str, given: object = None) -> None:
    """Asks the page until what it promises is true."""
    deadline = monotonic() + SECONDS
    while not page.evaluate(question, given):
        assert monotonic() < deadline, question
        page.wait_for_timeout(EVERY_MS)
