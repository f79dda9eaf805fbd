"""Who teaches whom what, from when to when."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Guardianship, Student, User
from apps.accounts.models.students import AgeBand
from apps.core.models import UUIDModel

LONGEST_REASON = 200


def is_running() -> Q:
    """A pause may be set for a later day; a rule has no clock handed in, so it asks the database's."""
    return Q(paused_at__isnull=True) | Q(paused_at__gt=Now())


def is_not_over() -> Q:
    """No end yet, and the last day of whoever stands in is still to come."""
    return Q(ended_at__isnull=True) & (Q(cover_until__isnull=True) | Q(cover_until__gt=Now()))


class TeachingQuerySet(models.QuerySet["Teaching"]):
    def current(self) -> "TeachingQuerySet":
        """Access follows this: what has an end has ended, and a pause is like an end while it lasts."""
        return self.unended().filter(is_running())

    def unended(self) -> "TeachingQuerySet":
        """With those that are paused; but what was for a while only ends by itself."""
        return self.filter(is_not_over())

    def paused(self) -> "TeachingQuerySet":
        return self.unended().exclude(is_running())

    def asking(self) -> "TeachingQuerySet":
        """Lessons whose teacher asks a guardian of today to sign the weeks. An adult signs for nobody."""
        guarded = Guardianship.objects.current().filter(student=OuterRef("student"))
        asked = self.current().filter(sign_off_since__isnull=False, sign_off_until__isnull=True)
        return asked.exclude(student__age_band=AgeBand.ADULT).filter(Exists(guarded))

    def of_joined(self) -> "TeachingQuerySet":
        """Of students who joined: with a login or a guardian, another person than the teacher."""
        guards = Guardianship.objects.current().filter(student=OuterRef("student"))
        has_guardian = Exists(guards.exclude(guardian=OuterRef("teacher")))
        has_login = Q(student__user__isnull=False) & ~Q(student__user=F("teacher"))
        return self.filter(has_login | Q(has_guardian))

    def by(self, teacher: User) -> "TeachingQuerySet":
        return self.filter(teacher=teacher)


class Teaching(UUIDModel):
    """One teacher, one student, one instrument. A second instrument is a second row.

    From ``paused_at`` on, and until somebody resumes, the teacher sees as little as a former one.
    """

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
    paused_at = models.DateTimeField(_("paused from"), null=True, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("paused by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    pause_reason = models.CharField(_("reason of the pause"), max_length=LONGEST_REASON, blank=True)
    # Whoever stands in for another teacher comes with a last day.
    cover_until = models.DateTimeField(_("stands in until"), null=True, blank=True)
    # The teacher asks the family to sign each week; weeks are counted from this first day of one. So they
    # stay the same weeks, whoever looks and whatever a reader's own week begins with.
    sign_off_since = models.DateField(_("weeks are signed since"), null=True, blank=True)
    # Since this day the teacher asks no more. The first day stays: who asks again soon goes on counting.
    sign_off_until = models.DateField(_("weeks were signed until"), null=True, blank=True)

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
                condition=Q(paused_at__isnull=False) | Q(paused_by__isnull=True, pause_reason=""),
                name="teaching_pause_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(cover_until__isnull=True) | Q(cover_until__gt=F("started_at")),
                name="teaching_covers_after_start",
            ),
            models.CheckConstraint(
                condition=Q(sign_off_since__isnull=False) | Q(sign_off_until__isnull=True),
                name="teaching_asked_before_no_more",
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

    @property
    def asks_sign_off(self) -> bool:
        """What the teacher has switched on; whom it asks today, ``asking`` knows."""
        return self.sign_off_since is not None and self.sign_off_until is None
