"""Openings that were held before their number could be found get its index, so that they, too, are forgotten."""

import json

from django.db import migrations

from nhipcau.citizens.queries import UnableToReadPhone, phone_index, read_phone


def index_numbers(apps, schema_editor):
    conflicts = apps.get_model("sync", "Conflict").objects.filter(name="cases.open", phone_index="")
    for row in conflicts.filter(emptied_at__isnull=True).order_by("id").iterator():
        try:
            row.phone_index = phone_index(read_phone(json.loads(row.content)["data"]["phone"]))
        except UnableToReadPhone:
            continue
        row.save(update_fields=["phone_index"])


class Migration(migrations.Migration):
    dependencies = [("sync", "0002_forgotten_by_number")]

    operations = [migrations.RunPython(index_numbers, migrations.RunPython.noop)]
