"""What every app builds on: client-made UUID keys and the append-only audit log."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# What a row of the audit log says, as a digest; ``row`` names the row. The same for every client, zone and
# encoding, so the trigger that writes it and the check that holds it agree for ever.
DIGEST_SQL = (
    "encode(sha256(convert_to(jsonb_build_array({row}.id, (extract(epoch from {row}.at) * 1000000)::bigint,"
    " {row}.actor_id, {row}.action, {row}.target_type, {row}.target_id, {row}.student_id, {row}.details)"
    "::text, 'UTF8')), 'hex')"
)


def keep_all(name: str = "keep_all") -> Any:
    """Refuses TRUNCATE, which no trigger of a row sees, unless the session has said that it may."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="IF current_setting('woodshed.may_truncate', true) = 'on' THEN RETURN NULL; END IF;"
        " RAISE EXCEPTION 'woodshed: % is append-only', TG_TABLE_NAME;",
    )


class UUIDModel(models.Model):
    """A row whose key may be made by a client that is offline, and that a URL may carry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class AuditEvent(models.Model):
    """Something that happened to access or to a pupil's data, kept for ever.

    Holds ids, never names or contents, so that it survives erasure. Database triggers refuse UPDATE,
    DELETE and TRUNCATE, and write the digest, from which ``chain`` makes its seals.
    """

    at = models.DateTimeField(_("at"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    action = models.CharField(_("action"), max_length=60)
    target_type = models.CharField(_("target type"), max_length=60)
    target_id = models.UUIDField(_("target"))
    student_id = models.UUIDField(_("student"), null=True, db_index=True)
    details = models.JSONField(_("details"), default=dict)
    digest = models.CharField(_("digest"), max_length=64, default="", editable=False)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            keep_all(),
            pgtrigger.Trigger(
                name="digest",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"NEW.digest = {DIGEST_SQL.format(row='NEW')}; RETURN NEW;",
            ),
        ]
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"


class AuditSeal(models.Model):
    """A closed part of the audit log, chained to the part before: see ``chain``."""

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    sealed_at = models.DateTimeField(_("sealed at"))
    upto = models.BigIntegerField(_("up to row"))
    previous = models.CharField(_("hash of the one before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)
    leaves = models.BinaryField(_("rows and their digests"))

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            keep_all(),
        ]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"
