"""The engine's plain data in words that people read."""

from datetime import timedelta
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhipcau.procedures.enums import ChannelKind, Confidence, OnlineLevel, PaperForm, PaperUse
from nhipcau.procedures.guide import read_date

FORMS = {form.value: form.label for form in PaperForm}
USES = {use.value: use.label for use in PaperUse}
CHANNELS = {channel.value: channel.label for channel in ChannelKind}
ONLINE = {level.value: level.label for level in OnlineLevel}
CONFIDENCE = {level.value: level.label for level in Confidence}


def copies(document: dict[str, Any]) -> str:
    """ "2 × original – hand in"."""
    form = f"{document['count']} × {FORMS.get(document['form'], document['form'])}"
    if document["form"] == "electronic":
        form = str(FORMS["electronic"])
    return f"{form} – {USES.get(document['use'], document['use'])}"


def fee(row: dict[str, Any]) -> str:
    """ "50 000 đ for each card"; free only where a source says so."""
    if row["amount"] is None:
        return _("ask the officer")
    if row["amount"] == 0:
        return _("free of charge")
    amount = _("%(amount)s đ") % {"amount": number_format(row["amount"], use_l10n=True, force_grouping=True)}
    return f"{amount} / {row['per']}" if row["per"] else amount


def time_limit(row: dict[str, Any]) -> str:
    """ "7 working days"."""
    value = row["value"]
    if value is None:
        return _("ask the officer")
    texts = {
        "hour": ngettext("%(n)s hour", "%(n)s hours", value),
        "day": ngettext("%(n)s day", "%(n)s days", value),
        "working_day": ngettext("%(n)s working day", "%(n)s working days", value),
        "month": ngettext("%(n)s month", "%(n)s months", value),
    }
    return texts[row["unit"]] % {"n": value}


def day(text: str) -> str:
    """A day as people write it."""
    found = read_date(text)
    return date_format(found, "SHORT_DATE_FORMAT") if found else text


def last_day(text: str) -> str:
    """The last day that counts, of an end that no longer does: people read "to the end of 31 December"."""
    end = read_date(text)
    return day((end - timedelta(days=1)).isoformat()) if end else text


def row_line(row: dict[str, Any], value: str) -> dict[str, Any]:
    """A fee, time or place as a line: value, how, doubt, note, until when."""
    return {
        "value": value,
        "how": str(CHANNELS[row["channel"]]) if row["channel"] else "",
        "maybe": row["applies"] == "maybe",
        "note": row["note"] or "",
        "until": last_day(row["valid_until"]) if row["valid_until"] else "",
    }
