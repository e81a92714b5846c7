"""Words for kinds of units, of successions and of service points."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    """The two tiers of local government since 1 July 2025."""

    PROVINCE = "province", _("Province")
    COMMUNE = "commune", _("Commune")


class Kind(models.TextChoices):
    """What a unit is called in law. The Vietnamese words are part of its official name."""

    PROVINCE = "province", pgettext_lazy("kind of unit", "Province")
    CITY = "city", _("City")
    COMMUNE = "commune", pgettext_lazy("kind of unit", "Commune")
    WARD = "ward", _("Ward")
    SPECIAL_ZONE = "special_zone", _("Special zone")
    TOWNSHIP = "township", _("Township")
    RURAL_DISTRICT = "rural_district", _("Rural district")
    URBAN_DISTRICT = "urban_district", _("Urban district")
    TOWN = "town", _("Town")
    DISTRICT_CITY = "district_city", _("City under a province")


# Names of units are Vietnamese in every language of the screens, as on the papers people hold.
KIND_WORDS: dict[str, str] = {
    Kind.PROVINCE: "Tỉnh",
    Kind.CITY: "Thành phố",
    Kind.COMMUNE: "Xã",
    Kind.WARD: "Phường",
    Kind.SPECIAL_ZONE: "Đặc khu",
    Kind.TOWNSHIP: "Thị trấn",
    Kind.RURAL_DISTRICT: "Huyện",
    Kind.URBAN_DISTRICT: "Quận",
    Kind.TOWN: "Thị xã",
    Kind.DISTRICT_CITY: "Thành phố",
}
PROVINCE_KINDS = (Kind.PROVINCE, Kind.CITY)
COMMUNE_KINDS = (Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE)


class Share(models.TextChoices):
    """How much of a former unit a present unit took."""

    WHOLE_POPULATION = "whole_population", _("All of its people and a part of its land")
    WHOLE = "whole", _("All of it")
    PART = "part", _("A part of it")
    AREA_ONLY = "area_only", _("A part of its land")


class PointKind(models.TextChoices):
    """Where people are helped."""

    CENTRE = "centre", _("Commune public service centre")
    ONE_STOP = "one_stop", _("One-stop desk")
    REMOTE_POINT = "remote_point", _("Remote service point")
    HAMLET_POINT = "hamlet_point", _("Hamlet help point")
    KIOSK = "kiosk", _("Self-service kiosk")


class Weekday(models.IntegerChoices):
    """Days as Python counts them: Monday is 0."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
