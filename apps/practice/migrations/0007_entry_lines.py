"""Lines point at pieces, sections and skills, and say how fast and how often; each knows its share.

Lines that were saved before keep what they say and point at nothing. Their shares are counted here; where
each line said its minutes and they were fewer than the session's, nobody knows what the rest was for.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

SHARES = """
    UPDATE practice_practiceitem AS item
    SET share_minutes = CASE
        WHEN item.minutes IS NOT NULL THEN item.minutes
        ELSE part.rest / part.others + (part.nth <= part.rest % part.others)::integer
    END
    FROM (
        SELECT line.id,
               greatest(entry.minutes - sum(coalesce(line.minutes, 0)) OVER whole, 0)::integer AS rest,
               (count(*) FILTER (WHERE line.minutes IS NULL) OVER whole)::integer AS others,
               row_number() OVER (
                   PARTITION BY line.entry_id, line.minutes IS NULL ORDER BY line.position
               ) AS nth
        FROM practice_practiceitem AS line
        JOIN practice_practiceentry AS entry ON entry.id = line.entry_id
        WINDOW whole AS (PARTITION BY line.entry_id)
    ) AS part
    WHERE part.id = item.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0006_week_sign_off"),
        ("repertoire", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="practiceitem",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="practiceitem",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="practiceitem",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="piece",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="repertoire.piece",
                verbose_name="piece",
            ),
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="repetitions",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="repetitions"),
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="section",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="repertoire.piecesection",
                verbose_name="section",
            ),
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="share_minutes",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="part of the minutes"),
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="skill",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="repertoire.skill",
                verbose_name="skill",
            ),
        ),
        migrations.AddField(
            model_name="practiceitem",
            name="tempo",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="tempo reached"),
        ),
        migrations.AddField(
            model_name="practiceitemrevision",
            name="repetitions",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="repetitions"),
        ),
        migrations.AddField(
            model_name="practiceitemrevision",
            name="tempo",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="tempo reached"),
        ),
        migrations.AddIndex(
            model_name="practiceitem",
            index=models.Index(
                condition=models.Q(("piece__isnull", False)), fields=["piece"], name="item_of_piece"
            ),
        ),
        migrations.AddIndex(
            model_name="practiceitem",
            index=models.Index(
                condition=models.Q(("section__isnull", False)), fields=["section"], name="item_of_section"
            ),
        ),
        migrations.AddIndex(
            model_name="practiceitem",
            index=models.Index(
                condition=models.Q(("skill__isnull", False)), fields=["skill"], name="item_of_skill"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practiceitem",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "practice_practiceitemrevision" ("entry_id", "id", "kind", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "repetitions", "tempo", "title") VALUES (NEW."entry_id", NEW."id", NEW."kind", NEW."minutes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."repetitions", NEW."tempo", NEW."title"); RETURN NULL;',
                    hash="ae072c8120a42aa7ee669d8d57f3028af1779ad6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_628d8",
                    table="practice_practiceitem",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practiceitem",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."minutes" IS DISTINCT FROM (NEW."minutes") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."repetitions" IS DISTINCT FROM (NEW."repetitions") OR OLD."tempo" IS DISTINCT FROM (NEW."tempo") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func='INSERT INTO "practice_practiceitemrevision" ("entry_id", "id", "kind", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "repetitions", "tempo", "title") VALUES (NEW."entry_id", NEW."id", NEW."kind", NEW."minutes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."repetitions", NEW."tempo", NEW."title"); RETURN NULL;',
                    hash="7bde6abc0aaf90d5e2656a776e55b8914d0bd4bd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_aa8ff",
                    table="practice_practiceitem",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practiceitem",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "practice_practiceitemrevision" ("entry_id", "id", "kind", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "repetitions", "tempo", "title") VALUES (OLD."entry_id", OLD."id", OLD."kind", OLD."minutes", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."repetitions", OLD."tempo", OLD."title"); RETURN NULL;',
                    hash="46b5d748cef44a515729e90c925285264f9acceb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_dbe50",
                    table="practice_practiceitem",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("share_minutes__lte", 1440)), name="item_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("tempo__isnull", True), ("tempo__range", (20, 400)), _connector="OR"),
                name="item_tempo",
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("repetitions__isnull", True), ("repetitions__range", (1, 999)), _connector="OR"
                ),
                name="item_repetitions",
            ),
        ),
        migrations.AddConstraint(
            model_name="practiceitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("skill__isnull", True),
                    models.Q(("piece__isnull", True), ("section__isnull", True)),
                    _connector="OR",
                ),
                name="item_about_one_thing",
            ),
        ),
        migrations.RunSQL(SHARES, migrations.RunSQL.noop),
    ]
