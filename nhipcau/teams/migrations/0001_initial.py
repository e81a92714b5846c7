"""The first tables of the teams room."""

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import nhipcau.core.crypto
import nhipcau.core.ids
import nhipcau.teams.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nhipcau.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("volunteer", "Volunteer"),
                            ("team_leader", "Team leader"),
                            ("commune_coordinator", "Commune coordinator"),
                            ("official", "Official"),
                            ("province_coordinator", "Province coordinator"),
                            ("national_coordinator", "National coordinator"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=24,
                    ),
                ),
                ("unit_code", models.CharField(max_length=5)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="MemberLanguage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nhipcau.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("language", models.CharField(max_length=3)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("some", "A few words"),
                            ("good", "Can explain a procedure"),
                            ("native", "Mother tongue"),
                        ],
                        default="good",
                        max_length=6,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MemberSkill",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nhipcau.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "skill",
                    models.CharField(
                        choices=[
                            ("vneid", "VNeID and electronic identity"),
                            ("portal", "Filing on the public service portal"),
                            ("scanning", "Scanning and photographing papers"),
                            ("payment", "Paying fees online"),
                            ("civil_status", "Birth, marriage and death papers"),
                            ("land", "Land papers"),
                            ("business", "Household business papers"),
                            ("social", "Social insurance and allowances"),
                            ("phones", "Phones, SIM cards and connections"),
                            ("safety", "Staying safe from online fraud"),
                            ("teaching", "Teaching groups"),
                            ("sign_language", "Sign language"),
                            ("motorbike", "Own motorbike for home visits"),
                        ],
                        max_length=20,
                    ),
                ),
                ("evidence", models.CharField(blank=True, default="", max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nhipcau.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("commune", "Commune team"),
                            ("specialised", "Specialised team"),
                            ("mobile", "Mobile team"),
                        ],
                        default="commune",
                        max_length=12,
                        verbose_name="kind of team",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
            ],
        ),
        migrations.CreateModel(
            name="TeamMembership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nhipcau.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("leader", "Leader"),
                            ("deputy", "Deputy leader"),
                            ("member", "Team member"),
                        ],
                        default="member",
                        max_length=8,
                        verbose_name="role in the team",
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "id",
                    models.UUIDField(
                        default=nhipcau.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]{2,59}\\Z", "Use small letters, digits, dots."
                            )
                        ],
                        verbose_name="user name",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "phone",
                    nhipcau.core.crypto.EncryptedTextField(
                        blank=True, default="", verbose_name="phone number"
                    ),
                ),
                (
                    "phone_index",
                    models.CharField(blank=True, db_index=True, default="", editable=False, max_length=32),
                ),
                ("is_active", models.BooleanField(default=True)),
                (
                    "preferred_language",
                    models.CharField(
                        choices=[("vi", "Tiếng Việt"), ("th", "ไทย"), ("en", "English")],
                        default="vi",
                        max_length=2,
                        verbose_name="language of the screens",
                    ),
                ),
                ("joined_on", models.DateField()),
                ("left_on", models.DateField(blank=True, null=True)),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.unit",
                        verbose_name="home commune",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nhipcau.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="ends on")),
                ("unit_code", models.CharField(max_length=5)),
                ("goals", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="teams_campaign_days"
                    ),
                    models.UniqueConstraint(
                        fields=("name", "unit_code", "starts_on"), name="teams_campaign_once"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="audited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE was jsonb; became jsonb; row_now jsonb; diff jsonb;",
                    func="\n    was := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;\n    became := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;\n    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;\n    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{}'::jsonb)\n      INTO diff\n      FROM unnest(ARRAY['name', 'starts_on', 'ends_on', 'unit_code', 'goals']::text[]) AS col\n     WHERE was -> col IS DISTINCT FROM became -> col;\n    IF TG_OP = 'UPDATE' AND was = became THEN\n        RETURN NULL;\n    END IF;\n    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)\n    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),\n            TG_TABLE_NAME, row_now ->> 'id', coalesce(row_now ->> 'unit_code', ''), diff);\n    RETURN NULL;\n",
                    hash="7d66c5210b78a3ba1bcf98d9add9f8670ce4cc8e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audited_c125a",
                    table="teams_campaign",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="granted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grants",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="memberlanguage",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="languages",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="memberskill",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="skills",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="campaign",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="teams",
                to="teams.campaign",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="commune",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.unit"
            ),
        ),
        migrations.AddField(
            model_name="teammembership",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teammembership",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="teams.team"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["commune", "name"], name="teams_member_commune"),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_on__isnull", True), ("left_on__gte", models.F("joined_on")), _connector="OR"
                ),
                name="teams_member_leaves_after_joining",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), ("left_on__isnull", False), _connector="OR"
                ),
                name="teams_member_named",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="member",
            trigger=pgtrigger.compiler.Trigger(
                name="audited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE was jsonb; became jsonb; row_now jsonb; diff jsonb;",
                    func="\n    was := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;\n    became := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;\n    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;\n    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{}'::jsonb)\n      INTO diff\n      FROM unnest(ARRAY['is_active', 'commune_id', 'preferred_language', 'joined_on', 'left_on']::text[]) AS col\n     WHERE was -> col IS DISTINCT FROM became -> col;\n    IF TG_OP = 'UPDATE' AND was = became THEN\n        RETURN NULL;\n    END IF;\n    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)\n    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),\n            TG_TABLE_NAME, row_now ->> 'id', coalesce(row_now ->> 'commune_id', ''), diff);\n    RETURN NULL;\n",
                    hash="2e1bcc100008ac26faf1d8c2e361eadf4f5bdcb6",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audited_bf04d",
                    table="teams_member",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["unit_code", "role"], name="teams_grant_unit"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("role__in", ["volunteer", "team_leader", "commune_coordinator", "official"]),
                        ("unit_code__regex", "^[0-9]{5}$"),
                    ),
                    models.Q(("role__in", ["province_coordinator"]), ("unit_code__regex", "^[0-9]{2}$")),
                    models.Q(
                        ("role__in", ["national_coordinator", "administrator"]), ("unit_code__regex", "^VN$")
                    ),
                    _connector="OR",
                ),
                name="teams_grant_role_fits_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_until__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="teams_grant_times",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("granted_by__isnull", True),
                    models.Q(("granted_by", models.F("member")), _negated=True),
                    _connector="OR",
                ),
                name="teams_grant_not_by_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("member", "="),
                    ("role", "="),
                    ("unit_code", "="),
                    (nhipcau.teams.models.MomentRange("valid_from", "valid_until", models.Value("[)")), "&&"),
                ],
                name="teams_grant_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grant",
            trigger=pgtrigger.compiler.Trigger(
                name="audited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE was jsonb; became jsonb; row_now jsonb; diff jsonb;",
                    func="\n    was := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;\n    became := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;\n    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;\n    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{}'::jsonb)\n      INTO diff\n      FROM unnest(ARRAY['member_id', 'role', 'unit_code', 'granted_by_id', 'valid_from', 'valid_until']::text[]) AS col\n     WHERE was -> col IS DISTINCT FROM became -> col;\n    IF TG_OP = 'UPDATE' AND was = became THEN\n        RETURN NULL;\n    END IF;\n    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)\n    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),\n            TG_TABLE_NAME, row_now ->> 'id', coalesce(row_now ->> 'unit_code', ''), diff);\n    RETURN NULL;\n",
                    hash="28e9f293fe82b44f60c5463c3f075f1d8259f3c2",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audited_798f5",
                    table="teams_grant",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="memberlanguage",
            constraint=models.UniqueConstraint(
                fields=("member", "language"), name="teams_member_language_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="memberlanguage",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["some", "good", "native"])),
                name="teams_member_language_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="memberskill",
            constraint=models.UniqueConstraint(fields=("member", "skill"), name="teams_member_skill_once"),
        ),
        migrations.AddConstraint(
            model_name="memberskill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "skill__in",
                        [
                            "vneid",
                            "portal",
                            "scanning",
                            "payment",
                            "civil_status",
                            "land",
                            "business",
                            "social",
                            "phones",
                            "safety",
                            "teaching",
                            "sign_language",
                            "motorbike",
                        ],
                    )
                ),
                name="teams_member_skill_known",
            ),
        ),
        migrations.AddIndex(
            model_name="team",
            index=models.Index(fields=["commune", "name"], name="teams_team_commune"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                fields=("commune", "name", "starts_on"), name="teams_team_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["commune", "specialised", "mobile"])), name="teams_team_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                ),
                name="teams_team_days",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="team",
            trigger=pgtrigger.compiler.Trigger(
                name="audited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE was jsonb; became jsonb; row_now jsonb; diff jsonb;",
                    func="\n    was := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;\n    became := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;\n    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;\n    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{}'::jsonb)\n      INTO diff\n      FROM unnest(ARRAY['name', 'kind', 'commune_id', 'campaign_id', 'starts_on', 'ends_on']::text[]) AS col\n     WHERE was -> col IS DISTINCT FROM became -> col;\n    IF TG_OP = 'UPDATE' AND was = became THEN\n        RETURN NULL;\n    END IF;\n    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)\n    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),\n            TG_TABLE_NAME, row_now ->> 'id', coalesce(row_now ->> 'commune_id', ''), diff);\n    RETURN NULL;\n",
                    hash="270092b8f809fc8b2443cd078a02fd388f3b32ca",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audited_6fa29",
                    table="teams_team",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="teammembership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["leader", "deputy", "member"])), name="teams_membership_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="teammembership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="teams_membership_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammembership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("team", "="),
                    ("member", "="),
                    (nhipcau.teams.models.DateRange("starts_on", "ends_on", models.Value("[)")), "&&"),
                ],
                name="teams_membership_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammembership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("role", "leader")),
                expressions=[
                    ("team", "="),
                    (nhipcau.teams.models.DateRange("starts_on", "ends_on", models.Value("[)")), "&&"),
                ],
                name="teams_one_leader",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="teammembership",
            trigger=pgtrigger.compiler.Trigger(
                name="audited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE was jsonb; became jsonb; row_now jsonb; diff jsonb;",
                    func="\n    was := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;\n    became := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;\n    row_now := CASE WHEN TG_OP = 'DELETE' THEN was ELSE became END;\n    SELECT coalesce(jsonb_object_agg(col, jsonb_build_array(was -> col, became -> col)), '{}'::jsonb)\n      INTO diff\n      FROM unnest(ARRAY['team_id', 'member_id', 'role', 'starts_on', 'ends_on']::text[]) AS col\n     WHERE was -> col IS DISTINCT FROM became -> col;\n    IF TG_OP = 'UPDATE' AND was = became THEN\n        RETURN NULL;\n    END IF;\n    INSERT INTO audit_entry (at, actor, action, entity, entity_id, commune, changes)\n    VALUES (clock_timestamp(), coalesce(current_setting('nhipcau.actor', true), ''), lower(TG_OP),\n            TG_TABLE_NAME, row_now ->> 'id', coalesce(row_now ->> 'commune_id', ''), diff);\n    RETURN NULL;\n",
                    hash="639c44f13f5e2baa430ee924b23480c8b3e4abb0",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_audited_76908",
                    table="teams_teammembership",
                    when="AFTER",
                ),
            ),
        ),
    ]
