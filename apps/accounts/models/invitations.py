"""Invitations: one model, the role as data. The link's token is never stored."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.core.models import UUIDModel

from .grants import GrantLevel
from .students import Student

# How long a page goes on showing what nobody took up.
UNANSWERED_DAYS = 60


class InvitationRole(models.TextChoices):
    GUARDIAN = "guardian", _("guardian")
    STUDENT = "student", _("the student's own login")
    GRANTEE = "grantee", _("somebody who may see the diary for a while")


class InvitationState(models.TextChoices):
    PENDING = "pending", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("expired")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self, now: datetime) -> "InvitationQuerySet":
        """Unanswered, not cancelled, not past its date."""
        return self.filter(
            accepted_at__isnull=True,
            declined_at__isnull=True,
            cancelled_at__isnull=True,
            expires_at__gt=now,
        )

    def unanswered(self, now: datetime) -> "InvitationQuerySet":
        """Whatever the sender may still do something about: waiting, expired, or lately declined."""
        lately = now - timedelta(days=UNANSWERED_DAYS)
        return (
            self.filter(accepted_at__isnull=True, cancelled_at__isnull=True, sent_at__gt=lately)
            .select_related("invited_by")
            .order_by("-sent_at", "pk")
        )

    def with_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_hash=hash_token(token))


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(UUIDModel):
    """An offer of one role towards one student, bound to an e-mail address and a date.

    The token (256 bits) is derived from the key, a random nonce and the installation's secret, so
    that the worker can write the link when it sends the mail; the row holds only the token's hash.
    A resend makes a new nonce: the old link is dead.
    """

    role = models.CharField(_("role"), max_length=20, choices=InvitationRole.choices)
    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=10, default="en")
    grant_level = models.CharField(
        _("may do"), max_length=10, choices=GrantLevel.choices, blank=True, default=""
    )
    grant_until = models.DateTimeField(_("until"), null=True, blank=True)
    nonce = models.CharField(max_length=64, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="invitations_sent",
    )
    created_at = models.DateTimeField(_("created at"))
    sent_at = models.DateTimeField(_("last sent at"))
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("accepted by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="invitations_accepted",
    )
    declined_at = models.DateTimeField(_("declined at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(role="grantee", grant_until__isnull=False) & ~Q(grant_level="")
                | ~Q(role="grantee") & Q(grant_level="", grant_until__isnull=True),
                name="invitation_grant_fields",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True)
                | Q(declined_at__isnull=True, cancelled_at__isnull=True),
                name="invitation_one_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["student", "-created_at"], name="invitation_student"),
            models.Index(fields=["email"], name="invitation_email"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.student}"

    @property
    def token(self) -> str:
        """The secret of the link; computed, never stored."""
        return salted_hmac("accounts.invitation", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    @property
    def masked_email(self) -> str:
        """Enough for its owner to know it by, too little for whoever else holds the link."""
        name, _at, domain = self.email.partition("@")
        return f"{name[:1]}…@{domain}"

    def state(self, now: datetime) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.declined_at:
            return InvitationState.DECLINED
        if self.cancelled_at:
            return InvitationState.CANCELLED
        if self.expires_at <= now:
            return InvitationState.EXPIRED
        return InvitationState.PENDING
