"""A day without a line is sent at once when there is one: its failures say nothing of what a line carries."""

import json

from nhipcau.cases.models import HelpSession
from tests.depth import WHOLE

from .conftest import Day, Opened

SESSIONS = 60 if WHOLE else 20


def test_it_goes_by_itself_when_the_signal_is_back(day: Day, new_app: Opened) -> None:
    """Nobody touches anything."""
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.settle()
    app.offline()
    app.help()
    app.go("today")
    app.wait_for(lambda: "1" in app.chip())
    app.online()
    app.wait_for(lambda: app.chip() == "Đã gửi hết")
    assert HelpSession.objects.filter(volunteer=day.member).count() == 1


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
