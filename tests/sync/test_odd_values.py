"""What no screen of the phone can write but the protocol can carry: nobody's page or pack breaks on it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from nhipcau.attendance.rules.codes import code_at
from nhipcau.cases.models import Case
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.signups.enums import SignUpState
from nhipcau.signups.models import SignUp
from nhipcau.sync.models import Conflict
from nhipcau.sync.services.receiving import OPERATIONS
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from nhipcau.teams.enums import Role
from tests.depth import WHOLE
from tests.factories.cast import NOW, Cast
from tests.factories.classes import make_class
from tests.factories.phones import Phone, case_data
from tests.factories.rosters import make_post, make_shift, make_sign_up, make_team
from tests.factories.visiting import make_visit

from .conftest import Send
from .test_operations_cases import results

LATER = NOW + timedelta(hours=2)
Content = dict[str, Any]
ODD: list[Any] = [
    "2026-02-31", "9999-12-31", "2026-07-01T10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z",
    "x", 2**62, True, [["x"]], {"x": 1},
]  # fmt: skip
# In whole runs all of them.
TRIED = ODD if WHOLE else ODD[1::3]
# Without these a command is about nothing that could be held.
_ABOUT = {"id", "case", "commune", "visit", "shift", "class", "known_citizen", "another_person"}
# Names that stand on the page and in no command.
_SHOWN = ("came", "came_at", "left_at", "class_state", "people", "session.outcome", "session.alone")


@pytest.fixture
def sign_up(cast: Cast) -> SignUp:
    row = make_sign_up(make_shift(make_post(make_team(cast)), maximum=8), cast.volunteer)
    SignUp.objects.filter(pk=row.pk).update(state=SignUpState.CANCELLED, reason="ill")
    return row


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    monkeypatch.setattr(timezone, "now", lambda: LATER)


def everything(phone: Phone, cast: Cast, case: Case, sign_up: SignUp) -> list[Content]:
    """One of each command that may come to wait for a person."""
    about, shift = {"case": str(case.pk)}, {"shift": str(sign_up.shift_id)}
    held = {"class": str(make_class(cast.leader, cast.volunteer).pk)}
    visit = make_visit(cast, actor_of(cast.leader, NOW))
    came = {"id": str(new_id()), "age_band": "60_74", "language": "vi", "alone": "", "at": NOW.isoformat()}
    met = {"outcome": "done", "minutes": 30, "next_step": "nothing", "note": "Đã cài xong"}
    papers = {"id": str(new_id()), "version": str(new_id()), "answers": {}, "in_hand": []}
    dossier = {"code": "G22.99.08-250701-896048", "submitted_on": "2025-07-02", "submitted_by_citizen": True}
    scan = {"code": code_at(sign_up.shift.post_id, NOW), "seen_at": NOW.isoformat()}
    contents: list[tuple[str, Content]] = [
        ("cases.open", case_data(service_point=str(new_id()), due_on="2025-07-20")),
        ("cases.note", {**about, "note": "Đã gọi điện"}),
        ("cases.change", {**about, "set": {"due_on": "2025-07-20", "state": "papers_ready"}}),
        ("cases.dossier", {**about, **dossier}),
        ("cases.papers", {**about, **papers}),
        ("visits.record_result", {"visit": str(visit.pk), **met, "session": phone.session(NOW)["data"]}),
        ("shifts.check_in", {**shift, **scan}),
        ("shifts.check_out", {**shift, "code": ""}),
        ("classes.add_attendees", {**held, "attendees": [came]}),
        ("classes.remove_attendee", {**held, "attendee": came["id"]}),
        ("classes.close", held),
    ]
    session = phone.session(NOW, service_point=str(new_id()))
    return [session, *(phone.command(name, data, NOW) for name, data in contents)]


def fields(data: Content) -> Iterator[tuple[Content, str]]:
    """Every field, wherever it is, with what holds it."""
    for name, value in list(data.items()):
        if name not in _ABOUT:
            yield data, name
        if isinstance(value, dict):
            yield from fields(value)


def spoil(command: Content, odd: Any) -> Content:
    """With the odd value wherever the shape takes it, and in all that the phone says it had seen."""
    shape, data = OPERATIONS[command["name"]].shape, command["data"]
    for holder, name in list(fields(data)):
        stood, holder[name] = holder[name], odd
        try:
            shape.model_validate(data)
        except ValueError:
            holder[name] = stood
    names = {name for _holder, name in fields(data)} | _ABOUT | set(_SHOWN)
    return {**command, "base": dict.fromkeys(sorted(names), odd)}


@pytest.mark.parametrize("odd", TRIED, ids=str)
@pytest.mark.usefixtures("later")
def test_page_and_pack_stand(
    phone: Phone, cast: Cast, send: Send, case: Case, sign_up: SignUp, client: Client, odd: Any
) -> None:
    change = {"case": str(case.pk), "set": {"due_on": "2025-07-20"}}
    same_field = phone.command("cases.change", change, NOW, base={"due_on": odd})
    assert results(send(phone, same_field)) == [("needs_person", "sync.same_field")]
    sent = [spoil(command, odd) for command in everything(phone, cast, case, sign_up)]
    assert {each["name"] for each in sent} == OPERATIONS.keys() - {"sessions.undo", "conflicts.decide"}
    cast.volunteer.grants.update(valid_until=NOW + timedelta(hours=1))
    assert results(send(phone, *sent, now=LATER)) == [("needs_person", "sync.not_yours")] * len(sent)
    client.force_login(cast.leader)
    for row in Conflict.objects.all():
        assert client.get(f"/phones/decide/{row.pk}/").status_code == 200, row.name
    # Whoever leads now decides also about what came from their own phone.
    for role in (Role.VOLUNTEER, Role.TEAM_LEADER):
        teams.grant_role(by=None, now=LATER, member=cast.volunteer, role=role, unit_code=cast.commune.pk)
    # But not about their own hours.
    assert len(pack(client, phone)) == 1 + len(sent) - 2


def pack(client: Client, phone: Phone) -> list[Content]:
    """The conflicts in the pack."""
    found: list[Content] = []
    page: Content = {"next": 0, "epoch": "", "more": True}
    while page["more"]:
        asked = {"after": page["next"], "epoch": page["epoch"], "language": "vi"}
        bearer = {"Authorization": f"Bearer {phone.credentials.token}"}
        answer = client.get("/api/v1/sync/pack", asked, headers=bearer)
        assert answer.status_code == 200
        page = answer.json()
        found += [item for item in page["items"] if item["kind"] == "conflict"]
    return found
