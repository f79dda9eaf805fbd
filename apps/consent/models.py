"""The ledger of consents: what was said stays said, and the last word on each purpose counts."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import UUIDModel
from apps.core.tokens import derive_token


class Purpose(models.TextChoices):
    """What is asked for, each by itself. Without the first there is no diary; it needs none of the others."""

    CORE = "core", _("the practice diary")
    RECORDINGS = "recordings", _("recordings")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text messages")
    LEADERBOARD = "leaderboard", _("leaderboard")
    INSIGHTS = "insights", _("insights")


class Method(models.TextChoices):
    """How it was said. Each but the last two is somebody signed in with their own account.

    By OBJECTION the staff take back what somebody gave who was no guardian; ``by`` is that person.
    """

    GUARDIAN = "guardian-account", _("a guardian, after giving the password")
    INVITATION = "guardian-invitation", _("a guardian, on joining")
    SELF = "self", _("the student, on their own behalf")
    MAIL = "mail-link", _("the link in the mail")
    OBJECTION = "objection-upheld", _("the people who run this Woodshed, after an objection")


class ConsentEventQuerySet(models.QuerySet["ConsentEvent"]):
    def of(self, student_ids: Iterable[UUID]) -> "ConsentEventQuerySet":
        return self.filter(student_id__in=list(student_ids))

    def latest_words(self) -> "ConsentEventQuerySet":
        """The last row of each student and purpose. The key is their order: it is given under a lock."""
        return self.order_by("student_id", "purpose", "-pk").distinct("student_id", "purpose")


class ConsentEvent(models.Model):
    """Somebody agreed, or took it back. A database trigger refuses UPDATE and DELETE.

    Holds ids, never names, so that it survives an erasure: that one was allowed to keep a diary must be
    provable afterwards too.
    """

    student_id = models.UUIDField(_("student"))
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    given = models.BooleanField(_("agreed"))
    text_version = models.PositiveSmallIntegerField(_("version of the text"))
    language = models.CharField(_("language"), max_length=10)
    method = models.CharField(_("how"), max_length=20, choices=Method.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    at = models.DateTimeField(_("at"))

    objects = ConsentEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(condition=models.Q(purpose__in=Purpose.values), name="consent_purpose"),
            models.CheckConstraint(condition=models.Q(method__in=Method.values), name="consent_method"),
        ]
        indexes = [models.Index(fields=["student_id", "purpose", "-id"], name="consent_latest")]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.at:%Y-%m-%d}"


class Confirmation(UUIDModel):
    """The link with which whoever is said to have agreed takes it back, signed in or not, until a date.

    The token (256 bits) is derived from the key, a random nonce and the installation's secret, so that the
    worker can write the link when it sends the mail; the row holds only its hash.
    """

    event = models.OneToOneField(
        ConsentEvent, verbose_name=_("consent"), on_delete=models.CASCADE, related_name="confirmation"
    )
    nonce = models.CharField(max_length=64, editable=False, default=secrets.token_hex)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        verbose_name = _("mail to confirm a consent")
        verbose_name_plural = _("mails to confirm consents")

    def __str__(self) -> str:
        return str(self.event)

    @property
    def token(self) -> str:
        """The secret of the link; computed, never stored."""
        return derive_token("consent.confirmation", self.pk, self.nonce)

    def is_over(self, now: datetime) -> bool:
        return self.used_at is not None or self.expires_at <= now
