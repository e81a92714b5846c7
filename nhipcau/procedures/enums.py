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
