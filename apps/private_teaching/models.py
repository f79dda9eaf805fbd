"""Who teaches whom what, from when to when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student, User
from apps.core.models import UUIDModel


class TeachingQuerySet(models.QuerySet["Teaching"]):
    def current(self) -> "TeachingQuerySet":
        """Access follows this: what has an end has ended, and so has what was for a while only."""
        return self.filter(Q(cover_until__isnull=True) | Q(cover_until__gt=Now()), ended_at__isnull=True)

    def by(self, teacher: User) -> "TeachingQuerySet":
        return self.filter(teacher=teacher)


class Teaching(UUIDModel):
    """One teacher, one student, one instrument. A second instrument is a second row."""

    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("teacher"),
        on_delete=models.PROTECT,
        related_name="teachings",
    )
    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="teachings"
    )
    instrument = models.CharField(_("instrument"), max_length=60)
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    # Whoever stands in for another teacher comes with a last day.
    cover_until = models.DateTimeField(_("stands in until"), null=True, blank=True)

    objects = TeachingQuerySet.as_manager()

    class Meta:
        verbose_name = _("teaching")
        verbose_name_plural = _("teachings")
        constraints = [
            models.UniqueConstraint(
                "teacher",
                "student",
                Lower("instrument"),
                condition=Q(ended_at__isnull=True),
                name="teaching_once_per_instrument",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="teaching_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(cover_until__isnull=True) | Q(cover_until__gt=F("started_at")),
                name="teaching_covers_after_start",
            ),
        ]
        indexes = [
            # Who-sees-whom runs on every request of a teacher.
            models.Index(
                fields=["teacher", "student"], condition=Q(ended_at__isnull=True), name="teaching_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.teacher}: {self.student} ({self.instrument})"
