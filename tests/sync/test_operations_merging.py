"""Two phones change one case without signal, in any order and with repeats: nothing is silent."""

from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhipcau.cases.models import Case
from nhipcau.cases.queries import may_follow
from nhipcau.sync.enums import Result
from nhipcau.sync.models import Conflict
from nhipcau.sync.queries.conflicts import content_of
from nhipcau.sync.services.deciding import UnableToTake, decide
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.phones import Phone, make_phone

from .conftest import Send

FIRST: dict[str, Any] = {"state": "opened", "due_on": None}
STATES = ("papers_missing", "papers_ready", "withdrawn", "closed_done")
DAYS = (None, "2025-07-10", "2025-07-20", "2025-08-01")
VALUES = st.fixed_dictionaries(
    {}, optional={"state": st.sampled_from(STATES), "due_on": st.sampled_from(DAYS)}
).filter(bool)
Edit = tuple[int, dict[str, Any]]


def standing(case: Case) -> dict[str, Any]:
    case.refresh_from_db()
    return {"state": case.state, "due_on": case.due_on.isoformat() if case.due_on else None}


def offline(phones: list[Phone], case: Case, edits: list[Edit]) -> list[tuple[Phone, dict[str, Any]]]:
    """Each phone sees its own changes, and nothing of the other; it offers only steps of the table."""
    seen: list[dict[str, Any]] = [dict(FIRST), dict(FIRST)]
    made = []
    for number, (who, said) in enumerate(edits):
        values = {k: v for k, v in said.items() if k != "state" or may_follow(seen[who]["state"], v)}
        data = {"case": str(case.pk), "set": values}
        at = NOW + timedelta(minutes=number)
        made.append((phones[who], phones[who].command("cases.change", data, at, base=dict(seen[who]))))
        seen[who] |= values
    return made


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(st.tuples(st.integers(0, 1), VALUES), min_size=1, max_size=6),
    random=st.randoms(use_true_random=False),
)
def test_every_field_ends_as_somebodys_choice(
    cast: Cast, phone: Phone, case: Case, send: Send, edits: list[Edit], random: Random
) -> None:
    with transaction.atomic():
        _check(cast, [phone, make_phone(cast.leader, NOW)], case, send, edits, random)
        transaction.set_rollback(True)


def _check(
    cast: Cast, phones: list[Phone], case: Case, send: Send, edits: list[Edit], random: Random
) -> None:
    made = offline(phones, case, edits)
    road = [*made, *random.choices(made, k=3)]
    random.shuffle(road)
    now = NOW + timedelta(hours=2)
    answers: dict[str, tuple[str, str]] = {}
    for sender, command in road:
        before = standing(case)
        (row,) = send(sender, command, now=now).receipts
        known = answers.setdefault(command["id"], (row.result, row.words))
        assert known == (row.result, row.words), "the same command, the same answer"
        after = standing(case)
        wanted, base = command["data"]["set"], command["base"]
        for name, value in after.items():
            # Written over only by who had seen what stood there.
            assert value == before[name] or (wanted.get(name) == value and base[name] == before[name])
    choices = {name: {FIRST[name]} | {each[name] for _who, each in edits if name in each} for name in FIRST}
    assert all(value in choices[name] for name, value in standing(case).items())
    held = {str(row.command): content_of(row) for row in Conflict.objects.all()}
    for _sender, command in made:
        result, _words = answers[command["id"]]
        assert (command["id"] in held) == (result == Result.NEEDS_PERSON)
        assert result != Result.REFUSED
        for field in held.get(command["id"], {}).get("fields", []):
            assert field["mine"] == command["data"]["set"][field["name"]]
    _decide_all(cast, case, choices, random)


def _decide_all(cast: Cast, case: Case, choices: dict[str, Any], random: Random) -> None:
    """Whatever is decided, each conflict closes or stays open with its value; nothing else is written."""
    now = NOW + timedelta(hours=3)
    for row in Conflict.objects.order_by("raised_at", "id"):
        keep = random.choice(["server", "phone"])
        before = standing(case)
        try:
            decide(conflict_id=row.pk, keep=keep, by=actor_of(cast.leader, now), now=now)
        except UnableToTake:
            row.refresh_from_db()
            assert row.is_open
        mine = {each["name"]: each["mine"] for each in content_of(row)["fields"]}
        for name, value in standing(case).items():
            assert value == before[name] or (keep == "phone" and value == mine[name])
            assert value in choices[name]
