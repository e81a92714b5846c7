"""The frame of every write, and the record of every look at personal data."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from nhipcau.audit.models import Entry
from nhipcau.core.scope import Actor


@contextmanager
def unit_of_work(*, by: Actor | None, now: datetime) -> Iterator[None]:
    """One transaction, with the actor known to the audit triggers. `by` None: the system itself.

    Services open it; a service that calls another joins the same transaction. `now` is the moment
    the whole unit happens at; asking for it here keeps the clock out of services.
    """
    if now.tzinfo is None:
        raise ValueError("now must be an aware moment")
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Unset, `pgtrigger.ignore` makes every trigger raise and catch an error; the abort walks all
            # foreign keys still to be checked, so many rows at once would cost the square of their number.
            cursor.execute(
                "SELECT set_config('nhipcau.actor', %s, true), set_config('pgtrigger.ignore', '{}', true)",
                [str(by.id) if by else ""],
            )
        yield


def record_act(
    *, by: Actor | None, action: str, entity: str, entity_id: str, commune: str, now: datetime
) -> None:
    """Notes an act that changes no row, such as making a sign-in link (`action` has at most 10 letters)."""
    Entry.objects.create(
        at=now,
        actor=str(by.id) if by else "",
        action=action,
        entity=entity,
        entity_id=entity_id,
        commune=commune,
    )


def record_read(*, by: Actor, entity: str, entity_id: str, commune: str, now: datetime) -> None:
    """Notes that someone opened a record that holds personal data."""
    record_act(by=by, action="read", entity=entity, entity_id=entity_id, commune=commune, now=now)
