"""Reading the national catalogue, and finding a procedure in the words people use."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from nhipcau.catalogue import search
from nhipcau.catalogue.models import Import, Record
from nhipcau.core.errors import UnableTo

Hit = search.Hit


class UnableToFindRecord(UnableTo):
    """No record of the national catalogue with this code was imported."""

    code = "catalogue.not_found"


def get_record(code: str) -> Record:
    """Raises `UnableToFindRecord`."""
    record = Record.objects.filter(code=code).first() if "\x00" not in code else None
    if record is None:
        raise UnableToFindRecord(_("This procedure is not in the library. Please ask the officer."))
    return record


def agencies(codes: Iterable[str]) -> dict[str, str]:
    """The competent authority by code, for those records that name one."""
    known = Record.objects.filter(code__in=list(codes)).exclude(agency="")
    return dict(known.values_list("code", "agency"))


def imports() -> QuerySet[Import]:
    """What was taken in, the newest first."""
    return Import.objects.order_by("-at", "-id")


def record_documents() -> list[dict[str, str]]:
    """What a search reads of each listed record, by code."""
    columns = ("code", "name", "field", "agency", "keywords", "level")
    return list(Record.objects.filter(listed=True).order_by("code").values(*columns))


def catalogue_stamp() -> str:
    """Changes with every import; empty when nothing was imported."""
    last = Import.objects.aggregate(last=Max("id"))["last"]
    return str(last) if last else ""


def find(
    query: str, *, stamp: str, load: Callable[[], Iterable[Mapping[str, Any]]], limit: int = 10
) -> list[Hit]:
    """Guides (handed in by `load`, known by `stamp`) and records that fit the words, best first.

    Empty: "not in this library, ask the officer". `load` is called only when a stamp has changed.
    """
    return search.find(query, stamp=stamp, load=load, limit=limit)
