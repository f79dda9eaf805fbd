"""Invitations: one model, the role as data. Neither the link's token nor the code is stored."""

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.codes import code_from, hash_code
from apps.core.days import calendar_day, whole_until
from apps.core.models import UUIDModel
from apps.core.tokens import derive_bytes, derive_token, hash_token

from .grants import GrantLevel
from .students import Student

# How long a page goes on showing what nobody took up.
UNANSWERED_DAYS = 60


class InvitationRole(models.TextChoices):
    GUARDIAN = "guardian", _("guardian")
    STUDENT = "student", _("the student's own login")
    GRANTEE = "grantee", _("somebody who may see the diary for a while")
    PUPIL = "pupil", _("a new pupil, with a diary of their own")
    TEACHER = "teacher", _("another teacher")


class InvitationState(models.TextChoices):
    PENDING = "pending", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("expired")


def unanswered_since(now: datetime) -> datetime:
    """What was sent before then and never answered is nobody's business any more."""
    return now - timedelta(days=UNANSWERED_DAYS)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Unanswered and not cancelled: it waits, or is past its date and can be made anew."""
        return self.filter(accepted_at__isnull=True, declined_at__isnull=True, cancelled_at__isnull=True)

    def pending(self, now: datetime) -> "InvitationQuerySet":
        """Open, and not past its date."""
        return self.open().filter(expires_at__gt=now)

    def unanswered(self, since: datetime) -> "InvitationQuerySet":
        """Whatever the sender may still do something about: waiting, expired, or declined; sent after
        ``since``, which is ``unanswered_since(now)``."""
        return (
            self.filter(accepted_at__isnull=True, cancelled_at__isnull=True, sent_at__gt=since)
            .select_related("invited_by")
            .order_by("-sent_at", "pk")
        )

    def with_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_hash=hash_token(token))

    def by_code(self) -> "InvitationQuerySet":
        """Those handed over by hand: whoever has the code or its link may answer."""
        return self.filter(email="")


class Invitation(UUIDModel):
    """An offer of one role towards one student, until a date; ``apps.accounts.roles`` says what each means.

    A teacher's new pupil is the one role without a student: whoever accepts says who the student is.

    It goes out in one of two ways. By mail: bound to the address, and only who has confirmed that may
    accept. Or by hand, without an address: as a short code to type and a link to scan, for whoever
    holds it, once.

    The token (256 bits) and the code are derived from the key, a random nonce and the installation's
    secret, so that the worker can write the link when it sends the mail, and a sheet can be printed
    again; the row holds only their hashes. A resend makes a new nonce: the old ones are dead.
    """

    role = models.CharField(_("role"), max_length=20, choices=InvitationRole.choices)
    student = models.ForeignKey(
        Student,
        verbose_name=_("student"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="invitations",
    )
    # What the lessons are for, where the invitation is about lessons.
    instrument = models.CharField(_("instrument"), max_length=60, blank=True, default="")
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True, default="")
    language = models.CharField(_("language"), max_length=10, default="en")
    grant_level = models.CharField(
        _("may do"), max_length=10, choices=GrantLevel.choices, blank=True, default=""
    )
    grant_until = models.DateTimeField(_("until"), null=True, blank=True)
    nonce = models.CharField(max_length=64, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    code_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    # Without an address nothing else tells on another device which account had begun to answer.
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="invitations_opened",
    )
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
                # A teacher who stands in for another comes with a last day.
                | Q(role="teacher", grant_level="")
                | ~Q(role__in=["grantee", "teacher"]) & Q(grant_level="", grant_until__isnull=True),
                name="invitation_grant_fields",
            ),
            models.CheckConstraint(
                condition=Q(role="pupil") | Q(student__isnull=False), name="invitation_has_a_student"
            ),
            models.CheckConstraint(
                condition=~Q(role="pupil") | Q(student__isnull=True) | Q(accepted_at__isnull=False),
                name="invitation_pupil_is_chosen_late",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["pupil", "teacher"]) & ~Q(instrument="")
                | ~Q(role__in=["pupil", "teacher"]) & Q(instrument=""),
                name="invitation_instrument",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True)
                | Q(declined_at__isnull=True, cancelled_at__isnull=True),
                name="invitation_one_answer",
            ),
            models.CheckConstraint(
                condition=Q(email="", code_hash__isnull=False) | ~Q(email="") & Q(code_hash__isnull=True),
                name="invitation_mail_or_code",
            ),
            # A guest is somebody the family knows by name and address.
            models.CheckConstraint(
                condition=~Q(role="grantee", email=""), name="invitation_guest_has_an_address"
            ),
        ]
        indexes = [
            models.Index(fields=["student", "-created_at"], name="invitation_student"),
            models.Index(fields=["email"], name="invitation_email"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.student or self.instrument}"

    @property
    def known_student(self) -> Student:
        """The student of every invitation but a pupil's that nobody has accepted yet."""
        assert self.student is not None  # noqa: S101  (a constraint holds it)
        return self.student

    @property
    def token(self) -> str:
        """The secret of the link; computed, never stored."""
        return derive_token("accounts.invitation", self.pk, self.nonce)

    @property
    def code(self) -> str:
        """What to type instead of the link; computed, never stored."""
        return code_from(derive_bytes("accounts.code", self.pk, self.nonce))

    @property
    def spaced_code(self) -> str:
        """As it is shown: in two halves, which are easier to keep in mind."""
        return f"{self.code[:3]} {self.code[3:]}"

    @property
    def is_by_code(self) -> bool:
        return not self.email

    def renew(self) -> None:
        """New secrets: the link and the code of before are dead, and so is what they opened. Not saved."""
        self.opened_by = None
        self.nonce = secrets.token_hex(32)
        self.token_hash = hash_token(self.token)
        self.code_hash = hash_code(self.code) if self.is_by_code else None

    @property
    def masked_email(self) -> str:
        """Enough for its owner to know it by, too little for whoever else holds the link."""
        name, _at, domain = self.email.partition("@")
        return f"{name[:1]}…@{domain}"

    @property
    def whole_until(self) -> datetime:
        """A moment of the last day on which it works until midnight."""
        return whole_until(self.expires_at)

    @property
    def guest_day(self) -> date | None:
        """The last day of what it offers, as it was chosen: of the student's zone."""
        if self.grant_until is None or self.student is None:
            return None
        return calendar_day(self.grant_until, self.student.time_zone)

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


class CodeAttempt(models.Model):
    """A code that somebody typed and that was none: counted, so that codes cannot be guessed."""

    at = models.DateTimeField(_("at"))
    # A keyed hash of the network address: enough to count by, no address.
    source = models.CharField(_("source"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("attempt with a code")
        verbose_name_plural = _("attempts with a code")
        indexes = [
            models.Index(fields=["source", "at"], name="code_attempt_source"),
            models.Index(fields=["at"], name="code_attempt_at"),
        ]

    def __str__(self) -> str:
        return str(self.at)
