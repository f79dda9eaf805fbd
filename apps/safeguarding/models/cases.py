"""When one of the staff may read a child's content, or see the product as somebody else does (ADR 0016)."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.models import UUIDModel

LONGEST_REASON = 1000


class ReasonCategory(models.TextChoices):
    """Why, as the family is told."""

    ASKED = "asked", _("the family asked for help")
    REPORT = "report", _("somebody reported something in this diary")
    SAFETY = "safety", _("we are worried about somebody's safety")
    FAULT = "fault", _("something did not work, and we looked for the fault")
    LAW = "law", _("a law or a court asks us to")


class StaffKind(models.TextChoices):
    """Who looked, as people are told: the team, not the name."""

    SAFEGUARDING = "safeguarding", _("the safeguarding team")
    SUPPORT = "support", _("the support team")
    OFFICE = "office", _("whoever runs this Woodshed")


class ReadingCaseQuerySet(models.QuerySet["ReadingCase"]):
    def open(self, now: datetime) -> "ReadingCaseQuerySet":
        return self.filter(opened_at__lte=now, expires_at__gt=now, closed_at__isnull=True)


class ReadingCase(UUIDModel):
    """One member of staff may read one student's content until ``expires_at``; the family sees that.

    ``reason`` is for the staff's eyes: it may name people.
    """

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("opened by"), on_delete=models.PROTECT, related_name="+"
    )
    staff_kind = models.CharField(_("team"), max_length=12, choices=StaffKind.choices)
    student = models.ForeignKey(
        Student, verbose_name=_("student"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    category = models.CharField(_("why"), max_length=10, choices=ReasonCategory.choices)
    reason = models.TextField(_("reason"), max_length=LONGEST_REASON)
    opened_at = models.DateTimeField(_("opened at"))
    expires_at = models.DateTimeField(_("until"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ReadingCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("open case")
        verbose_name_plural = _("open cases")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="case_ends_later"),
        ]
        indexes = [
            models.Index(fields=["student", "-opened_at"], name="case_student"),
            models.Index(fields=["staff", "-expires_at"], name="case_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}, {self.opened_at:%Y-%m-%d %H:%M}"

    def is_open(self, now: datetime) -> bool:
        return self.closed_at is None and self.opened_at <= now < self.expires_at


class ImpersonationQuerySet(models.QuerySet["Impersonation"]):
    def running(self, now: datetime) -> "ImpersonationQuerySet":
        return self.filter(started_at__lte=now, expires_at__gt=now, ended_at__isnull=True)


class Impersonation(UUIDModel):
    """One member of staff sees pages as ``person`` does, without being able to do anything there."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("staff"), on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("reason"), max_length=LONGEST_REASON)
    started_at = models.DateTimeField(_("started at"))
    expires_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ImpersonationQuerySet.as_manager()

    class Meta:
        verbose_name = _("look as somebody")
        verbose_name_plural = _("looks as somebody")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("started_at")), name="look_ends_later"),
            models.CheckConstraint(condition=~Q(staff=F("person")), name="look_as_somebody_else"),
        ]
        indexes = [models.Index(fields=["person", "-started_at"], name="look_person")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
