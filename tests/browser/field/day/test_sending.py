"""A day without a line is sent at once when there is one: its failures say nothing of what a line carries."""

import json

from .conftest import Day, Opened

SESSIONS = 60


def test_a_day_goes_in_one_request(day: Day, new_app: Opened) -> None:
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.page.wait_for_load_state("networkidle")
    app.offline()
    for number in range(SESSIONS):
        app.help()
        if number % 20 == 0:
            app.send()
    sent: list[int] = []
    app.page.on(
        "request",
        lambda made: (
            sent.append(len(json.loads(made.post_data or "{}")["commands"]))
            if made.url.endswith("/sync/commands")
            else None
        ),
    )
    app.go("status")
    app.online()
    app.settle()
    assert sent == [SESSIONS]
