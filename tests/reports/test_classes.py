"""People who came to classes: counted on the day of the class, without those taken back or cancelled."""

from datetime import timedelta

from nhipcau.core.clock import local_date
from nhipcau.learning import services
from nhipcau.reports.indicators import COUNTED
from nhipcau.reports.models import DailyFact
from nhipcau.reports.services import rebuild_days, rebuild_recent
from nhipcau.teams.access import actor_of
from tests.factories.cast import NOW, Cast
from tests.factories.classes import make_class, somebody


def test_who_was_taken_back_does_not_count(cast: Cast) -> None:
    by, today = actor_of(cast.volunteer, NOW), local_date(NOW)
    row = make_class(cast.leader, cast.volunteer)
    people = [somebody(alone="half"), somebody(), somebody()]
    services.add_attendees(class_id=row.pk, attendees=people, by=by, now=NOW)
    services.remove_attendee(attendee_id=people[1].id, by=by, now=NOW)
    rebuild_days(days=[today, today + timedelta(days=1)], now=NOW)
    facts = DailyFact.objects.filter(indicator="class_people").values_list("unit", "day", "value")
    assert set(facts) == {("24848", today, 2), ("68", today, 2), ("VN", today, 2)}
    shown = COUNTED["class_people"].columns.cells(row.attendees.get(pk=people[0].id))
    assert shown == ["Ứng dụng VNeID", "60 đến 74 tuổi", "Tự làm khoảng một nửa"]


def test_a_day_whose_request_to_count_was_lost_is_counted_in_the_night(cast: Cast) -> None:
    by, today = actor_of(cast.volunteer, NOW), local_date(NOW)
    row = make_class(cast.leader, cast.volunteer)
    services.add_attendees(class_id=row.pk, attendees=[somebody(), somebody()], by=by, now=NOW)
    assert not DailyFact.objects.filter(indicator="class_people").exists()
    later = NOW + timedelta(days=92)
    rebuild_recent(days=92, now=later)
    assert not DailyFact.objects.filter(indicator="class_people").exists()
    rebuild_recent(days=93, now=later)
    facts = DailyFact.objects.filter(indicator="class_people", unit="24848")
    assert list(facts.values_list("day", "value")) == [(today, 2)]
