"""A person is written down with a yes and an end date, and forgotten in time."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from nhipcau.audit.queries import entries_of
from nhipcau.citizens import services
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.citizens.models import Citizen, Consent, ConsentWords
from nhipcau.citizens.queries import consent_words, with_phone
from nhipcau.citizens.rules import UnableToReadName, UnableToWriteDown
from nhipcau.citizens.services import (
    GivenConsent,
    NewCitizen,
    UnableToFindCitizen,
    UnableToKeep,
    UnableToRegisterKnownPhone,
)
from nhipcau.citizens.signals import erased
from nhipcau.core.scope import Actor
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db

NAME, PHONE = "Người Dân Mẫu", "0633 000 111"
YES = GivenConsent(Purpose.FOLLOW_UP, ConsentMethod.SPOKEN_WITNESSED)


@pytest.fixture
def volunteer(cast: Cast) -> Actor:
    return actor_of(cast.volunteer, NOW)


def new(**changes: Any) -> NewCitizen:
    values: dict[str, Any] = {
        "commune": "24848",
        "name": NAME,
        "phone": PHONE,
        "keep_until": date(2026, 1, 31),
        "consent": YES,
    }
    return NewCitizen(**(values | changes))


def register(by: Actor | None, now: datetime = NOW, **changes: Any) -> Citizen:
    another = changes.pop("another_person", False)
    return services.register_citizen(citizen=new(**changes), another_person=another, by=by, now=now)


def test_a_person_is_kept_encrypted_with_the_words_they_heard(volunteer: Actor) -> None:
    citizen = register(volunteer)
    found = Citizen.objects.get(pk=citizen.pk)
    assert (found.name, found.phone, found.keep_until) == (NAME, "+84633000111", date(2026, 1, 31))
    consent = found.consents.get()
    assert consent.recorded_by == volunteer.id
    assert consent.words.words == consent_words(Purpose.FOLLOW_UP, "vi").text
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM citizens_citizen c")
        raw = cursor.fetchone()[0]
    assert "Mẫu" not in raw
    assert "633000111" not in raw


def test_words_of_each_language_and_purpose_are_kept_once(volunteer: Actor) -> None:
    for number in range(3):
        register(volunteer, phone=f"063300020{number}")
    register(
        volunteer, phone="0633000300", consent=GivenConsent(Purpose.FOLLOW_UP, ConsentMethod.SIGNED, "en")
    )
    assert {words.language for words in ConsentWords.objects.all()} == {"vi", "en"}


def test_a_known_number_is_offered_first_and_the_family_is_allowed(volunteer: Actor) -> None:
    first = register(volunteer)
    with pytest.raises(UnableToRegisterKnownPhone) as refusal:
        register(volunteer, name="Người Nhà Mẫu", phone="+84 633 000 111")
    assert [citizen.pk for citizen in refusal.value.known] == [first.pk]
    assert NAME not in str(refusal.value)
    assert "633" not in str(refusal.value)
    register(volunteer, name="Người Nhà Mẫu", another_person=True)
    assert with_phone("+84633000111").count() == 2


def test_the_same_number_elsewhere_or_none_at_all_is_no_match(volunteer: Actor) -> None:
    register(volunteer)
    register(volunteer, commune="24846")
    register(volunteer, phone="")
    register(volunteer, phone="")
    assert Citizen.objects.count() == 4
    assert with_phone("").count() == 0


def test_there_is_always_an_end(volunteer: Actor) -> None:
    for day in (date(2025, 7, 2), date(2027, 7, 10)):
        with pytest.raises(UnableToKeep):
            register(volunteer, keep_until=day)
    with pytest.raises(IntegrityError), transaction.atomic():
        Citizen.objects.create(commune_id="24848", name="x", phone="", registered_at=NOW)


def test_nothing_stays_of_a_refused_registration(volunteer: Actor) -> None:
    with pytest.raises(UnableToReadName):
        register(volunteer, name="\U0001f600")
    with pytest.raises(UnableToWriteDown):
        register(volunteer, name="Mẫu 068000000000")
    assert not Citizen.objects.exists()
    assert not Consent.objects.exists()


def test_taking_back_the_last_yes_erases_at_once(volunteer: Actor) -> None:
    citizen = register(volunteer)
    services.record_consent(
        citizen=citizen, consent=GivenConsent(Purpose.LEARNING, ConsentMethod.SIGNED), by=volunteer, now=NOW
    )
    assert not services.withdraw_consent(
        citizen_id=citizen.pk, purpose=Purpose.FOLLOW_UP, by=volunteer, now=NOW
    )
    assert Citizen.objects.get(pk=citizen.pk).erased_at is None
    assert services.withdraw_consent(citizen_id=citizen.pk, purpose=Purpose.LEARNING, by=volunteer, now=NOW)
    assert Citizen.objects.get(pk=citizen.pk).erased_at is not None


def test_saying_yes_twice_is_one_consent(volunteer: Actor) -> None:
    citizen = register(volunteer)
    again = services.record_consent(citizen=citizen, consent=YES, by=volunteer, now=NOW)
    assert Consent.objects.get().pk == again.pk


def test_erasing_leaves_an_empty_row_and_tells_the_rooms_above(volunteer: Actor) -> None:
    citizen = register(volunteer, helping_language="kpm")
    heard: list[Any] = []

    def hear(sender: Any, **told: Any) -> None:
        heard.append(told["citizen_ids"])

    erased.connect(hear)
    try:
        services.erase_citizen(citizen_id=citizen.pk, by=volunteer, now=NOW)
    finally:
        erased.disconnect(hear)
    found = Citizen.objects.get(pk=citizen.pk)
    assert (found.name, found.phone, found.phone_index, found.helping_language) == ("", "", "", "")
    assert found.erased_at == NOW
    assert heard == [[citizen.pk]]
    assert Consent.objects.get().withdrawn_at == NOW
    with pytest.raises(UnableToFindCitizen):
        services.erase_citizen(citizen_id=citizen.pk, by=volunteer, now=NOW)


def test_if_a_room_above_cannot_forget_nothing_is_erased(volunteer: Actor) -> None:
    citizen = register(volunteer)

    def refuse(sender: Any, **told: Any) -> None:
        raise RuntimeError("cannot forget")

    erased.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            services.erase_citizen(citizen_id=citizen.pk, by=volunteer, now=NOW)
    finally:
        erased.disconnect(refuse)
    assert Citizen.objects.get(pk=citizen.pk).name == NAME


def test_the_retention_job_erases_what_is_due_and_only_that(volunteer: Actor) -> None:
    due = register(volunteer, keep_until=date(2025, 7, 10))
    kept = register(volunteer, phone="0633000222", keep_until=date(2025, 7, 11))
    later = NOW + timedelta(days=8)
    assert services.erase_due(now=later) == 1
    assert services.erase_due(now=later) == 0
    assert Citizen.objects.get(pk=due.pk).erased_at is not None
    assert Citizen.objects.get(pk=kept.pk).erased_at is None


def test_the_database_refuses_an_erased_row_with_a_name(volunteer: Actor) -> None:
    citizen = register(volunteer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Citizen.objects.filter(pk=citizen.pk).update(erased_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Citizen.objects.filter(pk=citizen.pk).update(erased_at=NOW, phone_index="", name="", phone="0633")


def test_a_person_may_see_what_is_held_and_the_look_is_recorded(volunteer: Actor) -> None:
    citizen = register(volunteer)
    held = services.export_for_citizen(citizen=citizen, by=volunteer, now=NOW)
    assert (held.name, held.phone) == (NAME, "+84633000111")
    assert held.consents[0].words == consent_words(Purpose.FOLLOW_UP, "vi").text
    actions = sorted(entry.action for entry in entries_of("citizens_citizen", str(citizen.pk)))
    assert actions == ["insert", "read"]


def test_the_trail_holds_no_personal_data(volunteer: Actor) -> None:
    citizen = register(volunteer, helping_language="kpm")
    services.erase_citizen(citizen_id=citizen.pk, by=volunteer, now=NOW)
    kept = " ".join(str(entry.changes) for entry in entries_of("citizens_citizen", str(citizen.pk)))
    assert "erased_at" in kept
    for secret in ("Mẫu", "633000111", "kpm", "gAAAA"):
        assert secret not in kept


def test_bulk_checks_each_like_one(volunteer: Actor) -> None:
    many = [new(phone=f"06330{number:05}", name=f"Mẫu Số {number % 9}") for number in range(50)]
    assert len(services.register_citizens_in_bulk(citizens=many, by=None, now=NOW)) == 50
    assert Consent.objects.count() == 50
    with pytest.raises(UnableToReadName):
        services.register_citizens_in_bulk(citizens=[*many[:3], new(name="1")], by=None, now=NOW)
    assert Citizen.objects.count() == 50


@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_the_words_change_their_hash_with_purpose_and_language(language: str) -> None:
    hashes = {consent_words(purpose, language).sha256 for purpose in Purpose}
    assert len(hashes) == len(Purpose)
