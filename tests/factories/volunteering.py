"""One of everything that the room of volunteers keeps, for pages to look at; what somebody holds on a day."""

from datetime import date, datetime, timedelta
from io import BytesIO

from nhipcau.core.sheets import Sheet, write_book
from nhipcau.signups.queries.facts import member_facts
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.volunteers import services
from tests.factories.cast import NOW


def held_on(member: Member, day: date) -> set[str]:
    """The codes a member holds on a day, with all they include, as rosters read them."""
    facts = member_facts([member.pk], start=day, end=day + timedelta(days=1), now=NOW)[member.pk]
    return {code for code in facts.qualifications if facts.has(code, day)}


def make_volunteering(*, volunteer: Member, coordinator: Member, now: datetime) -> dict[str, str]:
    """A claim, a request to join, a badge and a table, by the names that addresses use."""
    leading, own = actor_of(coordinator, now), actor_of(volunteer, now)
    claim = services.claim_qualification(by=own, now=now, code="trainer", evidence="Lớp tập huấn (mẫu)")
    asked = services.send_application(
        now=now, commune="24848", name="Mẫu Thị Đào", phone="0600 111 222", spoken=["vi", "kpm"],
        qualifications=["motorbike"], message="Tôi rảnh buổi tối.",
    )  # fmt: skip
    badge = services.renew_badge(by=own, now=now, member=volunteer)
    rows = [["Mẫu Văn Một", "24848"], ["", "24848"], ["Mẫu Văn Hai", "Không có xã này"]]
    book = BytesIO(write_book([Sheet("A", ["name", "commune"], rows)]))
    table = services.take_table(by=leading, now=now, file=book, name="thanh-vien.xlsx")
    return {
        "claim": str(claim.pk),
        "application": str(asked.pk),
        "asked": asked.token,
        "badge": badge.token,
        "import": str(table.pk),
    }
