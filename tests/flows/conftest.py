"""What the flows over several rooms start from: the cast, and one record of every kind.

Made once for a module, in a transaction that is never committed; each test is a savepoint in it.
Hundreds of tests that only look would else spend their time on registering the same people.
"""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from nhipcau.cases import services as cases
from nhipcau.cases.models import Case
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.services import GivenConsent
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.places.enums import PointKind
from nhipcau.places.services import add_service_point
from nhipcau.procedures import services as procedures
from nhipcau.procedures.queries import get_procedure
from nhipcau.reports.services import rebuild_days
from nhipcau.teams import services as teams
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Grant, Member, TeamMembership
from tests import databases
from tests.factories.attendances import make_attendance
from tests.factories.cast import NOW, Cast
from tests.factories.classes import make_classes
from tests.factories.drafts import make_drafts
from tests.factories.help import make_help
from tests.factories.messages import make_messages
from tests.factories.national import national, take_in
from tests.factories.phones import make_waiting
from tests.factories.proposal_pages import make_proposals
from tests.factories.roster_pages import make_roster
from tests.factories.sign_ups import make_sign_ups
from tests.factories.visiting import make_visits
from tests.factories.volunteering import make_volunteering

# A code for which there is no guide.
RECORD = "1.000005"
YES = GivenConsent(Purpose.FOLLOW_UP, ConsentMethod.SPOKEN_WITNESSED)


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast, in the transaction of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield databases.bring_cast()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def records(people: Cast, cookies: dict[str, str]) -> dict[str, str]:
    """The ids that stand in addresses: one record of every kind, all of the near commune.

    Made after everybody signed in, which spends the link of a first sign-in.
    """
    return make_records(people)


@pytest.fixture(scope="module")
def cookies(people: Cast) -> dict[str, str]:
    """Who is signed in: part in the cast -> key of a session that all tests of the module use."""
    signed_in = {}
    for part, member in people.everyone().items():
        client = Client()
        client.force_login(member)
        signed_in[part] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return signed_in


@pytest.fixture
def as_part(cookies: dict[str, str], untouched: None) -> Callable[[str], Client]:
    """A browser of that part of the cast, already signed in; of nobody for no part."""

    def make(part: str, **options: bool) -> Client:
        client = Client(**options)
        if part:
            client.cookies[settings.SESSION_COOKIE_NAME] = cookies[part]
        return client

    return make


@pytest.fixture(autouse=True)
def untouched(people: Cast) -> Iterator[None]:
    """What a test changes is undone, also the counts of wrong codes and sign-ins."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def cast(people: Cast, untouched: None) -> Cast:
    """In place of the cast that every other test registers anew."""
    return people


@pytest.fixture
def samples(records: dict[str, str], untouched: None) -> dict[str, str]:
    """The values in addresses by their name in `pages.py`."""
    return records


def make_records(cast: Cast) -> dict[str, str]:
    """One record of every kind, through the services."""
    now = clock.now()
    volunteer = actor_of(cast.volunteer, now)
    team = teams.make_team(by=None, now=now, name="Đội Mẫu", commune="24848")
    membership = teams.add_to_team(by=None, now=now, team=team, member=cast.volunteer)
    assert isinstance(membership, TeamMembership)
    point = add_service_point(
        by=None, now=NOW, commune="24848", kind=PointKind.CENTRE, name="Trung tâm Mẫu", address="Số 1"
    )
    session = cases.NewSession(
        id=new_id(),
        commune="24848",
        service_point=point.pk,
        minutes=15,
        outcome="done",
        alone="half",
        volunteer=cast.volunteer.pk,
        procedure="birth-registration",
    )
    cases.record_session(session=session, by=volunteer, now=now)
    case, finished = (_case(cast.volunteer, phone) for phone in ("0633 000 111", "0633 000 222"))
    leader = actor_of(cast.leader, now)
    for step in ("papers_ready", "submitted", "result_ready", "closed_done"):
        cases.move_case(case_id=finished.pk, to=step, by=leader, now=now)
    rebuild_days(days=[clock.local_date(now)], now=now)
    take_in([national(RECORD)], now=now)
    link = teams.make_sign_in_link(by=None, now=now, member=cast.volunteer)
    rostered = make_roster(team, point, now)
    return {
        "record": RECORD,
        "team": str(team.pk),
        "membership": str(membership.pk),
        "member": str(cast.volunteer.pk),
        "grant": str(Grant.objects.get(member=cast.volunteer).pk),
        "start": link.rstrip("/").rsplit("/", 1)[-1],
        "point": str(point.pk),
        "session": str(session.id),
        "case": str(case.pk),
        "token": case.token,
        "finished": finished.token,
        **make_volunteering(volunteer=cast.volunteer, coordinator=cast.coordinator, now=now),
        **make_drafts(cast.official, cast.province),
        **make_messages(cast.volunteer.pk, now),
        **rostered,
        **make_proposals(team, date.fromisoformat(rostered["shift_day"]), clock.now()),
        **make_sign_ups(rostered["post"], volunteer=cast.volunteer, leader=cast.leader, now=now),
        **make_attendance(team=team, volunteer=cast.volunteer, leader=cast.leader, now=now),
        **make_visits(volunteer=cast.volunteer, leader=cast.leader, now=now),
        **make_classes(leader=cast.leader, volunteer=cast.volunteer, now=now),
        **make_help(sender=team, person=cast.volunteer, leader=cast.leader, province=cast.province, now=now),
        **make_waiting(volunteer=cast.volunteer, now=now),
        "recording": _recording(cast),
    }


def _recording(cast: Cast) -> str:
    """A voice for a guide, heard by a second person."""
    recording = procedures.add_recording(
        procedure=get_procedure("birth-registration"),
        language="kpm",
        language_name="K’Ho",
        data=b"OggS" + bytes(100),
        by=actor_of(cast.volunteer, NOW),
        now=NOW,
    )
    procedures.approve_recording(recording=recording.pk, by=actor_of(cast.leader, NOW), now=NOW)
    return str(recording.pk)


def _case(volunteer: Member, phone: str) -> Case:
    return cases.open_case(
        case=cases.OpenCase(
            id=new_id(),
            commune="24848",
            name="Người Dân Mẫu",
            phone=phone,
            consent=YES,
            procedure="birth-registration",
        ),
        by=actor_of(volunteer, clock.now()),
        now=clock.now(),
    )
