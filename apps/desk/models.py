"""What a teacher sets for whom to talk to first, and whom they put aside for some days."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.models import UUIDModel

from .triage import Thresholds

LONGEST_REASON = 200
LONGEST_SNIPPET = 500
MOST_SNIPPETS = 30
# The most of each threshold; nought switches its rule off.
MOST = {
    "silent_days": 60,
    "expected_days": 7,
    "missed_weeks": 8,
    "points": 100,
    "struggle_times": 10,
    "exam_weeks": 26,
}


def threshold(label: Any, name: str) -> "models.PositiveSmallIntegerField[int, int]":
    usual: int = getattr(Thresholds(), name)
    return models.PositiveSmallIntegerField(label, default=usual, validators=[MaxValueValidator(MOST[name])])


class TriageSettings(models.Model):
    """A teacher's own thresholds; without a row the usual ones hold (``Thresholds``)."""

    teacher = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("teacher"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    silent_days = threshold(_("days without practice"), "silent_days")
    expected_days = threshold(_("days of practice in a week"), "expected_days")
    missed_weeks = threshold(_("weeks in a row with less"), "missed_weeks")
    points = threshold(_("percent less than in the weeks before"), "points")
    struggle_times = threshold(_("times that the same was hard"), "struggle_times")
    exam_weeks = threshold(_("weeks before an exam"), "exam_weeks")
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("rules of a desk")
        verbose_name_plural = _("rules of the desks")
        constraints = [
            models.CheckConstraint(condition=Q(**{f"{name}__lte": most}), name=f"triage_{name}")
            for name, most in MOST.items()
        ]

    def __str__(self) -> str:
        return str(self.teacher_id)


class Snooze(UUIDModel):
    """This teacher has put this pupil aside until the morning of ``until``, a day of the pupil's, and why.

    The reason is the teacher's alone: nobody of the family, no other teacher and no staff page shows it.
    """

    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("teacher"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+"
    )
    until = models.DateField(_("until"))
    reason = models.CharField(_("why"), max_length=LONGEST_REASON)
    snoozed_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("pupil put aside")
        verbose_name_plural = _("pupils put aside")
        # Teachers first: it serves their key too.
        constraints = [models.UniqueConstraint(fields=["teacher", "student"], name="snooze_once")]

    def __str__(self) -> str:
        return f"{self.student_id} {self.until}"


class Snippet(UUIDModel):
    """A sentence that somebody often writes, to put into a reply; ``{name}`` becomes the pupil's name."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("of"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    body = models.CharField(_("text"), max_length=LONGEST_SNIPPET)
    created_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("snippet")
        verbose_name_plural = _("snippets")
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="snippet_has_a_body")]
        indexes = [models.Index(fields=["owner", "created_at"], name="snippet_of_owner")]

    def __str__(self) -> str:
        return str(self.pk)
