"""Reading the audit trail of one record."""

from django.db.models import QuerySet

from nhipcau.audit.models import Entry


def entries_of(entity: str, entity_id: str) -> QuerySet[Entry]:
    """What happened to a record, oldest first. `entity` is the table's name."""
    return Entry.objects.filter(entity=entity, entity_id=entity_id).order_by("at", "id")
