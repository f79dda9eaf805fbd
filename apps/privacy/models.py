"""What people asked for about their own data. The rows are the truth; a worker is only woken."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.models import UUIDModel
from apps.core.ownership import Subject


class ExportState(models.TextChoices):
    REQUESTED = "requested", _("waiting to begin")
    RUNNING = "running", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("did not work")
    GONE = "gone", _("deleted")


UNDER_WAY = (ExportState.REQUESTED, ExportState.RUNNING)


class ExportQuerySet(models.QuerySet["Export"]):
    def due(self, now: datetime) -> "ExportQuerySet":
        """Waiting and due, or claimed by a worker whose lease ran out: that worker is gone."""
        return self.filter(
            Q(state=ExportState.REQUESTED, due_at__lte=now)
            | Q(state=ExportState.RUNNING, lease_until__lt=now)
        )

    def outlived(self, now: datetime) -> "ExportQuerySet":
        return self.filter(state=ExportState.READY, expires_at__lte=now)


class Export(UUIDModel):
    """A copy of one person's data (``student`` is empty) or of one diary, for who asked for it.

    ``path`` is the file's random name in the storage, another one for each worker that tries, made before
    the file; a file that no row names is deleted. It lives until ``expires_at``.
    """

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("requested by"), on_delete=models.CASCADE, related_name="+"
    )
    student = models.ForeignKey(
        Student, verbose_name=_("student"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(
        _("state"), max_length=10, choices=ExportState.choices, default=ExportState.REQUESTED
    )
    requested_at = models.DateTimeField(_("requested at"))
    due_at = models.DateTimeField(_("due at"))
    lease_until = models.DateTimeField(_("claimed until"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    rows_done = models.PositiveIntegerField(_("rows written"), default=0)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    ready_at = models.DateTimeField(_("ready at"), null=True)
    expires_at = models.DateTimeField(_("deleted at"), null=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    path = models.CharField(_("file"), max_length=100, blank=True)
    last_error = models.CharField(_("last error"), max_length=60, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [
            models.UniqueConstraint(
                fields=["requested_by", "student"],
                condition=Q(state__in=["requested", "running"]),
                nulls_distinct=False,
                name="export_one_under_way",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(expires_at__isnull=False, ready_at__isnull=False),
                name="export_ready_until",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False), name="export_lease"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["requested", "running"]), name="export_due"
            ),
            models.Index(fields=["expires_at"], condition=Q(state="ready"), name="export_outlived"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.requested_at:%Y-%m-%d}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def percent(self) -> int:
        """How far it is, for a progress bar."""
        return self.rows_done * 100 // self.rows_total if self.rows_total else 0


class ErasureState(models.TextChoices):
    WAITING = "waiting", _("waiting, can be undone")
    RUNNING = "running", _("under way")
    DONE = "done", _("done")
    UNDONE = "undone", _("undone")
    OBJECTED = "objected", _("stopped by somebody of the family")


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def waiting(self) -> "ErasureQuerySet":
        return self.filter(state=ErasureState.WAITING)

    def open(self) -> "ErasureQuerySet":
        return self.filter(state__in=[ErasureState.WAITING, ErasureState.RUNNING])

    def of_student(self, student_id: UUID) -> "ErasureQuerySet":
        return self.filter(subject=Subject.STUDENT, subject_id=student_id)

    def of_person(self, user_id: UUID) -> "ErasureQuerySet":
        return self.filter(subject=Subject.PERSON, subject_id=user_id)

    def due(self, now: datetime) -> "ErasureQuerySet":
        return self.filter(
            Q(state=ErasureState.WAITING, due_at__lte=now)
            | Q(state=ErasureState.RUNNING, lease_until__isnull=True, due_at__lte=now)
            | Q(state=ErasureState.RUNNING, lease_until__lt=now)
        )


class Erasure(UUIDModel):
    """That a person or a diary is to be erased at ``due_at``, or was. Ids only: the row outlives its subject.

    ``step`` is the last table that was finished; every step can be repeated. ``told_ids`` are those who
    know of it while it waits: whoever is new to the family is told, and gets the whole time. So it is with
    ``diary_ids``, the diaries that go along with an account, as far as its person knows. Where
    ``asked_by_id`` is empty, nobody asked: the ledger did, after a restore.
    """

    subject = models.CharField(
        _("what"),
        max_length=10,
        choices=[(Subject.PERSON.value, _("an account")), (Subject.STUDENT.value, _("a diary"))],
    )
    subject_id = models.UUIDField(_("whose"))
    asked_by_id = models.UUIDField(_("asked by"), null=True)
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(
        _("state"), max_length=10, choices=ErasureState.choices, default=ErasureState.WAITING
    )
    told_ids = ArrayField(models.UUIDField(), verbose_name=_("told"), default=list)
    diary_ids = ArrayField(models.UUIDField(), verbose_name=_("diaries that go along"), default=list)
    reminded_at = models.DateTimeField(_("reminded at"), null=True)
    settled_by_id = models.UUIDField(_("settled by"), null=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)
    lease_until = models.DateTimeField(_("claimed until"), null=True)
    step = models.CharField(_("last step"), max_length=100, blank=True)
    last_error = models.CharField(_("last error"), max_length=60, blank=True)

    # Stands in ``last_error`` of one that is due and must wait.
    HELD = "Held"

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "subject_id"],
                condition=Q(state__in=["waiting", "running"]),
                name="erasure_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], settled_at__isnull=True)
                | Q(state__in=["done", "undone", "objected"], settled_at__isnull=False),
                name="erasure_settled_at",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "running"]), name="erasure_due")
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}, {self.asked_at:%Y-%m-%d}: {self.get_state_display()}"

    @property
    def is_waiting(self) -> bool:
        return self.state == ErasureState.WAITING

    @property
    def is_held(self) -> bool:
        """Its day has come, and something that nobody may explain keeps it."""
        return self.is_waiting and self.last_error == self.HELD

    @property
    def student_id(self) -> UUID | None:
        """The diary, if it is a diary's."""
        return self.subject_id if self.subject == Subject.STUDENT else None
