"""The demo's home visits of the home commune: two today and one tomorrow, for the volunteer who signs in."""

from datetime import datetime, time, timedelta
from typing import Final

from nhipcau.cases.enums import CLOSED_STATES, Topic
from nhipcau.cases.models import Case
from nhipcau.core.clock import VIETNAM, local_date
from nhipcau.core.ids import new_id
from nhipcau.portal.services.demo_people import HOME_COMMUNE, Crew
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.visits import services as visits

VOLUNTEER_LOGIN: Final = "tinhnguyen"
LASTS: Final = timedelta(minutes=90)
# Days from today, beginning, topic (None: that of an open case), hamlet, how to find it, what to know.
_VISITS: Final = (
    (0, time(9, 0), None, "Thôn 2", "Nhà mái xanh, sau nhà văn hoá (mẫu)", "Gõ cửa to, bà cụ nghe kém."),
    (0, time(14, 30), Topic.VNEID, "Thôn 4", "Cuối dốc, cạnh vườn hồng (mẫu)", "Điện thoại đời cũ."),
    (1, time(8, 0), Topic.PORTAL_ACCOUNT, "Thôn 6", "Đầu ngõ có cây xoài (mẫu)", "Nói tiếng K’Ho."),
)


def make_visits(crews: list[Crew], *, now: datetime) -> None:
    """The volunteer goes with another of the team; the first visit follows a case."""
    home = next(crew for crew in crews if crew.unit.code == HOME_COMMUNE)
    leader = actor_of(Member.objects.get(pk=home.members[0]), now)
    volunteer = Member.objects.get(username=VOLUNTEER_LOGIN)
    companion = next(member for member in home.members[1:] if member != volunteer.pk)
    cases = Case.objects.filter(commune=HOME_COMMUNE, erased_at__isnull=True)
    case = cases.exclude(state__in=CLOSED_STATES).order_by("opened_at", "id")[0]
    for days, begins, topic, hamlet, address, notes in _VISITS:
        starts_at = datetime.combine(local_date(now) + timedelta(days=days), begins, tzinfo=VIETNAM)
        plan = visits.NewVisit(
            id=new_id(now),
            commune=HOME_COMMUNE,
            starts_at=starts_at,
            ends_at=starts_at + LASTS,
            visitors=(volunteer.pk, companion),
            procedure="" if topic else str(case.procedure_id or ""),
            topic=topic or case.topic,
            case=None if topic else case.pk,
            hamlet=hamlet,
            address=address,
            notes=notes,
        )
        visits.plan_visit(visit=plan, by=leader, now=now)
