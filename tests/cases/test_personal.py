"""Personal data lies nowhere in clear, is forgotten in time, and no field asks for a secret."""

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.db import connection
from django.http import Http404
from django.utils import translation

from nhipcau.cases import services
from nhipcau.cases.models import Case, CaseEvent, Dossier
from nhipcau.citizens import services as citizens
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.models import Citizen
from nhipcau.citizens.services import GivenConsent
from nhipcau.core import clock
from nhipcau.teams.access import MemberActor, actor_of
from tests.cases.conftest import NAME, open_case, session
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def everything() -> Iterator[tuple[str, str]]:
    """Every row of every table as text, catalogue and reference tables apart."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("places_former", "places_succession", "procedures_", "django_")):
                continue
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row


def clear(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(table, word) for table, row in everything() for word in words if word in row]


SECRETS = (NAME, "Dân Mẫu", "633000111", "0633 000 111", "Nhà cuối thôn")


def test_the_raw_database_holds_neither_name_nor_phone_nor_note(volunteer: MemberActor) -> None:
    done = services.record_session(session=session(volunteer), by=volunteer, now=NOW).session
    case = open_case(volunteer, NOW, session=done.pk, helping_language="kpm")
    services.add_note(case_id=case.pk, note="Nhà cuối thôn", by=volunteer, now=NOW)
    services.show_person(case_id=case.pk, by=volunteer, now=NOW)
    assert clear(SECRETS) == []
    assert clear((case.token,)) == []
    tables = {table for table, _row in everything()}
    assert {"cases_case", "cases_caseevent", "citizens_citizen", "audit_entry"} <= tables


def test_an_erased_case_keeps_no_dossier_code(volunteer: MemberActor) -> None:
    """With the code anybody finds the person's file on the official portal. The figure stays."""
    case = open_case(volunteer, NOW)
    for number in ("000001", "000002"):
        services.add_dossier(
            case_id=case.pk, code=f"G22.99.08-250703-{number}", submitted_on=clock.local_date(NOW),
            submitted_by_citizen=True, by=volunteer, now=NOW,
        )  # fmt: skip
    services.withdraw_consent(case_id=case.pk, by=volunteer, now=NOW)
    assert Dossier.objects.filter(case=case).count() == 2
    assert clear(("250703-00000",)) == []


