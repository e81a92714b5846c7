"""Audit entries and the trigger that other rooms hang on their tables.

Entries have no foreign keys, so that nothing they speak of is kept from being erased; they hold
only the columns a room lists as safe, never personal data, so that they need not be erased.
"""

import pgtrigger
from django.db import models


class Entry(models.Model):
    """One change or one look: when, who, what, where. The database refuses to alter or delete it."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=36, blank=True)
    action = models.CharField(max_length=10)
    entity = models.CharField(max_length=63)
    entity_id = models.CharField(max_length=64)
    commune = models.CharField(max_length=5, blank=True)
    changes = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["entity", "entity_id"], name="audit_entry_entity"),
            models.Index(fields=["commune", "at"], name="audit_entry_commune"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action} {self.entity} {self.entity_id}"


_FUNCTION = """
    was := CASE WHEN TG_OP = 'INSERT' THEN '{{}}'::jsonb ELSE to_jsonb(OLD) END;
    became := CASE WHEN TG_OP = 'DELETE' THEN '{{}}'::jsonb ELSE to_jsonb(NEW) END;
    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;
    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{{}}'::jsonb)
      INTO diff
      FROM unnest(ARRAY[{columns}]::text[]) AS col
     WHERE was -> col IS DISTINCT FROM became -> col;
    IF TG_OP = 'UPDATE' AND was = became THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)
    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),
            TG_TABLE_NAME, row_now ->> '{key}', coalesce(row_now ->> '{place}', ''), diff);
    RETURN NULL;
"""


def update_of(*columns: str) -> pgtrigger.Operation:
    """When a trigger runs: on updates that name one of these database columns."""
    return pgtrigger.UpdateOf(*columns)  # type: ignore[no-untyped-call]  # the package gives it no types


def audited(*columns: str, key: str = "id", place: str = "commune_id") -> list[pgtrigger.Trigger]:
    """The trigger that records every insert, update and delete of a table.

    `columns` are the database columns whose old and new values may be kept: never personal ones.
    `place` is the column with the commune's code (absent column: no commune is recorded).
    """
    listed = ", ".join(f"'{column}'" for column in columns)
    return [
        pgtrigger.Trigger(
            name="audited",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            declare=[("was", "jsonb"), ("became", "jsonb"), ("row_now", "jsonb"), ("diff", "jsonb")],
            func=_FUNCTION.format(columns=listed, key=key, place=place),
        )
    ]
