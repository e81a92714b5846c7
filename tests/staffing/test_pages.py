"""The pages of those who run rosters: what they change, what they say, what they cost."""

import re
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nhipcau.core import clock
from nhipcau.core.clock import local_date
from nhipcau.places.enums import PointKind
from nhipcau.places.services import add_service_point
from nhipcau.shifts.enums import ClosureReason, ShiftState
from nhipcau.shifts.models import Closure, Post, PostRule, Shift, ShiftNeed, TeamRoster
from nhipcau.shifts.rules.needs import NeedSpec, RuleSpec
from nhipcau.shifts.services.posts import PostSpec, RuleDays, add_rule, make_post, set_needs
from nhipcau.staffing.services.closures import close_place
from nhipcau.teams.models import Team
from tests.factories.cast import NOW, Cast
from tests.factories.rosters import make_shift, make_sign_up, make_team

TODAY = local_date(clock.now())
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())


@pytest.fixture
def team(cast: Cast, client: Client) -> Team:
    client.force_login(cast.leader)
    return make_team(cast)


@pytest.fixture
def post(team: Team) -> Post:
    return make_post(
        by=None, now=NOW, team=team, post=PostSpec("Bàn hướng dẫn"), active_from=date(2025, 6, 1)
    )


def rule_of(post: Post, hour: int = 7, weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)) -> PostRule:
    times = RuleSpec(weekdays, time(hour), time(hour + 2))
    days = RuleDays(date(2025, 6, 1), on_holidays=True)
    rule = add_rule(by=None, now=NOW, post=post, times=times, days=days)
    set_needs(by=None, now=NOW, rule=rule, needs=[NeedSpec("Hướng dẫn", 1, 2, 3)])
    return rule


def text_of(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"staffing:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_post_is_made_with_its_hours_by_one_tap_and_a_fortnight_of_shifts(
    cast: Cast, team: Team, client: Client
) -> None:
    add_service_point(by=None, now=NOW, commune="24848", kind=PointKind.CENTRE, name="Trung tâm")
    page = text_of(client, "new_post", team.pk)
    point = re.search(r'<option value="([0-9a-f-]{36})" selected', page)
    assert point is not None, "the only point is chosen already"
    values = {"name": "Bàn 1", "point": point.group(1), "open_to": "commune"}
    client.post(reverse("staffing:new_post", args=[team.pk]), values)
    post = Post.objects.get()
    client.post(reverse("staffing:start_post", args=[post.pk]), {"starter": "opening"})
    assert post.rules.count() == 2
    asked = {"first": MONDAY.isoformat(), "length": "7", "posts": str(post.pk)}
    preview = text_of(client, "generate", team.pk, **asked)
    keys = re.findall(r'name="date" value="([^"]+)" checked', preview)
    assert 6 <= len(keys) <= 10  # some days may be holidays
    url = f"{reverse('staffing:generate', args=[team.pk])}?first={MONDAY}&length=7&posts={post.pk}"
    answer = client.post(url, {"date": keys[1:], "act": "draft"})
    assert answer["Location"] == f"{reverse('staffing:week', args=[team.pk])}?from={MONDAY}"
    assert Shift.objects.filter(state=ShiftState.DRAFT, open_to="commune").count() == len(keys) - 1
    client.post(reverse("staffing:open_week", args=[team.pk]), {"from": MONDAY.isoformat()})
    assert Shift.objects.filter(state=ShiftState.OPEN).count() == len(keys) - 1


def test_a_rule_and_its_roles_by_hand(team: Team, post: Post, client: Client) -> None:
    values = {"weekdays": ["5"], "starts": "18:30", "ends": "20:30", "valid_from": MONDAY.isoformat()}
    last = {"last_day": (MONDAY + timedelta(days=6)).isoformat()}
    answer = client.post(reverse("staffing:new_rule", args=[post.pk]), values | last)
    rule = post.rules.get()
    assert answer["Location"] == reverse("staffing:new_need", args=[rule.pk])
    assert rule.valid_until == MONDAY + timedelta(days=7)
    role = {"title": "Nói K’Ho", "minimum": "1", "ideal": "1", "maximum": "2"}
    client.post(answer["Location"], role | {"language_1": "kpm", "level_1": "native"})
    need = rule.needs.get()
    assert need.languages == {"kpm": "native"}
    refused = client.post(reverse("staffing:edit_need", args=[need.pk]), role | {"ideal": "3"})
    assert "at most" in refused.content.decode() or "nhiều nhất" in refused.content.decode()
    client.post(reverse("staffing:edit_need", args=[need.pk]), {"act": "remove"})
    assert not rule.needs.exists()
    client.post(reverse("staffing:end_rule", args=[rule.pk]))
    assert not post.rules.exists()


def test_a_post_needs_a_place(team: Team, client: Client) -> None:
    answer = client.post(
        reverse("staffing:new_post", args=[team.pk]), {"name": "X", "point": "", "open_to": "team"}
    )
    assert answer.context["form"].errors.keys() == {"place_name"}


