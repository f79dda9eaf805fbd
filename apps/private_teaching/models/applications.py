"""A family asks a teacher for lessons, and what both say about it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student, User
from apps.core.days import whole_until
from apps.core.models import UUIDModel

from .teachings import Teaching

LONGEST_MESSAGE = 2000


class ApplicationState(models.TextChoices):
    PENDING = "pending", _("waits for an answer")
    WAITLISTED = "waitlisted", _("on the waiting list")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("taken back")
    EXPIRED = "expired", _("closed without an answer")


OPEN_STATES = (ApplicationState.PENDING, ApplicationState.WAITLISTED)
ENDED_STATES = tuple(state for state in ApplicationState if state not in OPEN_STATES)


class Voice(models.TextChoices):
    """What somebody is to an application."""

    STUDENT = "student", _("student")
    GUARDIAN = "guardian", _("guardian")
    TEACHER = "teacher", _("teacher")


def is_open() -> Q:
    """Not answered, and its last day is still to come; a rule has no clock, so it asks the database's."""
    return Q(state__in=OPEN_STATES, expires_at__gt=Now())


class ApplicationQuerySet(models.QuerySet["Application"]):
    def open(self) -> "ApplicationQuerySet":
        return self.filter(is_open())

    def overdue(self, now: datetime) -> "ApplicationQuerySet":
        """Over by their date; nobody has written so yet."""
        return self.filter(state__in=OPEN_STATES, expires_at__lte=now)

    def to(self, teacher: User) -> "ApplicationQuerySet":
        return self.filter(teacher=teacher)


class Application(UUIDModel):
    """Somebody asks one teacher for lessons for one student. The first message says why.

    ``agreed_by``: who of those that decide for the student stands behind it; it counts only as long as
    that person decides (``queries.with_agreement``).
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="applications"
    )
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("teacher"),
        on_delete=models.PROTECT,
        related_name="applications",
    )
    instrument = models.CharField(_("instrument"), max_length=60)
    state = models.CharField(
        _("state"), max_length=10, choices=ApplicationState.choices, default=ApplicationState.PENDING
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    applied_at = models.DateTimeField(_("asked at"))
    expires_at = models.DateTimeField(_("open until"))
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agreed by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # With the word of whoever agreed: a pause of these lessons that came later counts more.
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    waitlisted_at = models.DateTimeField(_("on the waiting list since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    teaching = models.ForeignKey(
        Teaching,
        verbose_name=_("teaching"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for lessons")
        verbose_name_plural = _("requests for lessons")
        constraints = [
            models.UniqueConstraint(
                fields=["student", "teacher"],
                condition=Q(state__in=OPEN_STATES),
                name="application_one_open",
            ),
            models.CheckConstraint(condition=~Q(instrument=""), name="application_instrument"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, ended_at__isnull=True)
                | Q(state__in=ENDED_STATES, ended_at__isnull=False),
                name="application_end_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.WAITLISTED) | Q(waitlisted_at__isnull=False),
                name="application_waiting_since",
            ),
        ]
        indexes = [
            models.Index(
                fields=["teacher", "expires_at"],
                condition=Q(state__in=OPEN_STATES),
                name="application_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student} → {self.teacher} ({self.instrument})"

    def standing(self, now: datetime) -> ApplicationState:
        """The state with what the calendar did and nobody has written yet."""
        state = ApplicationState(self.state)
        return ApplicationState.EXPIRED if state in OPEN_STATES and self.expires_at <= now else state

    def is_waiting(self) -> bool:
        """``is_open`` of one row, by the clock of this machine."""
        return self.standing(timezone.now()) in OPEN_STATES

    @property
    def whole_until(self) -> datetime:
        """A moment of the last day on which it can be answered until midnight."""
        return whole_until(self.expires_at)

    def voice_of(self, user: User) -> Voice:
        """Of somebody who takes part."""
        if user.pk == self.teacher_id:
            return Voice.TEACHER
        return Voice.STUDENT if user.pk == self.student.user_id else Voice.GUARDIAN


class ApplicationMessageQuerySet(models.QuerySet["ApplicationMessage"]):
    def kept(self) -> "ApplicationMessageQuerySet":
        return self.filter(deleted_at__isnull=True)


class ApplicationMessage(UUIDModel):
    """One message of an application: never changed, only taken back by its author."""

    application = models.ForeignKey(
        Application, verbose_name=_("request for lessons"), on_delete=models.CASCADE, related_name="messages"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    author_role = models.CharField(_("as"), max_length=10, choices=Voice.choices)
    body = models.TextField(_("text"), max_length=LONGEST_MESSAGE)
    created_at = models.DateTimeField(_("written at"))
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = ApplicationMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message about lessons")
        verbose_name_plural = _("messages about lessons")
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="application_message_has_a_body"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), LONGEST_MESSAGE),
                name="application_message_length",
            ),
        ]
        indexes = [models.Index(fields=["application", "created_at"], name="application_thread")]

    def __str__(self) -> str:
        return f"{self.get_author_role_display()}, {self.created_at:%Y-%m-%d}"
