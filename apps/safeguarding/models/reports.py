"""What people report, what the safeguarding team does about it, and what must not be erased meanwhile."""

import re
from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.accounts.models.users import AVATAR_FOLDER
from apps.core.models import UUIDModel, keep_all
from apps.safeguarding.items import PHOTO, PICTURE, PICTURE_FOLDER, SCORE, SCORE_FOLDER

LONGEST_WORDS = 2000
# Where the files of such items lie.
FOLDERS = {PHOTO: AVATAR_FOLDER, PICTURE: PICTURE_FOLDER, SCORE: SCORE_FOLDER}
# Of one report, with all that the reporter adds while it is open.
MOST_TEXT = 20_000


class ReportCategory(models.TextChoices):
    """In words that a child understands; how soon each is looked at is a setting."""

    DANGER = "danger", _("Somebody is in danger, or hurts somebody")
    CONTACT = "contact", _("Somebody wants to meet, to call or to write in secret")
    UNKIND = "unkind", _("Unkind or rude words")
    WRONG = "wrong", _("This is not for me, or not true")
    OTHER = "other", _("Something else that feels wrong")


class ReportState(models.TextChoices):
    NEW = "new", _("new")
    WORK = "work", _("being looked at")
    CLOSED = "closed", _("closed")


class ReportQuerySet(models.QuerySet["Report"]):
    def unsettled(self) -> "ReportQuerySet":
        return self.exclude(state=ReportState.CLOSED)


class Report(UUIDModel):
    """That somebody reported one item, with the item's words of that moment as evidence.

    ``kind`` and ``item_id`` name the item; an upper app knows what it is. Whoever wrote it is never told
    who reported it.
    """

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reported by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    kind = models.CharField(_("what"), max_length=40)
    item_id = models.UUIDField(_("item"))
    student = models.ForeignKey(
        Student, verbose_name=_("student"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    category = models.CharField(_("category"), max_length=10, choices=ReportCategory.choices)
    words = models.TextField(_("what the reporter says"), blank=True, default="")
    evidence = models.TextField(_("what stood there"), blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices, default=ReportState.NEW)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    reported_at = models.DateTimeField(_("reported at"))
    due_at = models.DateTimeField(_("due at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "kind", "item_id"], condition=~Q(state="closed"), name="report_once"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at__isnull=True),
                name="report_closed_at",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("words"), MOST_TEXT), name="report_words_length"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(state="closed"), name="report_waiting"),
            models.Index(fields=["student"], condition=~Q(state="closed"), name="report_student"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}, {self.reported_at:%Y-%m-%d %H:%M}"

    @property
    def photos(self) -> list[str]:
        """The files that were reported, in the order of the reports; none where it is about words.

        A file has its line to itself: a caption that names one stands in quotation marks.
        """
        folder = FOLDERS.get(self.kind)
        return re.findall(rf"^{folder}/[0-9a-f-]{{36}}\.webp$", self.evidence, re.MULTILINE) if folder else []

    def is_late(self, now: datetime) -> bool:
        return self.state != ReportState.CLOSED and self.due_at < now


def words_unless(is_over: Q) -> Case:
    """For an update: the reporter's words, or nothing where they are not needed any more."""
    return Case(When(is_over, then=Value("")), default=F("words"), output_field=models.TextField())


class ReportNote(UUIDModel):
    """What was found or done about a report. Written once; nobody changes or deletes it."""

    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.CASCADE, related_name="notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("written at"))
    body = models.TextField(_("note"), max_length=LONGEST_WORDS)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            keep_all(),
        ]
        indexes = [models.Index(fields=["report", "written_at"], name="note_report")]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d %H:%M}"


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def live(self) -> "LegalHoldQuerySet":
        return self.filter(lifted_at__isnull=True)


class LegalHold(UUIDModel):
    """Nothing of this diary, or of this account, is erased until the hold is lifted."""

    student = models.ForeignKey(
        Student, verbose_name=_("student"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.TextField(_("reason"), max_length=LONGEST_WORDS)
    placed_at = models.DateTimeField(_("placed at"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("placed by"), on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lifted by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=False) | Q(student__isnull=False) | Q(person__isnull=False),
                name="hold_holds_something",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_lifted_by",
            ),
        ]
        indexes = [
            models.Index(fields=["student"], condition=Q(lifted_at__isnull=True), name="hold_student"),
            models.Index(fields=["person"], condition=Q(lifted_at__isnull=True), name="hold_person"),
        ]

    def __str__(self) -> str:
        return f"{self.placed_at:%Y-%m-%d %H:%M}"
