"""A file on its way into a diary, and its rows. The rows are the truth; a worker is only woken."""

from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.models import UUIDModel
from apps.transfer.verdicts import Verdict

LONGEST_NAME = 100


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("waiting for its columns")
    CHECKING = "checking", _("being looked through")
    CHECKED = "checked", _("looked through")
    IMPORTING = "importing", _("going in")
    DONE = "done", _("imported")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    FAILED = "failed", _("did not work")


AT_WORK = (ImportState.CHECKING, ImportState.IMPORTING, ImportState.UNDOING)
# Nothing has gone into the diary: after a day there is nothing to keep.
BEFORE = (ImportState.UPLOADED, ImportState.CHECKED)
AFTER = (ImportState.DONE, ImportState.UNDONE, ImportState.FAILED)


class ImportQuerySet(models.QuerySet["Import"]):
    def due(self, now: datetime) -> "ImportQuerySet":
        """Waiting, or claimed by a worker whose lease ran out: that worker is gone."""
        return self.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now), state__in=AT_WORK)


class Import(UUIDModel):
    """One file for one diary, from its upload to its undoing.

    ``path`` is its random name in the storage until it is through, or a day old. ``mapping`` says in which
    column each field stands, ``options`` what goes for the whole file. What a person is shown of the file
    before it is checked stands in ``samples``.
    """

    student = models.ForeignKey(
        Student, verbose_name=_("student"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    file_name = models.CharField(_("name of the file"), max_length=LONGEST_NAME)
    path = models.CharField(_("file"), max_length=100, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    importer = models.CharField(_("style"), max_length=20)
    samples = models.JSONField(_("first rows"), default=list)
    mapping = models.JSONField(_("columns"), default=dict)
    options = models.JSONField(_("options"), default=dict)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    counts = models.JSONField(_("verdicts"), default=dict)
    added = models.PositiveIntegerField(_("entries made"), default=0)
    removed = models.PositiveIntegerField(_("entries taken away again"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("claimed until"), null=True)
    created_at = models.DateTimeField(_("uploaded at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    last_error = models.CharField(_("last error"), max_length=60, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(fields=["student", "-created_at"], name="import_of_student"),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["checking", "importing", "undoing"]),
                name="import_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.created_at:%Y-%m-%d}"

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def percent(self) -> int:
        return min(self.rows_done * 100 // self.row_count, 100) if self.row_count else 0

    @property
    def right(self) -> int:
        """Rows that can go in."""
        return sum(self.counts.get(verdict, 0) for verdict in (Verdict.OK, Verdict.WARNING))

    @property
    def is_all_known(self) -> bool:
        """Every row says what the diary, or another row, says already."""
        return bool(self.counts) and set(self.counts) == {Verdict.KNOWN}

    def key_of(self, number: int) -> UUID:
        """Of the entry that a row becomes: the same each time, so that none comes twice."""
        return uuid5(self.pk, str(number))


# What of a row is not for good: it did not become an entry, or something is said about it.
PASSING = Q(is_added=False) | ~Q(problems=[])


class ImportRow(models.Model):
    """One row. ``content`` is what it would become, until it has; ``ordinal`` counts the rows of the file
    that say the same, up to this one. ``is_handled``: it has gone in, or was refused at the door."""

    batch = models.ForeignKey(
        Import, verbose_name=_("import"), on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField(_("row"))
    verdict = models.CharField(
        _("verdict"), max_length=8, choices=[(each.value, each.value) for each in Verdict]
    )
    problems = models.JSONField(_("what is to be said"), default=list)
    content = models.JSONField(_("content"), default=dict)
    fingerprint = models.CharField(max_length=32, blank=True)
    ordinal = models.PositiveIntegerField(default=1)
    is_handled = models.BooleanField(default=False)
    is_added = models.BooleanField(_("became an entry"), default=False)
    is_kept = models.BooleanField(_("stayed when the others were taken away"), default=False)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["batch", "verdict", "number"], name="import_row_verdict"),
            models.Index(fields=["fingerprint"], condition=Q(is_added=True), name="import_row_same"),
            # Of years of rows, those that are to be forgotten.
            models.Index(fields=["batch"], condition=PASSING, name="import_row_passing"),
        ]

    def __str__(self) -> str:
        return str(self.number)
