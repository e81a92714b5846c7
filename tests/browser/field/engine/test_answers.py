"""Answers with a time that cannot be, and the first answer after there was no way to the server."""

import pytest
from playwright.sync_api import Route

from .conftest import SYNC, Book, Phone
from .model import ids_of, sessions


@pytest.mark.parametrize("server_time", ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_that_cannot_be_neither_seals_the_store_nor_leaves_it_open_for_ever(
    phone: Phone, server_time: str
) -> None:
    """Whose lease is over is told so with 401; an answer that was given carries one that runs."""
    phone.enrol()
    phone.settle()
    lying = True

    def alter(route: Route) -> None:
        if not lying:
            return route.continue_()
        answer = route.fetch()
        return route.fulfill(response=answer, json={**answer.json(), "server_time": server_time})

    phone.context.route(f"**{SYNC}**", alter)
    steps = sessions(1)
    phone.ask("run", [*steps, {"do": "now"}])
    state = phone.wait_for(lambda state: state["problem"] == "unreadable")
    lying = False
    (entry,) = phone.ask("devices")
    assert (state["waiting"], entry["state"]) == (1, "open")
    assert phone.settle()["summary"] == "all_sent"
    assert Book(phone.device).sessions(ids_of(steps)) == set(ids_of(steps))


def test_what_stood_in_the_way_is_not_said_any_more_once_the_server_has_answered(phone: Phone) -> None:
    phone.enrol()
    phone.settle()
    phone.context.set_offline(True)
    phone.ask("run", [*sessions(1), {"do": "now"}])
    phone.wait_for(lambda state: state["problem"] == "offline")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.context.route(f"**{SYNC}pack?*", hold)
    phone.context.set_offline(False)
    phone.ask("run", [{"do": "now"}])
    state = phone.wait_for(lambda state: state["waiting"] == 0 and state["phase"] == "receiving")
    assert state["problem"] is None
    phone.wait_for(lambda _: len(held) > 0)
    for route in held:
        route.continue_()
    phone.context.unroute_all()
    assert phone.settle()["summary"] == "all_sent"
