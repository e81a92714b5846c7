"""The closed vocabularies of the protocol. Stored and sent values never change: old phones know them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Result(TextChoices):
    """The one answer to a command."""

    APPLIED = "applied", _("Saved")
    ALREADY_APPLIED = "already_applied", _("Was so already")
    MERGED = "merged", _("Saved beside another change")
    NEEDS_PERSON = "needs_person", _("Somebody must decide")
    REFUSED = "refused", _("Not possible")


# What has been done; what a command `needs` must have one of these.
DONE = (Result.APPLIED, Result.ALREADY_APPLIED, Result.MERGED)


class ConflictReason(TextChoices):
    """Why a command waits for a person."""

    SAME_FIELD = "same_field", _("Two people changed the same thing")
    NOT_YOURS = "not_yours", _("Written by somebody who no longer has this work")
    OTHER_RESULT = "other_result", _("Two people wrote down a result")
    CHANGED_MEANWHILE = "changed_meanwhile", _("Somebody changed this before the phone could send it")


class Entity(TextChoices):
    """What a conflict is about."""

    CASE = "case", _("Case")
    VISIT = "visit", _("Home visit")
    SHIFT = "shift", _("Shift")
    CLASS = "class", _("Class for people")
    SESSION = "session", _("Help session")


class ConflictState(TextChoices):
    """Where a conflict stands."""

    OPEN = "open", _("To decide")
    DECIDED = "decided", _("Decided")


class Keep(TextChoices):
    """What was decided: what stands on the server, or what came from the phone."""

    SERVER = "server", _("Keep what is there")
    PHONE = "phone", _("Take what came from the phone")
