"""The first tables of the places room."""

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import nhipcau.core.ids
import nhipcau.places.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="FormerUnit",
            fields=[
                ("code", models.CharField(max_length=5, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "Province"),
                            ("city", "City"),
                            ("commune", "Commune"),
                            ("ward", "Ward"),
                            ("special_zone", "Special zone"),
                            ("township", "Township"),
                            ("rural_district", "Rural district"),
                            ("urban_district", "Urban district"),
                            ("town", "Town"),
                            ("district_city", "City under a province"),
                        ],
                        max_length=14,
                    ),
                ),
                ("district_code", models.CharField(max_length=3)),
                ("district", models.CharField(max_length=80)),
                ("province_code", models.CharField(max_length=2)),
                ("province", models.CharField(max_length=80)),
                ("search_key", models.CharField(db_index=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="LoadedData",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("loaded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("code", models.CharField(max_length=5, primary_key=True, serialize=False)),
                (
                    "level",
                    models.CharField(
                        choices=[("province", "Province"), ("commune", "Commune")], max_length=8
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "Province"),
                            ("city", "City"),
                            ("commune", "Commune"),
                            ("ward", "Ward"),
                            ("special_zone", "Special zone"),
                            ("township", "Township"),
                            ("rural_district", "Rural district"),
                            ("urban_district", "Urban district"),
                            ("town", "Town"),
                            ("district_city", "City under a province"),
                        ],
                        max_length=14,
                    ),
                ),
                ("latitude", models.FloatField()),
                ("longitude", models.FloatField()),
                ("population", models.PositiveIntegerField(null=True)),
                ("search_key", models.CharField(db_index=True, max_length=80)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("source", models.CharField(max_length=80)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communes",
                        to="places.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "share",
                    models.CharField(
                        choices=[
                            ("whole_population", "All of its people and a part of its land"),
                            ("whole", "All of it"),
                            ("part", "A part of it"),
                            ("area_only", "A part of its land"),
                        ],
                        max_length=16,
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=80)),
                (
                    "former",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="successions",
                        to="places.formerunit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="successions",
                        to="places.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ServicePoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nhipcau.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("centre", "Commune public service centre"),
                            ("one_stop", "One-stop desk"),
                            ("remote_point", "Remote service point"),
                            ("hamlet_point", "Hamlet help point"),
                            ("kiosk", "Self-service kiosk"),
                        ],
                        max_length=14,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("address", models.CharField(blank=True, default="", max_length=200, verbose_name="address")),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\+?[0-9][0-9 .]{2,18}\\Z", "Use digits, for example 0263 382 2345."
                            )
                        ],
                        verbose_name="phone number",
                    ),
                ),
                ("zalo_url", models.URLField(blank=True, default="", verbose_name="Zalo page")),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("active_from", models.DateField(verbose_name="open from")),
                ("active_until", models.DateField(blank=True, null=True, verbose_name="closed from")),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnitKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("province", "Province"),
                            ("city", "City"),
                            ("commune", "Commune"),
                            ("ward", "Ward"),
                            ("special_zone", "Special zone"),
                            ("township", "Township"),
                            ("rural_district", "Rural district"),
                            ("urban_district", "Urban district"),
                            ("town", "Town"),
                            ("district_city", "City under a province"),
                        ],
                        max_length=14,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("source", models.CharField(max_length=80)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kinds", to="places.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nhipcau.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ]
                    ),
                ),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours",
                        to="places.servicepoint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="places_hours_weekday"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes__gt", models.F("opens"))),
                        name="places_hours_close_after_open",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.F("point"), "="),
                            (models.F("weekday"), "="),
                            (
                                nhipcau.places.models.TimeSpan(
                                    nhipcau.places.models.Minutes("opens"),
                                    nhipcau.places.models.Minutes("closes"),
                                ),
                                "&&",
                            ),
                        ],
                        name="places_hours_never_overlap",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openinghours",
            trigger=pgtrigger.compiler.Trigger(
                name="audited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE was jsonb; became jsonb; row_now jsonb; diff jsonb;",
                    func="\n    was := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;\n    became := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;\n    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;\n    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{}'::jsonb)\n      INTO diff\n      FROM unnest(ARRAY['point_id', 'weekday', 'opens', 'closes']::text[]) AS col\n     WHERE was -> col IS DISTINCT FROM became -> col;\n    IF TG_OP = 'UPDATE' AND was = became THEN\n        RETURN NULL;\n    END IF;\n    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)\n    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),\n            TG_TABLE_NAME, row_now ->> 'id', coalesce(row_now ->> 'commune_id', ''), diff);\n    RETURN NULL;\n",
                    hash="b58ea595d41d6153492b9a792ed14b148f9eee00",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audited_0d427",
                    table="places_openinghours",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code__regex", "^\\d{2}$"), ("level", "province"), ("parent__isnull", True)),
                    models.Q(("code__regex", "^\\d{5}$"), ("level", "commune"), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="places_unit_shape",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ("province", "city")), ("level", "province")),
                    models.Q(("kind__in", ("commune", "ward", "special_zone")), ("level", "commune")),
                    _connector="OR",
                ),
                name="places_unit_kind_fits_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="places_unit_ends_after_start",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="audited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE was jsonb; became jsonb; row_now jsonb; diff jsonb;",
                    func="\n    was := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;\n    became := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;\n    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;\n    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{}'::jsonb)\n      INTO diff\n      FROM unnest(ARRAY['name', 'kind', 'parent_id', 'valid_from', 'valid_until']::text[]) AS col\n     WHERE was -> col IS DISTINCT FROM became -> col;\n    IF TG_OP = 'UPDATE' AND was = became THEN\n        RETURN NULL;\n    END IF;\n    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)\n    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),\n            TG_TABLE_NAME, row_now ->> 'code', coalesce(row_now ->> 'code', ''), diff);\n    RETURN NULL;\n",
                    hash="199df7c50b8e0bca785544455c2338d1a58a2284",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audited_ffe25",
                    table="places_unit",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(fields=("former", "unit"), name="places_succession_once"),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("share", "whole_population")),
                fields=("former",),
                name="places_succession_one_population",
            ),
        ),
        migrations.AddIndex(
            model_name="servicepoint",
            index=models.Index(fields=["commune", "kind"], name="places_point_commune"),
        ),
        migrations.AddConstraint(
            model_name="servicepoint",
            constraint=models.UniqueConstraint(fields=("commune", "name"), name="places_point_name_once"),
        ),
        migrations.AddConstraint(
            model_name="servicepoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="places_point_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicepoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("active_until__isnull", True),
                    ("active_until__gt", models.F("active_from")),
                    _connector="OR",
                ),
                name="places_point_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicepoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                    _connector="OR",
                ),
                name="places_point_whole_position",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="servicepoint",
            trigger=pgtrigger.compiler.Trigger(
                name="audited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE was jsonb; became jsonb; row_now jsonb; diff jsonb;",
                    func="\n    was := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;\n    became := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;\n    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;\n    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{}'::jsonb)\n      INTO diff\n      FROM unnest(ARRAY['kind', 'name', 'address', 'phone', 'zalo_url', 'active_from', 'active_until']::text[]) AS col\n     WHERE was -> col IS DISTINCT FROM became -> col;\n    IF TG_OP = 'UPDATE' AND was = became THEN\n        RETURN NULL;\n    END IF;\n    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)\n    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),\n            TG_TABLE_NAME, row_now ->> 'id', coalesce(row_now ->> 'commune_id', ''), diff);\n    RETURN NULL;\n",
                    hash="2fcd31fa3db20a1bbe490fdc329494c24916f0c9",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audited_0c7c5",
                    table="places_servicepoint",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="unitkind",
            constraint=models.UniqueConstraint(fields=("unit", "valid_from"), name="places_unitkind_start"),
        ),
        migrations.AddConstraint(
            model_name="unitkind",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="places_unitkind_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitkind",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.F("unit"), "="),
                    (nhipcau.places.models.Days("valid_from", "valid_until"), "&&"),
                ],
                name="places_unitkind_one_at_a_time",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitkind",
            trigger=pgtrigger.compiler.Trigger(
                name="audited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE was jsonb; became jsonb; row_now jsonb; diff jsonb;",
                    func="\n    was := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;\n    became := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;\n    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;\n    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{}'::jsonb)\n      INTO diff\n      FROM unnest(ARRAY['unit_id', 'kind', 'valid_from', 'valid_until', 'source']::text[]) AS col\n     WHERE was -> col IS DISTINCT FROM became -> col;\n    IF TG_OP = 'UPDATE' AND was = became THEN\n        RETURN NULL;\n    END IF;\n    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)\n    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),\n            TG_TABLE_NAME, row_now ->> 'id', coalesce(row_now ->> 'unit_id', ''), diff);\n    RETURN NULL;\n",
                    hash="0532ae2c2afe626ea763f7f48e916a6401f94262",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audited_ea7de",
                    table="places_unitkind",
                    when="AFTER",
                ),
            ),
        ),
    ]
