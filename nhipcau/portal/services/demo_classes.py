"""The demo's classes of the home commune: one held last week, one this evening, one tomorrow."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Final

from nhipcau.cases.enums import AgeBand, Alone, Topic
from nhipcau.core.clock import VIETNAM, local_date
from nhipcau.core.ids import new_id
from nhipcau.learning import services as learning
from nhipcau.portal.services.demo_people import HOME_COMMUNE, Crew
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member

SEED: Final = 20250703
VOLUNTEER_LOGIN: Final = "tinhnguyen"
BEGINS, LASTS = time(19, 0), timedelta(minutes=90)
CAME: Final = 34
# Days from today, topic, title, place.
_CLASSES: Final = (
    (-6, Topic.VNEID, "Dùng VNeID trên điện thoại của mình", "Nhà văn hoá thôn 1"),
    (0, Topic.PORTAL_ACCOUNT, "Tự nộp hồ sơ trên Cổng Dịch vụ công", "Nhà văn hoá thôn 3"),
    (1, Topic.SCAM_WORRY, "Nhận ra cuộc gọi lừa đảo", "Nhà văn hoá thôn 5"),
)
_AGES: Final = (AgeBand.FROM_18, AgeBand.FROM_35, AgeBand.FROM_60, AgeBand.FROM_75)


def make_classes(crews: list[Crew], *, now: datetime) -> None:
    """Taught by the volunteer who signs in; the first with everybody who came."""
    random = Random(SEED)  # noqa: S311 - a repeatable demo, not a secret
    home = next(crew for crew in crews if crew.unit.code == HOME_COMMUNE)
    leader = actor_of(Member.objects.get(pk=home.members[0]), now)
    volunteer = actor_of(Member.objects.get(username=VOLUNTEER_LOGIN), now)
    for days, topic, title, place in _CLASSES:
        day = local_date(now) + timedelta(days=days)
        starts_at = datetime.combine(day, BEGINS, tzinfo=VIETNAM)
        plan = learning.NewClass(
            id=new_id(now),
            commune=HOME_COMMUNE,
            starts_at=starts_at,
            ends_at=starts_at + LASTS,
            trainers=(volunteer.id,),
            topic=topic,
            title=title,
            place=place,
            expected=30,
        )
        learning.plan_class(plan=plan, by=leader, now=now)
        if days < 0:
            came = [_somebody(starts_at + LASTS, random) for _person in range(CAME)]
            learning.add_attendees(class_id=plan.id, attendees=came, by=volunteer, now=now)
            learning.close_class(class_id=plan.id, by=volunteer, now=now)


def _somebody(at: datetime, random: Random) -> learning.NewAttendee:
    return learning.NewAttendee(
        id=new_id(at),
        at=at,
        age_band=random.choices(_AGES, weights=(2, 5, 6, 3))[0],
        language=random.choice(("vi", "vi", "kpm")),
        alone=random.choice((Alone.ALL_ALONE, Alone.MOSTLY_ALONE, Alone.MOSTLY_ALONE, Alone.HALF)),
    )
