"""The page about devices and the worker that shows notices, in a real browser."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from tests.browser.waiting import wait_until_told

from .conftest import PHONE, QUIET, Server, whole_chromium

TOLD = {"title": "Ca chiều bị huỷ", "body": "", "link": "https://evil.example/", "tag": "one"}
BOTH_SHOWN = "async () => (await (await navigator.serviceWorker.ready).getNotifications()).length === 2"
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const found = await registration.getNotifications();
  return found.map(one => ({title: one.title, link: one.data, tag: one.tag}));
}"""


@pytest.fixture
def device(
    server: Server, chromium: Browser, signed_in: Callable[[str], StorageState]
) -> Iterator[BrowserContext]:
    """A volunteer's phone on which notices are allowed."""
    browser = chromium.browser_type.launch(executable_path=whole_chromium(), args=list(QUIET))
    context = browser.new_context(
        base_url=server.url, viewport=PHONE, storage_state=signed_in("volunteer"), service_workers="allow"
    )
    context.grant_permissions(["notifications"], origin=server.url)
    yield context
    browser.close()


def registration_of(page: Page) -> str:
    """Chromium's number of the worker, once it runs."""
    session = page.context.new_cdp_session(page)
    seen: list[dict[str, object]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: seen.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_timeout(200)
    assert seen
    return str(seen[-1]["registrationId"])


def test_the_button_is_there_where_a_browser_can(device: BrowserContext) -> None:
    page = device.new_page()
    page.goto("/messages/settings/?lang=en")
    expect(page.get_by_role("button", name="Show notices on this device")).to_be_visible()
    expect(page.get_by_text("This browser cannot show notices")).to_be_hidden()
    assert page.evaluate("document.querySelector('form[data-push-key]').dataset.pushKey.length") == 87


def test_without_script_the_page_says_so(
    server: Server, chromium: Browser, signed_in: Callable[[str], StorageState]
) -> None:
    context = chromium.new_context(
        base_url=server.url, storage_state=signed_in("volunteer"), java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/messages/settings/?lang=en")
    expect(page.get_by_text("This browser cannot show notices")).to_be_visible()
    expect(page.get_by_role("button", name="Show notices on this device")).to_be_hidden()
    context.close()


def test_a_notice_is_shown_and_leads_only_to_us(device: BrowserContext, server: Server) -> None:
    page = device.new_page()
    page.goto("/messages/settings/")
    page.evaluate("navigator.serviceWorker.register('/push-worker.js', {scope: '/'})")
    number = registration_of(page)
    session = device.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    for data in (json.dumps(TOLD), "not json"):
        session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": server.url, "registrationId": number, "data": data},
        )
    wait_until_told(page, BOTH_SHOWN)
    shown = {one["title"]: one for one in page.evaluate(SHOWN)}
    assert shown["Ca chiều bị huỷ"]["link"] == f"{server.url}/messages/"
    assert shown["Ca chiều bị huỷ"]["tag"] == "one"
    assert "Nhịp Cầu" in shown