def test_a_post_is_in_one_place(team: Team, post: Post, client: Client) -> None:
    """A place written beside a chosen service point is not lost without a word."""
    point = add_service_point(by=None, now=NOW, commune="24848", kind=PointKind.CENTRE, name="Trung tâm")
    values = {"name": "X", "point": str(point.pk), "place_name": "Nhà văn hóa thôn 2", "open_to": "team"}
    address = reverse("staffing:edit_post", args=[post.pk])
    assert client.post(address, values).context["form"].errors.keys() == {"point"}
    assert client.post(address, values | {"point": ""}).status_code == 302
    post.refresh_from_db()
    assert (post.point, post.place_name) == (None, "Nhà văn hóa thôn 2")


def test_the_week_says_cover_in_words_and_numbers(cast: Cast, team: Team, post: Post, client: Client) -> None:
    client.cookies["lang"] = "en"
    short = make_shift(post, day=MONDAY, minimum=2, ideal=2, maximum=3, title="A")
    full = make_shift(post, day=MONDAY, hours=(12, 13), minimum=1, ideal=1, maximum=1, title="B")
    enough = make_shift(post, day=MONDAY, hours=(14, 15), minimum=0, ideal=1, maximum=2, title="C")
    make_sign_up(short, cast.volunteer)
    make_sign_up(full, cast.volunteer)
    page = re.sub(r"\s+", " ", text_of(client, "week", team.pk, **{"from": MONDAY.isoformat()}))
    for words in ("Too few 1/3", "Full 1/1", "Enough 0/2", "1 shift has too few people"):
        assert words in page
    shift_page = text_of(client, "shift", short.shift_id)
    assert cast.volunteer.name in shift_page
    assert enough.taken == 0


def test_the_week_names_holidays_and_closures(cast: Cast, team: Team, post: Post, client: Client) -> None:
    client.cookies["lang"] = "en"
    assert "Lunar New Year&#x27;s Eve" in text_of(client, "week", team.pk, **{"from": "2026-02-16"})
    later = TODAY + timedelta(days=7)
    close_place(
        by=None, now=clock.now(), commune=cast.commune, point=None, reason=ClosureReason.FLOOD,
        starts_on=later, ends_on=later + timedelta(days=1),
    )  # fmt: skip
    page = text_of(client, "week", team.pk, **{"from": later.isoformat()})
    assert "Closed: Flood" in re.sub(r"\s+", " ", page)


