"""Lessons of a teaching: when, where, whether it took place, and what was noted (ADR 0033)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.models.users import validate_time_zone
from apps.core.links import host_of
from apps.core.models import UUIDModel
from apps.private_teaching.models import Teaching
from apps.repertoire.models.kept import Kept

LONGEST_PLACE = 200
LONGEST_LINK = 500
LONGEST_NOTE = 10_000
LONGEST_REASON = 200
SHORTEST, LONGEST = 5, 480
# Some come early.
AT_THE_DOOR = timedelta(minutes=15)
NO_OVERLAP = "lesson_no_overlap"


class Attendance(models.TextChoices):
    PRESENT = "present", _("was there")
    LATE = "late", _("came late")
    EXCUSED = "excused", _("excused")
    MISSED = "missed", _("did not come")
    TEACHER_AWAY = "away", _("teacher was away")


class LessonQuerySet(models.QuerySet["Lesson"]):
    def kept(self) -> "LessonQuerySet":
        return self.filter(deleted_at__isnull=True)

    def standing(self) -> "LessonQuerySet":
        """Those that take up their teacher's time."""
        return self.kept().filter(cancelled_at__isnull=True)

    def during(self, lesson: "Lesson") -> "LessonQuerySet":
        """Those of its teacher that meet it."""
        rows = self.standing().filter(teacher=lesson.teacher_id).exclude(pk=lesson.pk)
        return rows.filter(starts_at__lt=lesson.ends_at, ends_at__gt=lesson.starts_at)

    def following(self, lesson: "Lesson") -> "LessonQuerySet":
        """Those of its series behind it that stand and of which nothing is noted yet."""
        rows = self.standing().filter(series=lesson.series, starts_at__gt=lesson.starts_at)
        return rows.filter(attendance="", shared_note="", own_note__isnull=True)


class _Time(Func):
    """From the first minute on, without the last."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Lesson(Kept):
    """One lesson. The family reads all of it; what is only the teacher's stands in a table of its own.

    ``teacher`` is the teaching's, for the database to see two lessons of one person that meet.
    ``time_zone`` names the clocks by which it was planned.
    """

    teaching = models.ForeignKey(
        Teaching, verbose_name=_("teaching"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("teacher"), on_delete=models.PROTECT, related_name="+"
    )
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    place = models.CharField(_("place"), max_length=LONGEST_PLACE, blank=True)
    link = models.CharField(_("link"), max_length=LONGEST_LINK, blank=True)
    attendance = models.CharField(_("attendance"), max_length=10, choices=Attendance.choices, blank=True)
    shared_note = models.TextField(_("shared note"), max_length=LONGEST_NOTE, blank=True)
    cancelled_at = models.DateTimeField(_("called off at"), null=True, blank=True)
    # The same for all lessons that were planned as one row of weeks.
    series = models.UUIDField(_("series"), null=True, blank=True, editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        constraints = [
            ExclusionConstraint(
                name=NO_OVERLAP,
                expressions=[
                    ("teacher", RangeOperators.EQUAL),
                    (_Time("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at__isnull=True, deleted_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(
                    ends_at__gte=F("starts_at") + timedelta(minutes=SHORTEST),
                    ends_at__lte=F("starts_at") + timedelta(minutes=LONGEST),
                ),
                name="lesson_length",
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__regex=r"^https?://"), name="lesson_link_is_one"
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("shared_note"), LONGEST_NOTE), name="lesson_note_length"
            ),
        ]
        indexes = [
            models.Index(fields=["teaching", "starts_at"], name="lesson_of_teaching"),
            models.Index(
                fields=["series", "starts_at"], condition=Q(series__isnull=False), name="lesson_of_series"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def wall(self) -> datetime:
        """The time that the clocks showed by which it was planned, without a zone."""
        return self.starts_at.astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)

    def attendances(self, now: datetime) -> list[Attendance]:
        """What may be noted of who was there: beforehand that somebody excused themselves; nothing of what is
        called off."""
        if self.cancelled_at is not None:
            return []
        return list(Attendance) if self.starts_at <= now + AT_THE_DOOR else [Attendance.EXCUSED]

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def host(self) -> str:
        return host_of(self.link)


class OwnNote(UUIDModel):
    """What a teacher noted about a lesson for themselves alone: no family, no other teacher reads it."""

    lesson = models.OneToOneField(
        Lesson, verbose_name=_("lesson"), on_delete=models.CASCADE, related_name="own_note"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), on_delete=models.CASCADE, related_name="+"
    )
    body = models.TextField(_("private note"), max_length=LONGEST_NOTE)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("private note of a lesson")
        verbose_name_plural = _("private notes of lessons")
        constraints = [
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(Length("body"), LONGEST_NOTE)) & ~Q(body=""),
                name="own_note_length",
            )
        ]

    def __str__(self) -> str:
        return f"{self.changed_at:%Y-%m-%d}"


class ChangeKind(models.TextChoices):
    MOVED = "moved", _("moved")
    CANCELLED = "cancelled", _("called off")


class LessonChange(UUIDModel):
    """A lesson was moved or called off: when it had been until then, by whom, and why. Never changed."""

    lesson = models.ForeignKey(
        Lesson, verbose_name=_("lesson"), on_delete=models.CASCADE, related_name="changes"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ChangeKind.choices)
    was_at = models.DateTimeField(_("was at"))
    was_minutes = models.PositiveSmallIntegerField(_("lasted minutes"))
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    # Those that follow in its series were moved or called off with it.
    with_following = models.BooleanField(_("with those that follow"), default=False)
    changed_by = models.ForeignKey(
        User, verbose_name=_("changed by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("change of a lesson")
        verbose_name_plural = _("changes of lessons")

    def __str__(self) -> str:
        return f"{self.kind}, {self.changed_at:%Y-%m-%d}"
