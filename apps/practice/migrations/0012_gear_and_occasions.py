"""Entries name what was played on and what it was for; their versions keep the keys.

Nothing here looks at a row: the columns are empty, and the constraint holds for what is written from now on. A
process of the version before writes entries that name nothing, which it allows. 0013 builds the indexes and looks
whether all rows hold.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_leaving_photo"),
        ("gear", "0001_gear_and_occasions"),
        ("practice", "0011_shares_of_lines"),
        ("private_teaching", "0006_sign_off"),
        ("repertoire", "0002_gear_and_occasions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="practiceentry",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="practiceentry",
            name="update_update",
        ),
        migrations.AddField(
            model_name="practiceentry",
            name="instrument",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="gear.gear",
                verbose_name="instrument",
            ),
        ),
        migrations.AddField(
            model_name="practiceentry",
            name="occasion",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="repertoire.occasion",
                verbose_name="occasion",
            ),
        ),
        migrations.AddField(
            model_name="practiceentryrevision",
            name="instrument",
            field=models.UUIDField(
                blank=True, db_column="instrument_id", null=True, verbose_name="instrument"
            ),
        ),
        migrations.AddField(
            model_name="practiceentryrevision",
            name="occasion",
            field=models.UUIDField(blank=True, db_column="occasion_id", null=True, verbose_name="occasion"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practiceentry",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "practice_practiceentryrevision" ("achievements", "addressed_to_id", "changed_at", "confidence", "created_at", "deleted_at", "description", "difficulty", "enjoyment", "id", "instrument_id", "is_private", "logged_by_id", "minutes", "mood", "notes", "occasion_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practised_on", "preparing_for_exam", "preparing_for_performance", "quality", "started_at_time", "struggles", "student_id", "time_zone") VALUES (NEW."achievements", NEW."addressed_to_id", NEW."changed_at", NEW."confidence", NEW."created_at", NEW."deleted_at", NEW."description", NEW."difficulty", NEW."enjoyment", NEW."id", NEW."instrument_id", NEW."is_private", NEW."logged_by_id", NEW."minutes", NEW."mood", NEW."notes", NEW."occasion_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."practised_on", NEW."preparing_for_exam", NEW."preparing_for_performance", NEW."quality", NEW."started_at_time", NEW."struggles", NEW."student_id", NEW."time_zone"); RETURN NULL;',
                    hash="ab44509403f5b9afbdde57398ae0d60749f8681a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cef97",
                    table="practice_practiceentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practiceentry",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "practice_practiceentryrevision" ("achievements", "addressed_to_id", "changed_at", "confidence", "created_at", "deleted_at", "description", "difficulty", "enjoyment", "id", "instrument_id", "is_private", "logged_by_id", "minutes", "mood", "notes", "occasion_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practised_on", "preparing_for_exam", "preparing_for_performance", "quality", "started_at_time", "struggles", "student_id", "time_zone") VALUES (NEW."achievements", NEW."addressed_to_id", NEW."changed_at", NEW."confidence", NEW."created_at", NEW."deleted_at", NEW."description", NEW."difficulty", NEW."enjoyment", NEW."id", NEW."instrument_id", NEW."is_private", NEW."logged_by_id", NEW."minutes", NEW."mood", NEW."notes", NEW."occasion_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."practised_on", NEW."preparing_for_exam", NEW."preparing_for_performance", NEW."quality", NEW."started_at_time", NEW."struggles", NEW."student_id", NEW."time_zone"); RETURN NULL;',
                    hash="1e11189c09a5ddcae02002517f9d9ce92f67615c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_0e73e",
                    table="practice_practiceentry",
                    when="AFTER",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="practiceentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("occasion__isnull", True),
                    ("preparing_for_exam", True),
                    ("preparing_for_performance", True),
                    _connector="OR",
                ),
                name="entry_occasion_is_flagged",
            ),
        ),
    ]
