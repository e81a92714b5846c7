"""Writes of places: loading is repeatable, points and kinds are kept right, strangers are refused."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from nhipcau.audit.models import Entry
from nhipcau.places import queries, services
from nhipcau.places.enums import Kind, PointKind
from nhipcau.places.models import OpeningHours, ServicePoint, Succession, Unit, UnitKind
from nhipcau.places.rules import DEFAULT_HOURS, Span, UnableToEditPoint
from nhipcau.teams.access import actor_of
from tests.factories.cast import Cast

NOW = datetime(2025, 7, 3, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def add_point(commune: str = "24848", name: str = "Trung tâm thử") -> ServicePoint:
    return services.add_service_point(
        by=None, now=NOW, commune=commune, kind=PointKind.CENTRE, name=name, address="Thôn 1"
    )


def test_the_reference_data_is_there_and_loading_again_changes_nothing() -> None:
    assert Unit.objects.count() == 34 + 3321
    assert Succession.objects.count() == 10_572
    before = Entry.objects.count()
    assert services.load_reference_data(now=datetime(2026, 11, 22, tzinfo=UTC)) is False
    assert services.load_reference_data(now=datetime(2026, 11, 23, tzinfo=UTC)) is False
    assert Entry.objects.count() - before <= 25


def test_a_kind_comes_into_force_on_its_day() -> None:
    services.refresh_kinds(day=date(2026, 9, 19))
    assert Unit.objects.get(code="24").kind == Kind.PROVINCE
    assert services.refresh_kinds(day=date(2026, 9, 20)) == 13
    assert Unit.objects.get(code="24").full_name == "Thành phố Bắc Ninh"


def test_two_kinds_at_one_time_are_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitKind.objects.create(
            unit_id="24848", kind=Kind.WARD, valid_from=date(2026, 1, 1), source="a second kind"
        )


def test_a_new_point_has_the_usual_hours() -> None:
    point = add_point()
    assert tuple(queries.spans_of(point)) == DEFAULT_HOURS
    assert queries.open_now(point, NOW)


def test_hours_are_replaced_and_checked() -> None:
    point = add_point()
    saturday = [Span(5, time(8), time(11))]
    services.set_opening_hours(by=None, now=NOW, point=point, hours=saturday)
    assert [(row.weekday, row.opens) for row in OpeningHours.objects.filter(point=point)] == [(5, time(8))]
    for wrong in ([Span(0, time(9), time(8))], [Span(0, time(8), time(10)), Span(0, time(9), time(11))]):
        with pytest.raises(services.UnableToSavePoint):
            services.set_opening_hours(by=None, now=NOW, point=point, hours=wrong)
    assert OpeningHours.objects.filter(point=point).count() == 1


@pytest.mark.parametrize(("opens", "closes"), [(time(9), time(9)), (time(12), time(9)), (time(8), time(10))])
def test_wrong_hours_are_refused_by_the_database_too(opens: time, closes: time) -> None:
    point = add_point()
    with pytest.raises(IntegrityError), transaction.atomic():
        OpeningHours.objects.create(point=point, weekday=0, opens=opens, closes=closes)


def test_a_point_is_corrected_and_closed() -> None:
    point = add_point()
    services.edit_service_point(
        by=None,
        now=NOW,
        point=point,
        kind=PointKind.KIOSK,
        name="Máy tự phục vụ",
        address="Thôn 2",
        phone="0263 000 000",
        zalo_url="https://zalo.me/1",
    )
    assert queries.points_of("24848", date(2025, 7, 3)).get().name == "Máy tự phục vụ"
    services.close_service_point(by=None, now=NOW, point=point, closed_from=date(2025, 8, 1))
    assert queries.points_of("24848", date(2025, 7, 31)).count() == 1
    assert queries.points_of("24848", date(2025, 8, 1)).count() == 0
    with pytest.raises(services.UnableToSavePoint):
        services.close_service_point(by=None, now=NOW, point=point, closed_from=date(2025, 7, 3))


@pytest.mark.parametrize(
    "values",
    [
        {"commune": "68"},
        {"commune": "99999"},
        {"name": "  "},
        {"phone": "gọi cô Lan"},
        {"zalo_url": "không phải địa chỉ"},
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(values: dict[str, str]) -> None:
    usual = {"commune": "24848", "name": "Trung tâm"}
    with pytest.raises(services.UnableToSavePoint) as caught:
        services.add_service_point(by=None, now=NOW, kind=PointKind.CENTRE, **{**usual, **values})
    assert str(caught.value)
    assert ServicePoint.objects.count() == 0


def test_two_points_of_one_name_in_one_commune_are_refused() -> None:
    add_point()
    with pytest.raises(services.UnableToSavePoint):
        add_point()
    add_point(commune="24846")


def test_only_those_who_answer_for_the_place_write(cast: Cast) -> None:
    point = add_point()
    for member in cast.everyone().values():
        actor = actor_of(member, NOW)
        allowed = actor.scope("places.edit_points").covers(commune="24848", province="68")
        if allowed:
            services.set_opening_hours(by=actor, now=NOW, point=point, hours=DEFAULT_HOURS)
        else:
            with pytest.raises(UnableToEditPoint):
                services.set_opening_hours(by=actor, now=NOW, point=point, hours=[])
    assert OpeningHours.objects.filter(point=point).count() == len(DEFAULT_HOURS)


def test_every_write_leaves_an_audit_entry(cast: Cast) -> None:
    actor = actor_of(cast.province, NOW)
    point = add_point()
    services.close_service_point(by=actor, now=NOW, point=point, closed_from=date(2026, 1, 1))
    entry = Entry.objects.filter(entity="places_servicepoint", action="update").get()
    assert entry.actor == str(cast.province.pk)
    assert entry.commune == "24848"
