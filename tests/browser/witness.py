"""What the pages showed when a test failed: once in a hundred runs must be understood from its record."""

from collections.abc import Generator

import pytest
from playwright.sync_api import Browser, Error, Page

SHOWN = 1500
PATIENCE = 2000
BROWSERS: list[Browser] = []
STATE = """page => [document.documentElement.className, document.visibilityState, navigator.onLine,
  navigator.serviceWorker?.controller?.state, document.querySelector("main")?.dataset.route].join(" | ")"""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and report.when == "call":
        for browser in BROWSERS:
            for page in [page for context in browser.contexts for page in context.pages]:
                report.sections.append((f"page {page.url}", seen(page)))
    return report


def seen(page: Page) -> str:
    """Its state and the beginning of its words; why not, where it does not answer."""
    try:
        body = page.locator("body")
        state = body.evaluate(STATE, timeout=PATIENCE)
        return f"{state}\n{body.inner_text(timeout=PATIENCE)[:SHOWN]}"
    except Error as error:
        return f"does not answer: {error.message}"
