"""The demo's places and people: a centre in every commune, 126 teams, 1,267 members, seven logins."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nhipcau.core.ids import new_id
from nhipcau.places import services as places
from nhipcau.places.enums import PointKind
from nhipcau.places.models import ServicePoint, Unit
from nhipcau.teams import services as teams
from nhipcau.teams.enums import LanguageLevel, Role, TeamKind, TeamRole
from nhipcau.volunteers import services as volunteers
from nhipcau.volunteers.enums import DayPart, Liking

PROVINCE = "68"
HOME_COMMUNE = "24848"  # Xã Lạc Dương, where the demo's volunteer works
CAPITAL_WARD = "24846"  # Phường Lang Biang - Đà Lạt: base of the two teams for the whole province
FIRST_MORNING = datetime(2025, 6, 30, 23, 30, tzinfo=UTC)  # 6:30 on 1 July in Vietnam
COMMUNE_TEAM_SIZE = 10
QUALIFICATIONS = (
    "vneid", "portal", "scanning", "payment", "civil_status", "land", "business", "social", "phones",
    "safety", "teaching", "sign_language", "motorbike",
)  # fmt: skip
EVIDENCE = "Lớp tập huấn tháng 6/2025 (mẫu)"
SPECIALIST_TEAM_SIZE, MOBILE_TEAM_SIZE = 13, 14

_MIDDLE = ("Văn", "Thị", "Minh", "Ngọc", "Thanh", "Quốc", "Thu", "Hoài", "Đức", "Kim", "Gia", "Bảo")
_GIVEN = (
    "An", "Anh", "Bình", "Chi", "Cường", "Dung", "Duy", "Dương", "Giang", "Hà", "Hải",
    "Hạnh", "Hiếu", "Hoa", "Hùng", "Hương", "Khánh", "Lan", "Linh", "Long", "Mai", "Nam",
    "Nga", "Ngân", "Nhi", "Phúc", "Phương", "Quân", "Quỳnh", "Sơn", "Tâm", "Thảo", "Thắng",
    "Thủy", "Trang", "Trung", "Tú", "Tuấn", "Uyên", "Vân", "Việt", "Vy", "Xuân", "Yến",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Login:
    """A person of the demo who can sign in."""

    username: str
    who: Promise
    role: Role
    place: str
    in_team: TeamRole | None = None


LOGINS: tuple[Login, ...] = (
    Login("tinhnguyen", _("Volunteer, Xã Lạc Dương"), Role.VOLUNTEER, HOME_COMMUNE, TeamRole.MEMBER),
    Login("dieuphoixa", _("Commune coordinator, Xã Lạc Dương"), Role.COMMUNE_COORDINATOR, HOME_COMMUNE),
    Login("dieuphoitinh", _("Province coordinator, Tỉnh Lâm Đồng"), Role.PROVINCE_COORDINATOR, PROVINCE),
    Login("doitruong", _("Team leader, Xã Lạc Dương"), Role.TEAM_LEADER, HOME_COMMUNE, TeamRole.LEADER),
    Login("canbo", _("Official, Xã Lạc Dương"), Role.OFFICIAL, HOME_COMMUNE),
    Login("quocgia", _("National coordinator"), Role.NATIONAL_COORDINATOR, "VN"),
    Login("quantri", _("Administrator"), Role.ADMINISTRATOR, "VN"),
)


@dataclass(frozen=True, slots=True)
class Crew:
    """A team with its members' ids, its commune and the commune's centre."""

    team: UUID
    unit: Unit
    point: UUID
    members: tuple[UUID, ...]


def invented_name(random: Random) -> str:
    """A name that nobody bears: the family name is Mẫu."""
    return f"Mẫu {random.choice(_MIDDLE)} {random.choice(_GIVEN)}"


def invented_phone(number: int) -> str:
    """A number that reaches nobody: the prefix 0600 belongs to no network."""
    return f"0600{number:06d}"


def make_crews(
    units: list[Unit], random: Random, passwords: dict[str, str], progress: Callable[[int, int], None]
) -> list[Crew]:
    """A centre for each commune, a team of ten in each, and two teams for the whole province."""
    points = _make_points(units, progress)
    plans = [(unit, TeamKind.COMMUNE, COMMUNE_TEAM_SIZE) for unit in units]
    base = next(unit for unit in units if unit.code == CAPITAL_WARD)
    plans.append((base, TeamKind.SPECIALISED, SPECIALIST_TEAM_SIZE))
    plans.append((base, TeamKind.MOBILE, MOBILE_TEAM_SIZE))
    ids = [new_id(FIRST_MORNING, random.getrandbits(74)) for _plan in plans]
    teams.add_teams_in_bulk(
        by=None,
        now=FIRST_MORNING,
        teams=[
            teams.NewTeam(id=key, name=_team_name(unit, kind), commune=unit.code, kind=kind)
            for key, (unit, kind, _size) in zip(ids, plans, strict=True)
        ],
    )
    members: list[teams.NewMember] = []
    crews: list[Crew] = []
    skilled: dict[UUID, tuple[str, ...]] = {}
    for key, (unit, kind, size) in zip(ids, plans, strict=True):
        crew = [
            _member(key, unit, kind, place=place, number=len(members) + place, random=random, skilled=skilled)
            for place in range(size)
        ]
        members.extend(_with_logins(crew, unit, kind, passwords))
        crews.append(Crew(key, unit, points[unit.code], tuple(new.id for new in crew if new.id)))
    members.extend(_outside_teams(passwords, random))
    teams.add_members_in_bulk(by=None, now=FIRST_MORNING, members=members)
    _add_what_they_can(skilled)
    return crews


def _add_what_they_can(skilled: dict[UUID, tuple[str, ...]]) -> None:
    """What each member can do – of one in ten it still waits to be checked – and when."""
    volunteers.note_in_bulk(
        by=None,
        now=FIRST_MORNING,
        grants=[
            volunteers.NewGrant(member, code, EVIDENCE, approved=number % COMMUNE_TEAM_SIZE != 2)
            for number, (member, codes) in enumerate(skilled.items())
            for code in codes
        ],
    )
    chance = Random(5)  # noqa: S311  # the same demo every time
    volunteers.set_weeks_in_bulk(
        by=None, now=FIRST_MORNING, weeks={member: _week(chance) for member in skilled}
    )


def _week(chance: Random) -> dict[tuple[int, DayPart], Liking]:
    """Two to four half-days from Monday to Friday, and now and then an evening or the weekend."""
    usual = [(day, part) for day in range(5) for part in (DayPart.MORNING, DayPart.AFTERNOON)]
    seldom = [(day, part) for day in range(7) for part in DayPart if (day, part) not in usual]
    likings = (Liking.GLADLY, Liking.CAN, Liking.CAN, Liking.IF_NEEDED)
    chosen = chance.sample(usual, chance.randint(3, 7)) + chance.sample(seldom, chance.randint(0, 3))
    return {when: chance.choice(likings) for when in sorted(chosen)}


def _make_points(units: list[Unit], progress: Callable[[int, int], None]) -> dict[str, UUID]:
    """Real units, but no invented addresses: what the reference data does not say stays empty."""
    points: dict[str, UUID] = {}
    for done, unit in enumerate(units, 1):
        point: ServicePoint = places.add_service_point(
            by=None,
            now=FIRST_MORNING,
            commune=unit.code,
            kind=PointKind.CENTRE,
            name=f"Trung tâm Phục vụ hành chính công {unit.full_name[0].lower()}{unit.full_name[1:]}",
        )
        points[unit.code] = point.pk
        progress(done, len(units))
    return points


def _team_name(unit: Unit, kind: TeamKind) -> str:
    if kind is TeamKind.SPECIALISED:
        return "Đội chuyên gia số tỉnh Lâm Đồng (mẫu)"
    if kind is TeamKind.MOBILE:
        return "Đội lưu động tỉnh Lâm Đồng (mẫu)"
    return f"Đội tình nguyện số {unit.full_name} (mẫu)"


def _member(
    team: UUID,
    unit: Unit,
    kind: TeamKind,
    *,
    place: int,
    number: int,
    random: Random,
    skilled: dict[UUID, tuple[str, ...]],
) -> teams.NewMember:
    local = {"kpm": LanguageLevel.NATIVE} if unit.code == HOME_COMMUNE and place % 3 == 1 else {}
    member = new_id(FIRST_MORNING, random.getrandbits(74))
    name = invented_name(random)
    skilled[member] = tuple(sorted(random.sample(QUALIFICATIONS, 4 if kind is TeamKind.SPECIALISED else 2)))
    return teams.NewMember(
        id=member,
        username=f"mau{number + 1:04d}",
        name=name,
        commune=unit.code,
        phone=invented_phone(number + 1),
        languages={"vi": LanguageLevel.NATIVE, **local},
        team=team,
        team_role=TeamRole.LEADER if place == 0 else TeamRole.MEMBER,
        roles=((Role.TEAM_LEADER if place == 0 else Role.VOLUNTEER, unit.code),),
    )


def _with_logins(
    crew: list[teams.NewMember], unit: Unit, kind: TeamKind, passwords: dict[str, str]
) -> list[teams.NewMember]:
    """In the demo's home commune the leader and one volunteer can sign in."""
    if unit.code != HOME_COMMUNE or kind is not TeamKind.COMMUNE:
        return crew
    for login in LOGINS:
        if login.in_team is not None:
            place = 0 if login.in_team is TeamRole.LEADER else 1
            crew[place] = replace(crew[place], username=login.username, password=passwords[login.username])
    return crew


def _outside_teams(passwords: dict[str, str], random: Random) -> list[teams.NewMember]:
    """Coordinators, the official and the administrator: accounts, but members of no team."""
    return [
        teams.NewMember(
            username=login.username,
            name=invented_name(random),
            commune=HOME_COMMUNE,
            password=passwords[login.username],
            roles=((login.role, login.place),),
        )
        for login in LOGINS
        if login.in_team is None
    ]
