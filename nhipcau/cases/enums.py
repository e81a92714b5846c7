"""The closed vocabularies of help sessions and cases. Stored values never change."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Topic(TextChoices):
    """What people ask for besides a procedure of the catalogue."""

    PORTAL_ACCOUNT = "portal_account", _("Account on the public service portal")
    VNEID = "vneid", _("VNeID app")
    PAYMENT = "payment", _("Paying online")
    PHONE_BASICS = "phone_basics", _("Using a smartphone")
    RESULT_LOOKUP = "result_lookup", _("Looking up a dossier")
    SCAM_WORRY = "scam_worry", _("Worried about a scam")
    QUEUE_GUIDANCE = "queue_guidance", _("Which counter, which form")
    OTHER = "other", _("Something else")


class Outcome(TextChoices):
    """How a help session ended."""

    DONE = "done", _("Done")
    STARTED = "started", _("Started, not finished yet")
    WILL_RETURN = "will_return", _("Will come back another day")
    PAPERS_MISSING = "papers_missing", _("Papers are missing")
    REFERRED = "referred", _("Sent to an officer")
    NOT_POSSIBLE = "not_possible", _("Not possible")


class Papers(TextChoices):
    """Whether somebody came with all the papers. Not checked is no answer, never a "no"."""

    NOT_CHECKED = "not_checked", _("Not checked")
    READY = "ready", _("Ready")
    MISSING = "missing", _("Something missing")


class PapersVerdict(TextChoices):
    """What a check of the papers of a case found; the words of the checklist engine."""

    READY = "ready", _("Ready")
    ASK = "ask", _("Something to ask")
    MISSING = "missing", _("Something missing")


class Alone(TextChoices):
    """How much the person did alone: the measure of independence."""

    ALL_ALONE = "all_alone", _("Everything alone")
    MOSTLY_ALONE = "mostly_alone", _("Most of it alone")
    HALF = "half", _("About half")
    MOSTLY_HELPED = "mostly_helped", _("A little alone")
    FULLY_HELPED = "fully_helped", _("Nothing alone")


class AgeBand(TextChoices):
    """An age band, never a birth date."""

    UNDER_18 = "under_18", _("Under 18")
    FROM_18 = "18_34", _("18 to 34")
    FROM_35 = "35_59", _("35 to 59")
    FROM_60 = "60_74", _("60 to 74")
    FROM_75 = "75_up", _("75 and over")
    NOT_SAID = "not_said", _("Not said")


class CaseState(TextChoices):
    """Where a case stands. Which may follow which is the table in `rules`."""

    OPENED = "opened", _("Opened")
    PAPERS_MISSING = "papers_missing", _("Papers missing")
    PAPERS_READY = "papers_ready", _("Papers ready")
    SUBMITTED = "submitted", _("Submitted")
    SUPPLEMENT_ASKED = "supplement_asked", _("Supplement asked")
    RESULT_READY = "result_ready", _("Result ready")
    CLOSED_DONE = "closed_done", _("Closed, done")
    CLOSED_NOT_POSSIBLE = "closed_not_possible", _("Closed, not possible")
    WITHDRAWN = "withdrawn", _("Withdrawn by the citizen")


CLOSED_STATES = (CaseState.CLOSED_DONE, CaseState.CLOSED_NOT_POSSIBLE, CaseState.WITHDRAWN)


class EventKind(TextChoices):
    """What happened in the life of a case."""

    OPENED = "opened", _("Case opened")
    MOVED = "moved", _("State changed")
    NOTE = "note", _("Note")
    DOSSIER = "dossier", _("Dossier recorded")
    ASSIGNED = "assigned", _("Assigned")
    DUE = "due", _("Due date set")
    RATED = "rated", _("Rated by the citizen")
    PAPERS = "papers", _("Papers checked")
    VISIT = "visit", _("Home visit")
    ERASED = "erased", _("Personal data erased")


class PublicMessage(TextChoices):
    """The only words about a case that the public page may say: coded, never free text."""

    OPENED = "opened", _("We wrote down what you need and will follow it with you.")
    PAPERS_MISSING = "papers_missing", _("Some papers are still missing.")
    PAPERS_READY = "papers_ready", _("All papers are ready to be submitted.")
    SUBMITTED = "submitted", _("The dossier was submitted to the authority.")
    SUPPLEMENT_ASKED = "supplement_asked", _("The authority asks for something more.")
    RESULT_READY = "result_ready", _("The result is ready.")
    CLOSED_DONE = "closed_done", _("Finished.")
    CLOSED_NOT_POSSIBLE = (
        "closed_not_possible",
        _("It could not be done. Ask us why and what else is possible."),
    )
    WITHDRAWN = "withdrawn", _("You asked us to stop.")
    REOPENED = "reopened", _("We are working on it again.")


class Stars(IntegerChoices):
    """The citizen's rating of the help."""

    VERY_BAD = 1, _("Very bad")
    BAD = 2, _("Bad")
    FAIR = 3, _("Fair")
    GOOD = 4, _("Good")
    VERY_GOOD = 5, _("Very good")
