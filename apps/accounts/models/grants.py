"""Exceptions that a person makes: somebody else may look, comment or log until a date.

The rows are django-guardian's, on a direct foreign key; guardian's own backend is left out because
it would keep saying yes after the expiry. Only ``accounts.services`` writes them.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from .students import Student


class GrantLevel(models.TextChoices):
    """Each level includes the ones before it."""

    VIEW = "view", _("may look")
    COMMENT = "comment", _("may look and comment")
    LOG = "log", _("may look, comment and log practice")

    @property
    def codenames(self) -> list[str]:
        order = {"view": "view_student", "comment": "comment_student", "log": "log_practice_student"}
        values = list(order)
        return [order[value] for value in values[: values.index(self.value) + 1]]


class StudentGrantQuerySet(models.QuerySet["StudentGrant"]):
    def live(self, now: datetime | None = None) -> "StudentGrantQuerySet":
        """Grants that still hold at ``now``; a rule, which has no clock handed in, asks the database's."""
        return self.filter(expires_at__gt=now or Now())


class StudentGrant(UserObjectPermissionBase):
    """One permission on one student for one user, until ``expires_at``."""

    content_object = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="grants"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("granted by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    granted_at = models.DateTimeField(_("granted at"))
    expires_at = models.DateTimeField(_("until"))

    objects = StudentGrantQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        indexes = [models.Index(fields=["user", "expires_at"], name="grant_user_live")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("granted_at")), name="grant_expires_later"
            )
        ]
