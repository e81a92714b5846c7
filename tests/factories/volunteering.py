"""One of everything that the room of volunteers keeps, for pages that are to be looked at."""

from datetime import datetime
from io import BytesIO

from nhipcau.core.sheets import Sheet, write_book
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.volunteers import services


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
