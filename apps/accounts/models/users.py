"""The account: somebody who signs in. What they may do follows from other rows, never from a flag here."""

import re
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth import models as auth_models
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.days import is_time_zone
from apps.core.models import UUIDModel

SHORT_NAME_LENGTH = 40
# Of addresses that erased accounts are left with; no mail can ever go there (RFC 2606).
ERASED_DOMAIN = "erased.invalid"
# Where photos lie in the storage; a file's name says nothing about whose it is.
AVATAR_FOLDER = "avatars"
# Of accounts that a guardian made for a child: no mail ever goes there, and nobody can prove to own it.
CHILD_DOMAIN = "child.invalid"


def avatar_path(picture: UUID) -> str:
    return f"{AVATAR_FOLDER}/{picture}.webp"


def validate_time_zone(name: str) -> None:
    if not is_time_zone(name):
        raise ValidationError(_("This is not a time zone that we know."), code="unknown_time_zone")


def first_name(name: str) -> str:
    """The first word of a name, for whatever a lock screen shows to a stranger: a subject, a notice."""
    return Truncator(name.partition(" ")[0]).chars(SHORT_NAME_LENGTH)


class WeekStart(models.IntegerChoices):
    """Weekdays as Python counts them."""

    MONDAY = 0, _("Monday")
    SUNDAY = 6, _("Sunday")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Addresses are one regardless of case."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(UUIDModel, AbstractBaseUser, PermissionsMixin):
    """Signs in by e-mail. ``time_zone`` is an IANA name; ``week_starts_on`` 0 is Monday, 6 is Sunday."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    display_name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    week_starts_on = models.PositiveSmallIntegerField(
        _("week starts on"), choices=WeekStart.choices, default=WeekStart.MONDAY
    )
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)
    # That the question about age was answered with too few years; never with what. Forgotten after a day.
    age_refused_at = models.DateTimeField(_("age refused at"), null=True, blank=True, editable=False)
    checklist_hidden_at = models.DateTimeField(_("first steps hidden at"), null=True, blank=True)

    # Files of the storage, both or none; the second is what lists show. Columns here, because every list
    # that names somebody has read this row: a photo costs no further query.
    avatar = models.CharField(
        _("photo"), max_length=60, blank=True, default="", db_default="", editable=False
    )
    avatar_small = models.CharField(
        _("small photo"), max_length=60, blank=True, default="", db_default="", editable=False
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=models.Q(avatar="", avatar_small="")
                | ~models.Q(avatar="") & ~models.Q(avatar_small=""),
                name="user_avatar",
            ),
            models.CheckConstraint(condition=models.Q(week_starts_on__in=[0, 6]), name="user_week_start"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    @property
    def is_erased(self) -> bool:
        """The person has left and taken everything along; the row stays for what points at it."""
        return self.email.endswith(f"@{ERASED_DOMAIN}")

    @property
    def is_child(self) -> bool:
        """A guardian made this account for their child: it may do what a child may, and nothing else."""
        return self.email.endswith(f"@{CHILD_DOMAIN}")

    def get_full_name(self) -> str:
        if self.is_erased:
            return gettext("Somebody who left")
        return self.display_name or self.email.partition("@")[0]

    def get_short_name(self) -> str:
        if self.is_erased:
            return self.get_full_name()
        return first_name(self.display_name) or re.split(r"[._+@]", self.email)[0]

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's check, except that being a superuser opens nobody's diary: ask the rules for objects."""
        if obj is not None:
            # Django's own helper: it asks every backend, and skips the short cut for superusers.
            return self.is_active and auth_models._user_has_perm(self, perm, obj)  # type: ignore[attr-defined]
        return super().has_perm(perm)
