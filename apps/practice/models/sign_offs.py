"""A guardian signs that a week of practice was as it stands there, because a teacher asks for it."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.models import UUIDModel
from apps.core.weeks import DAYS_PER_WEEK
from apps.private_teaching.models import Teaching

LONGEST_NOTE = 300


class WeekSignOffQuerySet(models.QuerySet["WeekSignOff"]):
    def newest_first(self) -> "WeekSignOffQuerySet":
        return self.order_by("-signed_at", "-pk")


class WeekSignOff(UUIDModel):
    """One signature under a finished week of one teaching; of several, the newest counts.

    ``minutes`` and ``sessions`` are what this teacher could count when it was signed: nothing private.
    ``version`` stands for those very entries. So the page can say that the week has changed since, and a
    private entry makes no difference to that.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    teaching = models.ForeignKey(
        Teaching, verbose_name=_("lessons"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    week_on = models.DateField(_("first day of the week"))
    minutes = models.PositiveIntegerField(_("minutes"))
    sessions = models.PositiveIntegerField(_("sessions"))
    version = models.CharField(max_length=64, editable=False)
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("signed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    signed_at = models.DateTimeField(_("signed at"))

    objects = WeekSignOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed week")
        verbose_name_plural = _("signed weeks")
        indexes = [
            models.Index(fields=["student", "week_on"], name="week_signed_student"),
            models.Index(fields=["teaching", "week_on"], name="week_signed_teaching"),
        ]

    def __str__(self) -> str:
        return f"{self.week_on}: {self.minutes}"

    @property
    def last(self) -> date:
        """The last day of the week."""
        return self.week_on + timedelta(days=DAYS_PER_WEEK - 1)
