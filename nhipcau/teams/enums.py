"""Roles, permissions and the closed lists of the room; the table of languages that help people."""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a member does in the programme; it counts only on the place of its grant."""

    VOLUNTEER = "volunteer", _("Volunteer")
    TEAM_LEADER = "team_leader", _("Team leader")
    COMMUNE_COORDINATOR = "commune_coordinator", _("Commune coordinator")
    OFFICIAL = "official", _("Official")
    PROVINCE_COORDINATOR = "province_coordinator", _("Province coordinator")
    GUIDE_EDITOR = "guide_editor", _("Guide editor")
    NATIONAL_COORDINATOR = "national_coordinator", _("National coordinator")
    ADMINISTRATOR = "administrator", _("Administrator")


class Level(TextChoices):
    """How large a place is. The nation is the code `VN`, a province two digits, a commune five."""

    COMMUNE = "commune", _("Commune")
    PROVINCE = "province", _("Province")
    NATION = "nation", _("Whole country")


LEVELS: Final[dict[Role, Level]] = {
    Role.VOLUNTEER: Level.COMMUNE,
    Role.TEAM_LEADER: Level.COMMUNE,
    Role.COMMUNE_COORDINATOR: Level.COMMUNE,
    Role.OFFICIAL: Level.COMMUNE,
    Role.PROVINCE_COORDINATOR: Level.PROVINCE,
    Role.GUIDE_EDITOR: Level.NATION,
    Role.NATIONAL_COORDINATOR: Level.NATION,
    Role.ADMINISTRATOR: Level.NATION,
}

UNIT_CODE_PATTERNS: Final[dict[Level, str]] = {
    Level.COMMUNE: r"^[0-9]{5}$",
    Level.PROVINCE: r"^[0-9]{2}$",
    Level.NATION: r"^VN$",
}


class Permission(StrEnum):
    """Everything that a role can allow, as `room.verb`. Doors and scopes are asked by these."""

    PLACES_EDIT_POINTS = "places.edit_points"
    PROCEDURES_CHECK = "procedures.check"
    TEAMS_VIEW = "teams.view"
    TEAMS_EDIT = "teams.edit"
    TEAMS_GRANT = "teams.grant"
    CASES_RECORD_SESSION = "cases.record_session"
    CASES_VIEW_SESSIONS = "cases.view_sessions"
    CASES_VIEW_OWN = "cases.view_own"
    CASES_OPEN_CASE = "cases.open_case"
    CASES_VIEW_CASE = "cases.view_case"
    CASES_EDIT_OWN = "cases.edit_own"
    CASES_EDIT_CASE = "cases.edit_case"
    CASES_CLOSE_CASE = "cases.close_case"
    CASES_VIEW_PERSONAL = "cases.view_personal"
    CASES_ERASE_CITIZEN = "cases.erase_citizen"
    AUTHORING_WRITE = "authoring.write"
    AUTHORING_CHECK = "authoring.check"
    AUTHORING_PUBLISH = "authoring.publish"
    VOLUNTEERS_REVIEW = "volunteers.review"
    VOLUNTEERS_DEFINE = "volunteers.define"
    ROSTER_SIGN_UP = "roster.sign_up"
    ROSTER_VIEW = "roster.view"
    ROSTER_EDIT = "roster.edit"
    ATTENDANCE_MARK = "attendance.mark"
    ATTENDANCE_APPROVE = "attendance.approve"
    REINFORCEMENT_ASK = "reinforcement.ask"
    REINFORCEMENT_SEND = "reinforcement.send"
    VISITS_PLAN = "visits.plan"
    VISITS_VIEW = "visits.view"
    VISITS_DO = "visits.do"
    LEARNING_PLAN = "learning.plan"
    LEARNING_VIEW = "learning.view"
    LEARNING_TEACH = "learning.teach"
    DEVICES_MANAGE = "devices.manage"
    DEVICES_RESCUE = "devices.rescue"
    MESSAGING_OPERATE = "messaging.operate"
    REPORTS_VIEW = "reports.view"
    REPORTS_ROWS = "reports.rows"


class TeamKind(TextChoices):
    """Where a team works: one commune, one field of knowledge, or on the road."""

    COMMUNE = "commune", _("Commune team")
    SPECIALISED = "specialised", _("Specialised team")
    MOBILE = "mobile", _("Mobile team")


class TeamRole(TextChoices):
    """A member's place inside one team. It gives no permission: grants do."""

    LEADER = "leader", _("Leader")
    DEPUTY = "deputy", _("Deputy leader")
    MEMBER = "member", _("Team member")


class LanguageLevel(TextChoices):
    """How well a member helps in a language."""

    SOME = "some", _("A few words")
    GOOD = "good", _("Can explain a procedure")
    NATIVE = "native", _("Mother tongue")


@dataclass(frozen=True, slots=True)
class Language:
    """A language in which people can be helped. `code` is ISO 639-1 where the screens use it, else 639-3."""

    code: str
    also: tuple[str, ...]
    name_vi: str
    name_en: str
    name_th: str
    provinces: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name in the language of the screen, or in English where no checked name exists."""
        return {"vi": self.name_vi, "th": self.name_th}.get(get_language() or "vi") or self.name_en


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """The table `data/teams/languages.csv` by code, in its own order (screens' languages first)."""
    path = settings.BASE_DIR / "data" / "teams" / "languages.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            Language(
                code=row["code"],
                also=tuple(filter(None, row["also"].split("|"))),
                name_vi=row["name_vi"],
                name_en=row["name_en"],
                name_th=row["name_th"],
                provinces=tuple(filter(None, row["provinces"].split("|"))),
            )
            for row in csv.DictReader(file)
        ]
    return {row.code: row for row in rows}
