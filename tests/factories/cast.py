"""The small cast of the tests: always the same few people, in the same two communes.

Lạc Dương (24848) was merged from Đạ Chais, Đạ Nhim and Đạ Sar; Lang Biang - Đà Lạt (24846) is its
neighbour in the same province. The outsider works in another province.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from nhipcau.places.models import Unit
from nhipcau.teams import services as teams
from nhipcau.teams.enums import Role
from nhipcau.teams.models import Member

NOW = datetime(2025, 7, 3, 2, 0, tzinfo=UTC)  # Thursday 9:00 in Vietnam
PASSWORD = "cau-noi-nhip-cau"


@dataclass(frozen=True)
class Cast:
    """Everyone a test may need, by the part they play."""

    commune: Unit
    neighbour: Unit
    far: Unit
    volunteer: Member
    leader: Member
    official: Member
    coordinator: Member
    province: Member
    nation: Member
    administrator: Member
    outsider: Member
    neighbour_volunteer: Member

    def everyone(self) -> dict[str, Member]:
        """Name of the part -> member."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Member)}


def _member(username: str, name: str, commune: str, role: Role, place: str) -> Member:
    member = teams.register_member(
        by=None, now=NOW, username=username, name=name, commune=commune, password=PASSWORD
    )
    teams.grant_role(by=None, now=NOW, member=member, role=role, unit_code=place)
    return member


def make_cast() -> Cast:
    """Registers the cast through the services, as the system itself."""
    near, next_door, far = "24848", "24846", "22015"
    return Cast(
        commune=Unit.objects.get(code=near),
        neighbour=Unit.objects.get(code=next_door),
        far=Unit.objects.get(code=far),
        volunteer=_member("volunteer", "Tình nguyện viên Mẫu", near, Role.VOLUNTEER, near),
        leader=_member("leader", "Đội trưởng Mẫu", near, Role.TEAM_LEADER, near),
        official=_member("official", "Cán bộ Mẫu", near, Role.OFFICIAL, near),
        coordinator=_member("coordinator", "Điều phối xã Mẫu", near, Role.COMMUNE_COORDINATOR, near),
        province=_member("province", "Điều phối tỉnh Mẫu", near, Role.PROVINCE_COORDINATOR, "68"),
        nation=_member("nation", "Điều phối quốc gia Mẫu", near, Role.NATIONAL_COORDINATOR, "VN"),
        administrator=_member("administrator", "Quản trị Mẫu", near, Role.ADMINISTRATOR, "VN"),
        outsider=_member("outsider", "Người ngoài Mẫu", far, Role.COMMUNE_COORDINATOR, far),
        neighbour_volunteer=_member("neighbour", "Láng giềng Mẫu", next_door, Role.VOLUNTEER, next_door),
    )


def read_cast() -> Cast:
    """The cast as `make_cast` left it in the database."""
    units = Unit.objects.in_bulk(["24848", "24846", "22015"])
    parts = {
        "neighbour_volunteer" if one.username == "neighbour" else one.username: one
        for one in Member.objects.all()
    }
    return Cast(commune=units["24848"], neighbour=units["24846"], far=units["22015"], **parts)
