"""A phone is set up at the product itself: what is left open in the browser afterwards."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import ACCOUNTS, PASSWORD, Opener, Server, sign_in
from tests.browser.field.conftest import PIN, let_sign_ins_grow_old
from tests.browser.field.screens.conftest import type_pin

LEFT = "() => localStorage.getItem('nhipcau.sign_out') === null"


def volunteer(open_context: Opener) -> BrowserContext:
    """With a sign-in of its own: the app ends it in its own time, and nobody else's with it."""
    context = open_context()
    sign_in(context, ACCOUNTS["volunteer"])
    return context


def set_up(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/field/")
    page.click(".nf-action button")
    type_pin(page, PIN)
    type_pin(page, PIN)
    page.wait_for_selector("a.nf-row[href^='#/status']")
    return page


def test_whoever_takes_up_the_phone_is_not_let_in_by_the_browser(
    server: Server, open_context: Opener
) -> None:
    """The PIN would be worth nothing if the pages of the product stood open beside the app."""
    context = volunteer(open_context)
    assert context.request.get("/field/me").json()["signed_in"]
    page = set_up(context)
    page.wait_for_function(LEFT)
    assert context.request.get("/field/me").json()["signed_in"] is False
    page.goto("/home/")
    assert "/account/login/" in page.url


@pytest.mark.parametrize("meanwhile", [False, True], ids=["before", "while the PIN was chosen"])
def test_a_sign_in_of_long_ago_sets_up_no_phone(
    product: Server, open_context: Opener, meanwhile: bool
) -> None:
    """The password is typed once more, and the app goes on where it was."""
    page = volunteer(open_context).new_page()
    if not meanwhile:
        let_sign_ins_grow_old()
    page.goto("/field/")
    if meanwhile:
        page.click(".nf-action button")
        let_sign_ins_grow_old()
        type_pin(page, PIN)
        type_pin(page, PIN)
    page.click(".nf-action a[href^='/account/reauthenticate/']")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.click(".nf-action button")
    type_pin(page, PIN)
    type_pin(page, PIN)
    page.wait_for_selector("a.nf-row[href^='#/status']")


def test_a_sign_in_that_could_not_be_ended_is_ended_later(server: Server, open_context: Opener) -> None:
    context = volunteer(open_context)
    context.route("**/account/logout/", lambda route: route.abort())
    page = set_up(context)
    page.wait_for_function("() => localStorage.getItem('nhipcau.sign_out') === 'yes'")
    context.unroute("**/account/logout/")
    page.reload()
    page.wait_for_function(LEFT)
    assert context.request.get("/field/me").json()["signed_in"] is False


def test_guides_come_in_the_language_just_chosen(server: Server, open_context: Opener) -> None:
    context = volunteer(open_context)
    page = set_up(context)
    page.wait_for_load_state("networkidle")
    page.evaluate("location.hash = '#/status'")
    with page.expect_request("**/sync/pack?*language=th*"):
        page.click("button[lang=th]")
