"""Closed lists of the procedures room: kinds, states, life events."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a guide leads through."""

    PROCEDURE = "procedure", _("Administrative procedure")
    IN_APP = "in_app", _("Steps in an app")


class ProcedureState(TextChoices):
    """Whether people can still use the guide."""

    CURRENT = "current", _("Current")
    RETIRED = "retired", _("No longer used")


class VersionState(TextChoices):
    """How far a version has come: a second person checks the facts before it is published."""

    DRAFT = "draft", _("Draft")
    FACT_CHECKED = "fact_checked", _("Facts checked")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RecordingState(TextChoices):
    """A recording is heard by a second person before the public hears it."""

    WAITING = "waiting", _("Waiting to be listened to")
    APPROVED = "approved", _("Listened to and approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class LifeEvent(TextChoices):
    """What is happening in a person's life; the list of guides is grouped by it, in this order."""

    BIRTH = "birth", _("A child is born")
    IDENTITY = "identity", _("ID card")
    DIGITAL_ACCOUNT = "digital_account", _("VNeID account on the phone")
    RESIDENCE = "residence", _("Where you live")
    CERTIFIED_COPIES = "certified_copies", _("Copies of papers")
    DRIVING = "driving", _("Driving licence")
    STUDY = "study", _("School and diplomas")
    JUSTICE = "justice", _("Criminal record certificate")
    LAND = "land", _("Land and house")
    BUSINESS = "business", _("Household business")
    FAMILY = "family", _("Marriage and family")
    SUPPORT = "support", _("Support and allowances")
    SMARTPHONE = "smartphone", _("Using a smartphone")
    DEATH = "death", _("Someone has died")


class PaperForm(TextChoices):
    """In which form a paper is brought."""

    ORIGINAL = "original", _("original")
    COPY = "copy", _("plain copy")
    CERTIFIED_COPY = "certified_copy", _("certified copy")
    COPY_WITH_ORIGINAL = "copy_with_original", _("copy, with the original to compare")
    ELECTRONIC = "electronic", _("on phone or computer")
    FORM = "form", _("form to fill in")


class PaperUse(TextChoices):
    """Whether the office keeps the paper."""

    SUBMIT = "submit", _("hand in")
    SHOW = "show", _("only show, you take it back")


class ChannelKind(TextChoices):
    """How a dossier reaches the office."""

    DIRECT = "direct", _("At the office")
    ONLINE = "online", _("Online")
    POST = "post", _("By post")
    APP = "app", _("In the app")


class OnlineLevel(TextChoices):
    """How much can be done over the network."""

    FULL = "full", _("You can do all of it online.")
    PART = "part", _("You can do a part of it online.")
    NO = "no", _("It cannot be done online.")
    UNKNOWN = "unknown", _("How much can be done online: ask the officer.")


class Confidence(TextChoices):
    """How sure a source makes us."""

    HIGH = "high", _("sure")
    MEDIUM = "medium", _("fairly sure")
    LOW = "low", _("not sure: ask the officer")


class SourceKind(TextChoices):
    """Where a fact comes from."""

    DECISION = "decision", _("Decision of an authority")
    LAW = "law", _("Law or decree")
    PORTAL = "portal", _("National public service portal")
    BOARD = "board", _("Notice board of an office")
    PRESS = "press", _("Newspaper or official website")
    OWN = "own", _("Own observation")


class TimeUnit(TextChoices):
    """What a time limit is counted in."""

    HOUR = "hour", _("hours")
    DAY = "day", _("days")
    WORKING_DAY = "working_day", _("working days")
    MONTH = "month", _("months")


class FactType(TextChoices):
    """What kind of answer a question takes."""

    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of several answers")
    NUMBER = "number", _("A number")
    DATE = "date", _("A day, such as a date of birth")
