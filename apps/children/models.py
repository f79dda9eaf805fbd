"""How a child signs in: a name and a secret, on devices that a guardian has trusted."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Guardianship, Student
from apps.core.models import UUIDModel
from apps.core.tokens import derive_token, hash_token


class SecretKind(models.TextChoices):
    NONE = "none", _("no sign-in of their own: a guardian hands over the device")
    PICTURES = "pictures", _("four pictures")
    PIN = "pin", _("a number of six digits")


class ChildLogin(UUIDModel):
    """One for each child who has or had a sign-in; closing keeps the row, so that it can be opened again.

    The card's token is derived from the key, a nonce and the installation's secret, so that the card
    can be printed again; the row holds only its hash.
    """

    student = models.OneToOneField(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="child_login"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("login"),
        on_delete=models.CASCADE,
        related_name="child_login",
    )
    username = models.CharField(_("sign-in name"), max_length=30, unique=True)
    kind = models.CharField(_("signs in with"), max_length=10, choices=SecretKind.choices)
    secret = models.CharField(max_length=128, blank=True, default="", editable=False)
    card_nonce = models.CharField(max_length=64, blank=True, default="", editable=False)
    card_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    created_at = models.DateTimeField(_("created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("child's sign-in")
        verbose_name_plural = _("children's sign-ins")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="none", secret="") | ~Q(kind="none") & ~Q(secret=""),
                name="child_login_secret",
            ),
            models.CheckConstraint(
                condition=Q(card_nonce="", card_hash__isnull=True)
                | ~Q(card_nonce="") & Q(card_hash__isnull=False),
                name="child_login_card",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def has_secret(self) -> bool:
        return self.kind != SecretKind.NONE

    @property
    def has_card(self) -> bool:
        return self.card_hash is not None

    @property
    def card_token(self) -> str:
        """The secret of the card; computed, never stored."""
        return derive_token("children.card", self.pk, self.card_nonce)

    def renew_card(self) -> None:
        """A new card: the one of before is dead. Not saved."""
        self.card_nonce = secrets.token_hex(32)
        self.card_hash = hash_token(self.card_token)


class TrustedDeviceQuerySet(models.QuerySet["TrustedDevice"]):
    def live(self) -> "TrustedDeviceQuerySet":
        """Not revoked, and whoever trusted it is still the child's guardian."""
        guards = Guardianship.objects.current().filter(
            guardian=OuterRef("trusted_by"), student=OuterRef("student")
        )
        return self.filter(Exists(guards), revoked_at__isnull=True)

    def with_token(self, token: str) -> "TrustedDeviceQuerySet":
        return self.filter(token_hash=hash_token(token))


class TrustedDevice(UUIDModel):
    """One child may sign in on one device; several children of a shared tablet have a row each.

    The device has one token (256 bits), in a cookie that no script reads; the rows hold its hash.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="trusted_devices"
    )
    token_hash = models.CharField(max_length=64, db_index=True, editable=False)
    name = models.CharField(_("device"), max_length=80)
    trusted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("trusted by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    trusted_at = models.DateTimeField(_("since"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    # After too many wrong tries here; a guardian lets it on again.
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)

    objects = TrustedDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("trusted device")
        verbose_name_plural = _("trusted devices")
        constraints = [
            models.UniqueConstraint(
                fields=["student", "token_hash"],
                condition=Q(revoked_at__isnull=True),
                name="trusted_device_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SecretAttempt(models.Model):
    """A wrong picture password or PIN: counted for one child on one device, so that nobody can guess."""

    device = models.ForeignKey(
        TrustedDevice, verbose_name=_("device"), on_delete=models.CASCADE, related_name="attempts"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("wrong try")
        verbose_name_plural = _("wrong tries")
        indexes = [models.Index(fields=["device", "at"], name="secret_attempt_device")]

    def __str__(self) -> str:
        return str(self.at)