def test_the_preview_and_the_week_name_a_day_worked_in_lieu(
    team: Team, post: Post, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client.cookies["lang"] = "en"
    rule_of(post, weekdays=(0, 1, 2, 3, 4))
    asked = {"first": "2026-08-21", "length": "7", "posts": str(post.pk)}
    preview = re.sub(r"\s+", " ", text_of(client, "generate", team.pk, **asked))
    words = "Working day in lieu of Monday 31/08/2026"
    assert re.findall(rf"(\w+ \d\d/\d\d/\d{{4}}) <span[^>]*>{words}", preview) == ["Saturday 22/08/2026"]
    assert re.search(r'name="date" value="[0-9a-f-]{36}:2026-08-22" checked', preview)
    assert words in text_of(client, "week", team.pk, **{"from": "2026-08-17"})


def test_what_cannot_be_is_said_with_names_and_nothing_changes(
    cast: Cast, team: Team, post: Post, client: Client
) -> None:
    need = make_shift(post, day=MONDAY)
    make_sign_up(need, cast.volunteer)
    make_sign_up(need, cast.leader)
    values = {"title": "Hướng dẫn", "minimum": "1", "ideal": "1", "maximum": "1"}
    page = client.post(reverse("staffing:edit_seats", args=[need.pk]), values).content.decode()
    assert cast.volunteer.name in page
    assert cast.leader.name in page
    assert ShiftNeed.objects.get(pk=need.pk).maximum == 2
    other = make_shift(post, day=MONDAY, hours=(13, 15))
    make_sign_up(other, cast.volunteer)
    moved = client.post(
        reverse("staffing:move_shift", args=[need.shift_id]), {"starts": "07:00", "ends": "14:00"}
    )
    assert cast.volunteer.name in moved.content.decode()


def test_a_closure_is_shown_before_it_is_made(cast: Cast, team: Team, post: Post, client: Client) -> None:
    need = make_shift(post, day=MONDAY)
    make_sign_up(need, cast.volunteer)
    day = MONDAY.isoformat()
    values = {"place": "commune", "reason": "storm", "starts_on": day, "last_day": day}
    page = text_of(client, "new_closure", team.pk, **values)
    assert "Bàn hướng dẫn" in page
    assert not Closure.objects.exists()
    client.post(reverse("staffing:new_closure", args=[team.pk]), values)
    closure = Closure.objects.get()
    assert Shift.objects.get().state == ShiftState.CANCELLED
    address = reverse("staffing:end_closure", args=[team.pk, closure.pk])
    client.post(address, {"opens_on": TODAY.isoformat()})
    assert not Closure.objects.exists()


def test_calling_off_asks_for_a_reason(cast: Cast, team: Team, post: Post, client: Client) -> None:
    need = make_shift(post, day=MONDAY)
    make_sign_up(need, cast.volunteer)
    address = reverse("staffing:call_off", args=[need.shift_id])
    assert cast.volunteer.name in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 200
    assert client.post(address, {"reason": "ill"}).status_code == 200  # the reason of one person
    assert Shift.objects.get().state == ShiftState.OPEN
    client.post(address, {"reason": "weather"})
    assert Shift.objects.get().reason == "weather"


def test_too_many_dates_are_no_preview(team: Team, client: Client) -> None:
    for number in range(5):
        post = make_post(by=None, now=NOW, team=team, post=PostSpec(f"Bàn {number}"))
        for hour in (6, 9, 12):
            rule_of(post, hour)
    keys = [str(key) for key in Post.objects.values_list("pk", flat=True)]
    query = {"first": MONDAY.isoformat(), "length": "31", "posts": keys}
    answer = client.get(reverse("staffing:generate", args=[team.pk]), query)
    assert answer.context["form"].errors
    assert b'name="date"' not in answer.content


def test_settings_are_kept(team: Team, client: Client) -> None:
    values = {
        "release_days": "30",
        "most_ahead": "4",
        "needs_confirming": "on",
        "offer_minutes": "60",
        "experienced_after": "2",
        "rest_hours": "11",
    }
    address = reverse("staffing:team_settings", args=[team.pk])
    assert client.post(address, values | {"release_days": "0"}).status_code == 200
    assert not TeamRoster.objects.exists()
    client.post(address, values)
    assert TeamRoster.objects.get().most_ahead == 4


def cost(client: Client, name: str, *args: object, **query: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        text_of(client, name, *args, **query)
    return len(seen)


@pytest.mark.parametrize(
    "name",
    [
        "teams",
        "posts",
        "team_posts",
        "week",
        "generate",
        "closures",
        "post",
    ],
)
def test_a_list_costs_the_same_for_one_row_and_three(
    cast: Cast, team: Team, post: Post, client: Client, name: str
) -> None:
    rule_of(post)
    on = [] if name in ("teams", "posts") else [post.pk] if name == "post" else [team.pk]
    query = {"from": MONDAY.isoformat()} if name == "week" else {}
    counts = []
    for number in (1, 2, 3):
        make_team(cast, name=f"Đội {number}") if name == "teams" else None
        extra = make_post(by=None, now=NOW, team=team, post=PostSpec(f"Bàn {number}"))
        rule_of(extra)
        rule_of(post, 8 + number)
        make_sign_up(make_shift(extra, day=MONDAY + timedelta(days=number)), cast.volunteer)
        shut = MONDAY + timedelta(days=20 + 2 * number)
        Closure.objects.create(
            commune=cast.commune, reason="storm", starts_on=shut, ends_on=shut + timedelta(days=1)
        )
        if name == "generate":
            query = {"first": MONDAY.isoformat(), "length": "7", "posts": str(extra.pk)}
        counts.append(cost(client, name, *on, **query))
    assert counts == [COSTS[name]] * 3


# With the session, the member and the roles.
COSTS = {
    "teams": 5, "posts": 5, "team_posts": 6, "week": 8, "generate": 9, "closures": 6, "post": 6,
}  # fmt: skip


def test_one_shift_costs_the_same_for_one_person_and_three(
    cast: Cast, team: Team, post: Post, client: Client
) -> None:
    need = make_shift(post, day=MONDAY, maximum=3)
    counts = []
    for member in (cast.volunteer, cast.leader, cast.coordinator):
        make_sign_up(need, member)
        counts.append(cost(client, "shift", need.shift_id))
    assert counts == [7, 7, 7]


def test_opening_one_post_leaves_the_others(team: Team, post: Post, client: Client) -> None:
    other = make_post(by=None, now=NOW, team=team, post=PostSpec("Chợ"))
    for one in (post, other):
        make_shift(one, day=MONDAY, state=ShiftState.DRAFT)
    address = reverse("staffing:open_week", args=[team.pk])
    page = text_of(client, "week", team.pk, **{"from": MONDAY.isoformat(), "post": str(post.pk)})
    assert f'name="post" value="{post.pk}"' in page
    client.post(address, {"from": MONDAY.isoformat(), "post": str(post.pk)})
    assert Shift.objects.get(state=ShiftState.OPEN).post == post
    assert client.post(address, {"from": MONDAY.isoformat(), "post": "nonsense"}).status_code == 404
    client.post(address, {"from": MONDAY.isoformat()})
    assert Shift.objects.filter(state=ShiftState.OPEN).count() == 2


def test_many_posts_turn_pages(team: Team, client: Client) -> None:
    for number in range(8):
        make_shift(make_post(by=None, now=NOW, team=team, post=PostSpec(f"Bàn {number}")), day=MONDAY)
    first, second = (
        text_of(client, "week", team.pk, **{"from": MONDAY.isoformat(), "page": page}) for page in ("1", "2")
    )
    assert (first.count('class="nc-shift '), second.count('class="nc-shift ')) == (6, 2)
