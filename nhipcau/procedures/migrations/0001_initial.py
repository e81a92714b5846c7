"""The first tables of the procedures room."""

# fmt: off

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import nhipcau.core.ids
import nhipcau.procedures.models


class Migration(migrations.Migration):

    initial = True

    dependencies = [("audit", "0001_initial")]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Stamp',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Procedure',
            fields=[
                ('slug', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('code', models.CharField(blank=True, help_text='national code', max_length=12, validators=[django.core.validators.RegexValidator('^[1-9]\\.\\d{6}$')])),
                ('kind', models.CharField(choices=[('procedure', 'Administrative procedure'), ('in_app', 'Steps in an app')], max_length=12)),
                ('life_event', models.CharField(choices=[('birth', 'A child is born'), ('identity', 'ID card'), ('digital_account', 'VNeID account on the phone'), ('residence', 'Where you live'), ('certified_copies', 'Copies of papers'), ('driving', 'Driving licence'), ('study', 'School and diplomas'), ('justice', 'Criminal record certificate'), ('land', 'Land and house'), ('business', 'Household business'), ('family', 'Marriage and family'), ('support', 'Support and allowances'), ('death', 'Someone has died')], max_length=24)),
                ('field', models.CharField(blank=True, max_length=200)),
                ('names', models.JSONField()),
                ('summaries', models.JSONField(default=dict)),
                ('official_name', models.TextField(blank=True)),
                ('keywords', models.JSONField(default=dict)),
                ('replaces', models.JSONField(default=list)),
                ('see_also', models.JSONField(default=list)),
                ('replaced_by', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(choices=[('current', 'Current'), ('retired', 'No longer used')], db_index=True, default='current', max_length=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='procedures_code_once'), models.CheckConstraint(condition=models.Q(('kind', 'in_app'), models.Q(('code', ''), _negated=True), _connector='OR'), name='procedures_code_unless_in_app')],
            },
        ),
        migrations.CreateModel(
            name='ProcedureVersion',
            fields=[
                ('id', models.UUIDField(default=nhipcau.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('fact_checked', 'Facts checked'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12)),
                ('guide', models.JSONField()),
                ('content_hash', models.CharField(max_length=64)),
                ('source_title', models.TextField()),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('source_kind', models.CharField(max_length=12)),
                ('checked_on', models.DateField()),
                ('checked_by', models.CharField(blank=True, max_length=120)),
                ('confidence', models.CharField(max_length=8)),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='procedures.procedure')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'published')), expressions=[(models.F('procedure'), '='), (nhipcau.procedures.models.DateRange('valid_from', 'valid_until'), '&&')], name='procedures_one_published_version'), models.UniqueConstraint(fields=('procedure', 'content_hash'), name='procedures_content_once'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='procedures_version_period')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedureversion',
            trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE was jsonb; became jsonb; row_now jsonb; diff jsonb;', func="\n    was := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;\n    became := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;\n    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;\n    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{}'::jsonb)\n      INTO diff\n      FROM unnest(ARRAY['state', 'valid_from', 'valid_until', 'content_hash']::text[]) AS col\n     WHERE was -> col IS DISTINCT FROM became -> col;\n    IF TG_OP = 'UPDATE' AND was = became THEN\n        RETURN NULL;\n    END IF;\n    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)\n    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),\n            TG_TABLE_NAME, row_now ->> 'id', coalesce(row_now ->> 'commune_id', ''), diff);\n    RETURN NULL;\n", hash='4302b1f1739e9cc5908812df4d7bd905339ee233', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_0e103', table='procedures_procedureversion', when='AFTER')),
        ),
    ]