def test_the_check_would_see_a_name_in_clear(cast: Cast, volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE citizens_citizen SET name = %s", [NAME])
    assert ("citizens_citizen", NAME) in clear(SECRETS)
    assert case.citizen_id


def test_errors_never_name_the_person(volunteer: MemberActor) -> None:
    open_case(volunteer, NOW)
    with pytest.raises(citizens.UnableToRegisterKnownPhone) as refusal:
        open_case(volunteer, NOW)
    assert not any(secret in str(refusal.value) for secret in SECRETS)


def test_withdrawing_forgets_notes_token_and_link(volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    services.add_note(case_id=case.pk, note="Nhà cuối thôn", by=volunteer, now=NOW)
    services.withdraw_consent(case_id=case.pk, by=volunteer, now=NOW)
    found = Case.objects.get(pk=case.pk)
    assert (found.citizen_id, found.token, found.token_hash, found.erased_at) == (None, "", None, NOW)
    assert found.state == "opened"
    assert {event.note for event in CaseEvent.objects.all()} == {""}
    assert CaseEvent.objects.order_by("id").last().kind == "erased"  # type: ignore[union-attr]  # there are events


def test_another_purpose_keeps_the_person_but_not_the_case(volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    assert case.citizen is not None
    citizens.record_consent(
        citizen=case.citizen,
        consent=GivenConsent(Purpose.LEARNING, ConsentMethod.SIGNED),
        by=volunteer,
        now=NOW,
    )
    services.withdraw_consent(case_id=case.pk, by=volunteer, now=NOW)
    assert Case.objects.get(pk=case.pk).citizen_id is None
    assert Citizen.objects.get().erased_at is None


def test_erasing_a_person_reaches_all_their_cases(cast: Cast, volunteer: MemberActor) -> None:
    first = open_case(volunteer, NOW)
    open_case(volunteer, NOW, known_citizen=first.citizen_id)
    with pytest.raises(Http404):
        services.erase_person(case_id=first.pk, by=volunteer, now=NOW)
    coordinator = actor_of(cast.coordinator, NOW)
    services.erase_person(case_id=first.pk, by=coordinator, now=NOW)
    assert not Case.objects.filter(erased_at__isnull=True).exists()


def test_each_case_is_forgotten_at_its_own_end(volunteer: MemberActor) -> None:
    old = open_case(volunteer, NOW, keep_months=1)
    services.move_case(case_id=old.pk, to="closed_done", by=volunteer, now=NOW)
    live = open_case(volunteer, NOW, known_citizen=old.citizen_id)
    later = NOW + timedelta(days=40)
    assert citizens.erase_due(now=later) == 0
    assert services.erase_due(now=later) == 1
    assert services.erase_due(now=later) == 0
    assert Case.objects.get(pk=old.pk).citizen_id is None
    assert Case.objects.get(pk=live.pk).citizen_id is not None
    far = NOW + timedelta(days=400)
    assert citizens.erase_due(now=far) == 1
    assert Case.objects.get(pk=live.pk).citizen_id is None
    assert services.erase_due(now=far) == 0


def test_who_may_see_the_person(cast: Cast, volunteer: MemberActor) -> None:
    case = open_case(volunteer, NOW)
    for part, member in cast.everyone().items():
        try:
            services.show_person(case_id=case.pk, by=actor_of(member, NOW), now=NOW)
        except Http404:
            assert part not in ("volunteer", "leader", "official", "coordinator")
        else:
            assert part in ("volunteer", "leader", "official", "coordinator")


def test_cases_in_bulk(volunteer: MemberActor) -> None:
    now = clock.now()
    many = [
        services.NewCase(
            id=case_id,
            commune="24848",
            name=f"Người Mẫu {'ABC'[number % 3]}",
            phone=f"063300{number:04}",
            consent=GivenConsent(Purpose.FOLLOW_UP, ConsentMethod.SIGNED),
            opened_at=NOW,
            opened_by=volunteer.id,
            procedure="birth-registration",
            steps=(
                services.Step("papers_ready", NOW),
                services.Step("submitted", NOW + timedelta(hours=1)),
                services.Step("result_ready", NOW + timedelta(days=1)),
                services.Step("closed_done", NOW + timedelta(days=1)),
            ),
            dossiers=(services.FiledDossier("G22.99.08-250703-000001", clock.local_date(NOW), True),),
            stars=1 + number % 5,
        )
        for number, case_id in enumerate(session(volunteer).id for _each in range(60))
    ]
    assert services.open_cases_in_bulk(cases=many, by=None, now=now) == 60
    assert (Case.objects.count(), Dossier.objects.count(), CaseEvent.objects.count()) == (60, 60, 300)
    case = Case.objects.select_related("citizen").first()
    assert case is not None
    assert case.citizen is not None
    assert case.keep_until > clock.local_date(now)
    assert citizens.erase_due(now=now) == services.erase_due(now=now) == 0
    assert case.procedure_version is not None


def test_bulk_refuses_an_impossible_life(volunteer: MemberActor) -> None:
    wrong = services.NewCase(
        id=session(volunteer).id,
        commune="24848",
        name=NAME,
        phone="",
        consent=GivenConsent(Purpose.FOLLOW_UP, ConsentMethod.SIGNED),
        opened_at=NOW,
        opened_by=volunteer.id,
        topic="vneid",
        steps=(services.Step("result_ready", NOW),),
    )
    with pytest.raises(services.UnableToMove):
        services.open_cases_in_bulk(cases=[wrong], by=None, now=NOW)
    assert not Citizen.objects.exists()


# Words that would ask for a secret, an identity paper or an origin.
ASKS = re.compile(
    r"password|passcode|\botp\b|one.?time|identity (card|number)|\bid number|cccd|cmnd|mật khẩu|dân tộc"
    r"|ethnic|religion|birth date|date of birth|fingerprint|image|photo",
    re.IGNORECASE,
)


def form_fields() -> Iterator[tuple[str, forms.Field]]:
    """Every field of every form of our own rooms."""
    for config in apps.get_app_configs():
        module = f"{config.name}.forms"
        if not config.name.startswith("nhipcau.") or find_spec(module) is None:
            continue
        for form in vars(import_module(module)).values():
            if isinstance(form, type) and issubclass(form, forms.BaseForm) and form.__module__ == module:
                for name, field in getattr(form, "base_fields", {}).items():
                    yield f"{config.label}.{form.__name__}.{name}", field


@pytest.mark.parametrize("language", ["vi", "en", "th"])
def test_no_form_asks_for_a_secret(language: str) -> None:
    """A member's own password, to sign in, is the one exception."""
    with translation.override(language):
        labels = {where: f"{where} {field.label}" for where, field in form_fields()}
    assert len(labels) > 20
    asked = {where.rpartition(".")[0] for where, text in labels.items() if ASKS.search(text)}
    assert asked <= {"teams.FirstPasswordForm", "teams.ChangePasswordForm"}


def test_no_form_takes_a_file_and_no_column_asks_for_a_secret() -> None:
    assert not [where for where, field in form_fields() if isinstance(field, forms.FileField)]
    asked: list[Any] = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("nhipcau.")
        for field in model._meta.fields
        if ASKS.search(f"{field.name} {field.verbose_name}")
    ]
    assert asked == ["Member.password"]
