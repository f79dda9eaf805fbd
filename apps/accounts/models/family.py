"""What is unusual in a family: somebody objects to a new guardian, or the staff hold everything still."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import UUIDModel

from .students import Guardianship, Student

LONGEST_REASON = 1000


class Verdict(models.TextChoices):
    """What the staff decided. A guardian who came of age's end, or who was erased, needs no verdict."""

    UPHELD = "upheld", _("the new guardian leaves")
    DISMISSED = "dismissed", _("the new guardian stays")


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def open(self) -> "ObjectionQuerySet":
        """Those that the staff have still to decide."""
        return self.filter(decided_at__isnull=True)


class Objection(UUIDModel):
    """An earlier guardian, or the student, says that a newcomer should be no guardian.

    The guardianship is suspended in the same transaction. ``reason`` is for the staff alone: the
    newcomer never reads it, nor who objected.
    """

    guardianship = models.ForeignKey(
        Guardianship, verbose_name=_("guardianship"), on_delete=models.CASCADE, related_name="objections"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("raised by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    raised_at = models.DateTimeField(_("raised at"))
    reason = models.TextField(_("reason"), max_length=LONGEST_REASON, blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.UniqueConstraint(
                fields=["guardianship"],
                condition=Q(decided_at__isnull=True),
                name="objection_one_open",
            ),
            models.CheckConstraint(
                condition=Q(verdict="") | Q(decided_at__isnull=False), name="objection_verdict_is_dated"
            ),
        ]

    def __str__(self) -> str:
        return str(self.guardianship)


class FamilyLockQuerySet(models.QuerySet["FamilyLock"]):
    def in_force(self) -> "FamilyLockQuerySet":
        return self.filter(lifted_at__isnull=True)


def unlocked() -> Q:
    """Of students: the staff do not hold the family still."""
    return ~Q(pk__in=FamilyLock.objects.in_force().values("student_id"))


class FamilyLock(UUIDModel):
    """By order of a court, say: nobody joins or leaves this family but by the staff's hand.

    ``reason`` is for the staff alone.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="family_locks"
    )
    reason = models.TextField(_("reason"), max_length=LONGEST_REASON)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("locked by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    locked_at = models.DateTimeField(_("locked at"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)

    objects = FamilyLockQuerySet.as_manager()

    class Meta:
        verbose_name = _("lock of a family")
        verbose_name_plural = _("locks of families")
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(lifted_at__isnull=True), name="family_lock_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="family_lock_has_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.student)
