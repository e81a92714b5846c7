"""A post with a rule, a fortnight of shifts and a closure: made through the services, for the pages."""

from datetime import datetime, time, timedelta

from nhipcau.core.clock import local_date
from nhipcau.places.models import ServicePoint
from nhipcau.shifts.enums import ClosureReason
from nhipcau.shifts.models import ShiftNeed
from nhipcau.shifts.queries.posts import rules_to_plan
from nhipcau.shifts.rules.needs import NeedSpec, RuleSpec
from nhipcau.shifts.services import posts, shifts
from nhipcau.staffing.services import closures
from nhipcau.teams.models import Team

EVERY_DAY = tuple(range(7))


def make_roster(team: Team, point: ServicePoint | None, now: datetime) -> dict[str, str]:
    """The ids for addresses; the shift is a week from now, open, and nobody is on it."""
    today = local_date(now)
    what = posts.PostSpec("Bàn hướng dẫn Mẫu", point=point, place_name="" if point else "Nhà văn hoá Mẫu")
    post = posts.make_post(by=None, now=now, team=team, post=what, active_from=today)
    days = posts.RuleDays(valid_from=today, on_holidays=True)
    times = RuleSpec(EVERY_DAY, time(7), time(11, 30))
    rule = posts.add_rule(by=None, now=now, post=post, times=times, days=days)
    speaks = NeedSpec("Nói tiếng K’Ho", languages={"kpm": "good"})
    needs = [NeedSpec("Hướng dẫn", minimum=1, ideal=2, maximum=3), speaks]
    role, _other = posts.set_needs(by=None, now=now, rule=rule, needs=needs)
    rules = list(rules_to_plan(team, [post.pk]))
    start, end = today + timedelta(days=7), today + timedelta(days=14)
    made = shifts.generate_shifts(by=None, now=now, rules=rules, start=start, end=end, open_at_once=True).made
    closure, _shifts, _people = closures.close_place(
        by=None,
        now=now,
        commune=team.commune,
        point=point,
        reason=ClosureReason.BUILDING,
        starts_on=today + timedelta(days=30),
        ends_on=today + timedelta(days=32),
    )
    seats = ShiftNeed.objects.filter(shift_id=made[0]).order_by("position")[0]
    return {
        "post": str(post.pk),
        "rule": str(rule.pk),
        "role": str(role.pk),
        "shift": str(made[0]),
        "shift_day": start.isoformat(),
        "seats": str(seats.pk),
        "closure": str(closure.pk),
    }
