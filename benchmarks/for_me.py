"""What the first screen of a volunteer costs when the whole province has shifts.

    python benchmarks/for_me.py [--province 68] [--days 28] [--home FOLDER]

Needs nothing but the product: it starts a database of its own, gives every commune of the province a team
with two posts, two half-days a day (124 communes x 28 days x 2 posts x 2 = 13,888 shifts in Lâm Đồng), all
open to whoever can come so far, and asks for the page as three people: one who stays in the commune, one who
goes 30 km, one who goes 300 km. Printed: queries, bytes, milliseconds; beside it the same page when only the
own commune has shifts, so that the ratio shows what size costs. Leaves with 1 above 10 queries or 60 KB.
"""

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from config.cli import database, say  # noqa: E402 - found through the line above
from config.prepare import prepare  # noqa: E402 - as above

HOME = "24848"
MOST_QUERIES, MOST_BYTES = 10, 60_000


def make_shifts(communes: list[str], days: int) -> int:
    """Teams, posts, shifts and needs of these communes, in bulk."""
    from nhipcau.core import clock  # noqa: PLC0415 - Django stands only now
    from nhipcau.core.ids import new_id  # noqa: PLC0415
    from nhipcau.shifts.models import Post, Shift, ShiftNeed  # noqa: PLC0415
    from nhipcau.teams.models import Team  # noqa: PLC0415

    now, today = clock.now(), clock.local_date(clock.now())
    teams = [
        Team(id=new_id(), name=f"Bench {code}", commune_id=code, starts_on=today - timedelta(days=30))
        for code in communes
    ]
    posts = [
        Post(
            id=new_id(),
            team_id=team.pk,
            commune_id=team.commune_id,
            name=f"Bench {name}",
            open_to="reach",
            active_from=today,
        )
        for team in teams
        for name in ("A", "B")
    ]
    shifts = []
    for post in posts:
        for number in range(days):
            day = today + timedelta(days=number + 1)
            for hour, length in ((7, 4.5), (13, 4)):
                start = datetime(day.year, day.month, day.day, hour, tzinfo=clock.VIETNAM)
                shifts.append(
                    Shift(
                        id=new_id(),
                        post_id=post.pk,
                        team_id=post.team_id,
                        commune_id=post.commune_id,
                        day=day,
                        starts_at=start,
                        ends_at=start + timedelta(hours=length),
                        state="open",
                        open_to="reach",
                        opened_at=now,
                        made_at=now,
                    )
                )
    Team.objects.bulk_create(teams, batch_size=1000)
    Post.objects.bulk_create(posts, batch_size=1000)
    Shift.objects.bulk_create(shifts, batch_size=2000)
    needs = [ShiftNeed(id=new_id(), shift=shift, title="Bench", maximum=3, ideal=2) for shift in shifts]
    ShiftNeed.objects.bulk_create(needs, batch_size=2000)
    from django.db import connection  # noqa: PLC0415 - as above

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return len(shifts)


def make_person(reach: int) -> Any:
    """A volunteer of the home commune's team who goes so far."""
    from nhipcau.core import clock  # noqa: PLC0415 - as above
    from nhipcau.core.ids import new_id  # noqa: PLC0415
    from nhipcau.teams import services as teams  # noqa: PLC0415
    from nhipcau.teams.models import Team  # noqa: PLC0415
    from nhipcau.volunteers.models import VolunteerProfile  # noqa: PLC0415

    now = clock.now()
    member = teams.register_member(
        by=None, now=now, username=f"bench{new_id().hex}", name=f"Bench {reach}", commune=HOME
    )
    teams.grant_role(by=None, now=now, member=member, role="volunteer", unit_code=HOME)
    team = Team.objects.get(commune_id=HOME, name=f"Bench {HOME}")
    teams.add_to_team(by=None, now=now, team=team, member=member, starts_on=clock.local_date(now))
    VolunteerProfile.objects.create(member=member, reach_km=reach, updated_at=now)
    return member


def measure(member: Any) -> tuple[int, int, int, float]:
    """Queries, bytes, shifts shown and milliseconds (the middle of 15) of the page."""
    from django.db import connection  # noqa: PLC0415 - as above
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    browser = Client()
    browser.force_login(member)
    browser.get("/roster/")
    with CaptureQueriesContext(connection) as queries:
        response = browser.get("/roster/")
    asked = len(queries)  # now: the next request empties the log
    assert response.status_code == 200
    seconds = []
    for _time in range(15):
        started = time.perf_counter()
        browser.get("/roster/")
        seconds.append(time.perf_counter() - started)
    shown = response.content.count(b'name="tap"')
    return asked, len(response.content), shown, 1000 * statistics.median(seconds)


def explain(member: Any) -> str:
    """How long the database itself works on the list."""
    from django.db import connection  # noqa: PLC0415 - as above
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from nhipcau.core import clock  # noqa: PLC0415
    from nhipcau.signups.queries.for_me import for_me  # noqa: PLC0415

    with CaptureQueriesContext(connection) as queries:
        for_me(member.pk, now=clock.now())
    listed = next(query["sql"] for query in queries if "ROW_NUMBER" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {listed}")
        lines = [row[0] for row in cursor.fetchall()]
    scans = sorted({line.split("->")[-1].split("  (")[0].strip() for line in lines if " Scan" in line})
    return "; ".join([*(line.strip() for line in lines[-2:]), *scans])


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--province", default="68")
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--home", default="", help="state folder to use again; else a new one, removed after")
    wanted = parser.parse_args()
    with contextlib.ExitStack() as stack:
        home = wanted.home or stack.enter_context(tempfile.TemporaryDirectory())
        os.environ["NHIPCAU_HOME"] = home
        stack.enter_context(database())
        prepare(say)
        import django  # noqa: PLC0415 - reads the environment

        django.setup()
        return run(wanted.province, wanted.days)


def run(province: str, days: int) -> int:
    from django.conf import settings  # noqa: PLC0415 - as above
    from django.db import transaction  # noqa: PLC0415

    from nhipcau.places.models import Unit  # noqa: PLC0415

    settings.ALLOWED_HOSTS.append("testserver")
    good = True
    base: dict[int, float] = {}
    codes = list(Unit.objects.filter(parent_id=province).order_by("code").values_list("code", flat=True))
    for communes in ([HOME], codes):
        with transaction.atomic():
            count = make_shifts(communes, days)
            for reach in (0, 30, 300):
                member = make_person(reach)
                queries, size, shown, milliseconds = measure(member)
                ratio = milliseconds / base.setdefault(reach, milliseconds)
                print(
                    f"{count:6d} shifts, reach {reach:3d} km: {queries} queries, {size / 1000:.1f} KB, "
                    f"{shown} shown, {milliseconds:.0f} ms, {ratio:.2f} of the small one"
                )
                print(f"       {explain(member)}")
                good = good and queries <= MOST_QUERIES and size <= MOST_BYTES
            transaction.set_rollback(True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
